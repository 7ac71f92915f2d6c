/** Newline framing: every way a stream can be cut, and its bounds. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LineDecoder, type LineDecoderOptions } from '../src/lines.ts'
import { Random } from './random.ts'

const test = suite('lines')

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Reads chunks to the end; what happened, in order. */
function read(chunks: readonly Uint8Array[], options: LineDecoderOptions = {}): (string | object)[] {
  const seen: (string | object)[] = []
  const decoder = new LineDecoder({
    ...options,
    onTooLong: tooLong => seen.push({ tooLong }),
    onInvalid: invalid => seen.push({ invalid }),
  })
  const emit = (line: string): unknown => seen.push(line)
  for (const chunk of chunks) decoder.push(chunk, emit)
  decoder.end(emit)
  return seen
}

test('lines come out in order, whether they share a chunk or span several', () => {
  assert.equal(read([bytes('{"a":1}\n{"b":2}\n')]), ['{"a":1}', '{"b":2}'])
  assert.equal(read([bytes('{"a"'), bytes(':1'), bytes('}\n{"b":2}\n{"c'), bytes('":3}\n')]), ['{"a":1}', '{"b":2}', '{"c":3}'])
})

test('S-STD-04: CRLF, blank lines and a last line without a newline are accepted', () => {
  assert.equal(read([bytes('a\r\n\r\n\n  \n\t\nb\r'), bytes('\n'), bytes('c')]), ['a', 'b', 'c'])
  assert.equal(read([bytes('a\r')]), ['a'])
  assert.equal(read([bytes('\r\n')]), [])
  assert.equal(read([]), [])
})

test('a CR inside a line stays in it', () => {
  assert.equal(read([bytes('a\rb\r\r\n')]), ['a\rb\r'])
})

test('a byte order mark is skipped', () => {
  assert.equal(read([bytes('\ufeff{}\n'), bytes('\ufeff')]), ['{}'])
  assert.equal(read([bytes('x\n\ufeff{}\n')]), ['x', '{}'])
})

test('characters split across chunks survive, at any place', () => {
  const text = '{"a":"é世😀"}\r\n{"b":"\u2028"}\n'
  const all = bytes(text)
  for (let cut = 0; cut <= all.length; cut++) {
    assert.equal(read([all.slice(0, cut), all.slice(cut)]), ['{"a":"é世😀"}', '{"b":"\u2028"}'])
  }
  assert.equal(read(Array.from(all, byte => Uint8Array.of(byte))), ['{"a":"é世😀"}', '{"b":"\u2028"}'])
})

test('a chunk may be reused once push has returned', () => {
  const decoder = new LineDecoder()
  const seen: string[] = []
  const chunk = bytes('abc')
  decoder.push(chunk, line => seen.push(line))
  chunk.fill(0x2a)
  decoder.push(bytes('d\n'), line => seen.push(line))
  assert.equal(seen, ['abcd'])
})

test('T24: a line over the limit is thrown away and reported, and reading goes on', () => {
  const limit = { maxBytes: 10 }
  const long = 'x'.repeat(11)
  assert.equal(read([bytes(`ok\n${long}\nnext\n`)], limit), ['ok', { tooLong: 11 }, 'next'])
  assert.equal(read([bytes('ok\nxxxxxx'), bytes('xxxxxxxxx'), bytes('xxxxx'), bytes('xx\nnext\n')], limit), ['ok', { tooLong: 22 }, 'next'])
  assert.equal(read([bytes(long)], limit), [{ tooLong: 11 }])
  assert.equal(read([bytes(`${'x'.repeat(10)}\n`), bytes(`${'y'.repeat(10)}\r\n`)], limit), ['x'.repeat(10), 'y'.repeat(10)])
  assert.equal(read([bytes('x'.repeat(10)), bytes('\r'), bytes('\n')], limit), ['x'.repeat(10)])
})

test('T24: the limit counts bytes, not characters', () => {
  assert.equal(read([bytes('世世世\n')], { maxBytes: 9 }), ['世世世'])
  assert.equal(read([bytes('世世世x\n')], { maxBytes: 9 }), [{ tooLong: 10 }])
})

test('T24: an endless line takes no more memory than its limit', () => {
  let longest = 0
  const decoder = new LineDecoder({ maxBytes: 1024 * 1024, onTooLong: length => (longest = length) })
  const chunk = new Uint8Array(64 * 1024).fill(0x61)
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 4096; i++) decoder.push(chunk, assert.unreachable)
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024)
  const lines: string[] = []
  decoder.push(bytes('\nnext\n'), line => lines.push(line))
  assert.is(longest, 4096 * 64 * 1024)
  assert.equal(lines, ['next'])
})

test('S-HTTP-36: a line that is not UTF-8 is thrown away and reported, its neighbours are not', () => {
  const bad = [Uint8Array.of(0xff), Uint8Array.of(0xc3), Uint8Array.of(0xc0, 0x80), Uint8Array.of(0xed, 0xa0, 0x80)]
  for (const line of bad) {
    const all = Uint8Array.from([...bytes('a\n'), ...line, ...bytes('\nb\n')])
    assert.equal(read([all]), ['a', { invalid: line.length }, 'b'])
    assert.equal(read(Array.from(all, byte => Uint8Array.of(byte))), ['a', { invalid: line.length }, 'b'])
  }
})

test('the replacement character itself is valid', () => {
  assert.equal(read([bytes('\ufffd\n')]), ['\ufffd'])
})

test('after the end the decoder reads another stream', () => {
  const seen: string[] = []
  const decoder = new LineDecoder()
  for (const text of ['a', 'b\nc']) {
    decoder.push(bytes(text), line => seen.push(line))
    decoder.end(line => seen.push(line))
  }
  assert.equal(seen, ['a', 'b', 'c'])
})

test('however a stream is cut, the lines are the same', () => {
  const random = new Random(3)
  for (let i = 0; i < 400; i++) {
    const text = random.text(['a', 'bcd', 'é', '😀', '\n', '\r\n', '\n\n', ' ', '{}', '\r', 'x'.repeat(30)], 0, 60)
    const all = bytes(text)
    const whole = read([all], { maxBytes: 25 })
    assert.equal(read(random.chunks(all, 1 + random.below(20)), { maxBytes: 25 }), whole, JSON.stringify(text))
    const expected = text
      .split('\n')
      .map(line => line.replace(/\r$/, ''))
      .filter(line => !/^[ \t]*$/.test(line))
      .map(line => (bytes(line).length > 25 ? 'long' : line))
    assert.equal(
      whole.map(line => (typeof line === 'string' ? line : 'long')),
      expected,
      JSON.stringify(text),
    )
  }
})

test('one line of 8 MiB in small chunks is copied a bounded number of times', () => {
  const chunk = new Uint8Array(64).fill(0x61)
  const count = (8 * 1024 * 1024) / chunk.length
  const lines: number[] = []
  const decoder = new LineDecoder()
  const arrays = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
  const set = arrays.set
  let copied = 0
  arrays.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
    copied += source.length
    set.call(this, source, at)
  }
  try {
    for (let i = 0; i < count; i++) decoder.push(chunk, assert.unreachable)
    decoder.push(bytes('\n'), line => lines.push(line.length))
  } finally {
    arrays.set = set
  }
  assert.equal(lines, [8 * 1024 * 1024])
  assert.ok(copied <= 3 * 8 * 1024 * 1024, `${copied} bytes copied`)
})

test.run()
