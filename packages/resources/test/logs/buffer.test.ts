import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { LogBuffer } from '@oarlock/resources/logs'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('log buffer')

const parsed = (buffer: LogBuffer): readonly Readonly<Record<string, unknown>>[] =>
  [...buffer.backwards()].toReversed().map(({ line }) => JSON.parse(line) as Record<string, unknown>)

test('pino writes into it', () => {
  const buffer = new LogBuffer()
  const log = pino({ name: 'api' }, buffer)
  log.info({ port: 80 }, 'listening')
  log.child({ name: 'db' }).error(new Error('refused'))
  const [first, second] = parsed(buffer)
  assert.equal([first?.['level'], first?.['name'], first?.['msg'], first?.['port']], [30, 'api', 'listening', 80])
  assert.equal([second?.['level'], second?.['msg']], [50, 'refused'])
})

test('a console is recorded until it is not, and goes on printing', () => {
  const buffer = new LogBuffer()
  const [out, err] = [new PassThrough(), new PassThrough()]
  const target = new Console(out, err)
  const before = target.log
  const undo = buffer.record(target)
  target.log('hello %s', 'you', { a: 1 })
  target.warn('careful')
  undo()
  target.log('not recorded')
  assert.is(target.log, before)
  assert.equal(
    parsed(buffer).map(({ level, msg, component }) => [level, msg, component]),
    [
      [30, 'hello you { a: 1 }', 'console'],
      [40, 'careful', 'console'],
    ],
  )
  assert.is(String(out.read()), 'hello you { a: 1 }\nnot recorded\n')
  assert.is(String(err.read()), 'careful\n')
})

test('two buffers record one console, and are undone in any order', () => {
  const [a, b] = [new LogBuffer(), new LogBuffer()]
  const out = new PassThrough()
  const target = new Console(out, out)
  const [undoA, undoB] = [a.record(target), b.record(target)]
  target.info('1')
  undoA()
  target.info('2')
  undoB()
  target.info('3')
  assert.equal([a.size, b.size], [1, 2])
  assert.is(String(out.read()), '1\n2\n3\n')
})

test('a trace is one entry of each buffer that records, and says where it was', () => {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const target = new Console(out, err)
  const [a, b] = [new LogBuffer(), new LogBuffer()]
  a.record(target)
  b.record(target)
  const here = (): void => target.trace('where %s', 'am I')
  here()
  target.error('no')
  for (const buffer of [a, b]) {
    const [trace, error] = parsed(buffer)
    assert.equal([trace?.['msg'], trace?.['level'], error?.['msg'], buffer.size], ['where am I', 10, 'no', 2])
    assert.match(String(trace?.['stack']), /^ +at /)
    assert.match(String(trace?.['stack']), /at here /)
  }
  assert.match(String(err.read()), /Trace: where am I\n/)
})

test('the process console is left as it was', () => {
  const buffer = new LogBuffer()
  const { debug } = console
  const undo = buffer.record()
  assert.is.not(console.debug, debug)
  undo()
  assert.is(console.debug, debug)
})

test('text comes in pieces, as to any stream', () => {
  const buffer = new LogBuffer()
  const bytes = Buffer.from('one\ntwö\n\nthree')
  for (const byte of bytes) buffer.write(Uint8Array.of(byte))
  assert.equal(
    [...buffer.backwards()].map(({ line }) => line),
    ['twö', 'one'],
  )
})

test('it holds as many entries and bytes as it may; the oldest go first', () => {
  const few = new LogBuffer({ maxEntries: 3 })
  for (let n = 1; n <= 1_000; n++) few.write(`${n}\n`)
  assert.equal(
    [...few.backwards()].map(({ line }) => line),
    ['1000', '999', '998'],
  )
  assert.equal([few.size, few.dropped, few.bytes], [3, 997, 10])
  const small = new LogBuffer({ maxBytes: 1_000 })
  for (let n = 0; n < 100; n++) small.write(`${'x'.repeat(99)}\n`)
  assert.equal([small.size, small.bytes], [10, 990])
  small.write(`${'y'.repeat(5_000)}\n`)
  assert.equal([small.size, small.bytes], [0, 0])
})

test('an entry of any content can be pushed', () => {
  const buffer = new LogBuffer()
  const circle: Record<string, unknown> = { n: 1n }
  circle['self'] = circle
  buffer.push({ message: 'plain', level: 'notice', component: 'c', time: 5, fields: { a: 1 } })
  buffer.push({ message: 'odd', fields: circle as never })
  const [plain, odd] = parsed(buffer)
  assert.equal(plain, { a: 1, time: 5, level: 'notice', component: 'c', msg: 'plain' })
  assert.is(odd?.['msg'], 'odd')
})

test('bounds that are none are refused', () => {
  assert.throws(() => new LogBuffer({ maxEntries: 0 }), /maxEntries must be a whole number/)
  assert.throws(() => new LogBuffer({ maxBytes: 1.5 }), /maxBytes must be a whole number/)
})

test.run()
