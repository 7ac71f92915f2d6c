/** Server-sent events: what is written, and what is read however it arrives. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ReceivedSseEvent, SSE_COMMENT, sseEvent, SseParser } from '../src/sse.ts'
import { TooLarge } from '../src/size.ts'
import { Random } from './random.ts'

const test = suite('sse')

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function read(chunks: readonly (string | Uint8Array)[]): { events: ReceivedSseEvent[]; lastEventId: string; retry: number | undefined } {
  const events: ReceivedSseEvent[] = []
  const parser = new SseParser(event => events.push(event))
  for (const chunk of chunks) parser.push(typeof chunk === 'string' ? bytes(chunk) : chunk)
  return { events, lastEventId: parser.lastEventId, retry: parser.retry }
}
const never = (): never => assert.unreachable() as never
const dataOf = (...chunks: (string | Uint8Array)[]): string[] => read(chunks).events.map(({ data }) => data)

test('an event is written with its fields and ends with a blank line', () => {
  assert.is(sseEvent({ event: 'message', data: '{"a":1}' }), 'event: message\ndata: {"a":1}\n\n')
  assert.is(sseEvent({ id: 's:7', event: 'message', retry: 500, data: '{}' }), 'id: s:7\nevent: message\nretry: 500\ndata: {}\n\n')
})

test('S-LHT-18: a priming event has an id and empty data', () => {
  const text = sseEvent({ id: 's:0', data: '' })
  assert.is(text, 'id: s:0\ndata: \n\n')
  assert.equal(read([text]).events, [{ id: 's:0', event: 'message', data: '' }])
})

test('T27: line breaks and NUL in an id or a type are refused', () => {
  for (const bad of ['a\nb', 'a\r', '\r\ndata: x', '\0']) {
    assert.throws(() => sseEvent({ id: bad, data: '{}' }), /The id of a server-sent event/)
    assert.throws(() => sseEvent({ event: bad, data: '{}' }), /The event of a server-sent event/)
  }
})

test('T27: data cannot begin a field or an event of its own', () => {
  for (const line of ['\n', '\r', '\r\n']) {
    const { events, retry } = read([sseEvent({ data: `1${line}${line}id: 9${line}retry: 1${line}data: evil${line}` })])
    assert.equal(events, [{ id: undefined, event: 'message', data: '1\n\nid: 9\nretry: 1\ndata: evil\n' }])
    assert.is(retry, undefined)
  }
})

test('a retry that is no whole number of milliseconds is refused', () => {
  for (const retry of [-1, 0.5, NaN, Infinity]) assert.throws(() => sseEvent({ retry, data: '' }), /whole number/)
})

test('a comment is seen by no reader', () => {
  assert.equal(dataOf(SSE_COMMENT, SSE_COMMENT, 'data: a\n', ': in the middle\n', '\n', ':\n'), ['a'])
})

test('C-HTTP-11: lines end with LF, CR or CRLF', () => {
  for (const end of ['\n', '\r', '\r\n']) {
    const text = ['id: 1', 'event: e', 'data: a', 'data: b', '', 'data: c', '', ''].join(end)
    // A last CR might be half of a CRLF, which changes nothing: the event is complete.
    assert.equal(read([text]).events, [
      { id: '1', event: 'e', data: 'a\nb' },
      { id: undefined, event: 'message', data: 'c' },
    ])
  }
  assert.equal(dataOf('data: a\r', '\n\r\n'), ['a'])
  assert.equal(dataOf('data: a\r', '\r'), ['a'])
  assert.equal(dataOf('data: a\r', '\n', 'data: b\n\n'), ['a\nb'])
})

test('C-HTTP-11: a byte order mark at the start is skipped, also when it is split', () => {
  const mark = Uint8Array.of(0xef, 0xbb, 0xbf)
  assert.equal(dataOf(mark, 'data: a\n\n'), ['a'])
  assert.equal(dataOf(mark.slice(0, 1), mark.slice(1), 'data: a\n\n'), ['a'])
})

test('one space after the colon belongs to the format, further ones to the value', () => {
  assert.equal(dataOf('data:a\n\ndata:  b\n\ndata: \n\ndata\n\ndata:\ndata\n\n'), ['a', ' b', '', '', '\n'])
})

test('unknown fields, and names in another case, are ignored', () => {
  assert.equal(read(['foo: 1\nDATA: x\n data: x\nid : 4\ndata: a\nfoo\n\n']).events, [{ id: undefined, event: 'message', data: 'a' }])
})

test('an event without data is not delivered, but its id counts', () => {
  const { events, lastEventId } = read(['id: 5\nevent: x\n\n'])
  assert.equal([events, lastEventId], [[], '5'])
})

test('the id to resume from is that of the last complete event that had one', () => {
  assert.is(read(['id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n']).lastEventId, '1')
  assert.is(read(['id: 1\ndata: a\n\nid\ndata: b\n\n']).lastEventId, '')
  assert.is(read(['id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n']).lastEventId, '1')
})

test('C-LEG-09: retry is read when it is digits only', () => {
  assert.is(read(['retry: 1500\n\n']).retry, 1500)
  for (const bad of ['1e3', '-1', '+1', ' 1', '1 ', '', 'x', '9'.repeat(400)]) assert.is(read([`retry: ${bad}\n\n`]).retry, undefined, bad)
})

test('an event that the stream ends in the middle of is dropped', () => {
  assert.equal(dataOf('data: a\n\ndata: b\n'), ['a'])
  assert.equal(dataOf('data: a'), [])
})

test('however a stream is cut, the events are the same', () => {
  const random = new Random(5)
  const pieces = [
    'data: x',
    'data:',
    'data: é世😀',
    'id: 1',
    'id',
    'event: e',
    ': c',
    'retry: 5',
    'foo',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\r\n\r\n',
    '\r\r',
  ]
  for (let i = 0; i < 1500; i++) {
    const all = bytes(random.text(pieces, 0, 25))
    const whole = read([all])
    assert.equal(read(random.chunks(all, 1 + random.below(8))), whole, JSON.stringify(new TextDecoder().decode(all)))
  }
})

test('what is written is what is read', () => {
  const random = new Random(6)
  for (let i = 0; i < 1000; i++) {
    const data = JSON.stringify(random.text(['a', '\n', '\r', 'é', '😀', ':', ' ', '\u2028', '\0'], 0, 20))
    const id = random.text(['a', ':', ' ', 'é'], 1, 5)
    assert.equal(read([sseEvent({ id, event: 'message', data })]).events, [{ id, event: 'message', data }])
  }
})

test('T24: an event over the limit ends the reading with an error that says so', () => {
  const inOneLine = new SseParser(never, 1000)
  assert.throws(
    () => inOneLine.push(bytes(`data: ${'x'.repeat(1001)}`)),
    (error: unknown) => TooLarge.is(error) && /1000 characters/.test(error.message),
  )
  const inManyLines = new SseParser(never, 1000)
  assert.throws(
    () => inManyLines.push(bytes('data: x\n'.repeat(200))),
    (error: unknown) => TooLarge.is(error),
  )
  const inManyChunks = new SseParser(never, 1000)
  assert.throws(
    () => {
      for (;;) inManyChunks.push(bytes('x'))
    },
    (error: unknown) => TooLarge.is(error),
  )
})

test('T24: comments and events within the limit may go on for ever', () => {
  let count = 0
  const parser = new SseParser(() => count++, 1000)
  for (let i = 0; i < 1000; i++)
    parser.push(bytes(`${SSE_COMMENT}foo: ${'x'.repeat(500)}\n: ${'y'.repeat(500)}\ndata: ${'z'.repeat(500)}\n\n`))
  assert.is(count, 1000)
})

test.run()
