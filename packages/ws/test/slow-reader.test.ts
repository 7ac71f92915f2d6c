/** Clients that read slowly or not at all: what waits for them is bounded, and others do not notice (18, T26, S-WS-09). */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { WsOptions } from '../src/index.ts'
import { flood } from './service.ts'
import { Serving, type Started } from './serving.ts'
import { frame, OPCODE, opened } from './wire.ts'

const test = suite('slow reader')

const serving = new Serving()
test.after.each(() => serving.close())

const start = (options: WsOptions = {}): Promise<Started> => serving.start({ heartbeat: 10_000_000, ...options })

const MIB = 1024 * 1024
const used = (): number => process.memoryUsage().rss / MIB
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('row 18: a sender that waits holds little, however slow the reader, and nothing is lost', async () => {
  const { raw, seen } = await start()
  raw.pause()
  const before = used()
  let done = false
  const sending = flood(seen.link, 4000, 50_000).then(() => (done = true))
  for (let i = 0; i < 200; i++) await turn()
  assert.not(done)
  assert.ok(used() - before < 60, `grew by ${used() - before} MiB`)
  raw.resume()
  for (let i = 0; i < 4000; i++) assert.is((await raw.message()).method, 'data')
  await sending
})

test('S-WS-09: while the reader is behind, nothing more is taken from it', async () => {
  const { raw, service, seen } = await start()
  raw.pause()
  const sending = flood(seen.link, 200, 50_000)
  for (let i = 0; i < 20; i++) await turn()
  raw.request(1, 'echo')
  for (let i = 0; i < 20; i++) await turn()
  assert.is(service.received.length, 0)
  raw.resume()
  await sending
  const got = []
  for (let i = 0; i < 201; i++) got.push((await raw.message()).id)
  assert.equal(
    got.filter(id => id !== undefined),
    [1],
  )
})

test('row 18: a sender that does not wait runs into the limit: 1013, and cut when the client does not go', async () => {
  const { raw, seen, clock } = await start({ bufferLimit: 4 * MIB })
  raw.pause()
  const before = used()
  for (let i = 0; i < 4000; i++) {
    void seen.link.send({ kind: 'notice', text: 'x'.repeat(50_000) })
    if (i % 20 === 0) await turn()
  }
  assert.ok(used() - before < 60, `grew by ${used() - before} MiB`)
  clock.advance(3000)
  assert.match(String(await seen.closed), 'code 1013: Too slow')
  raw.socket.destroy()
})

test('row 18: a client that is told so and reads on gets what waited, and then 1013', async () => {
  const { raw, seen } = await start({ bufferLimit: MIB })
  raw.pause()
  for (let i = 0; i < 200; i++) {
    void seen.link.send({ kind: 'notice', text: '{"x":1}'.padEnd(50_000) })
    if (i % 20 === 0) await turn()
  }
  raw.resume()
  for (;;) {
    const { opcode, payload } = await raw.next()
    if (opcode === 1) continue
    assert.equal([opcode, payload.readUInt16BE(0)], [8, 1013])
    raw.write(frame(OPCODE.close, payload))
    break
  }
  await raw.closed
  assert.match(String(await seen.closed), 'code 1013')
})

test('T26: a reader that takes nothing at all is cut', async () => {
  const { raw, seen, clock } = await start({ stall: 30_000 })
  raw.pause()
  const sending = flood(seen.link, 400, 50_000)
  for (let i = 0; i < 50; i++) await turn()
  clock.advance(29_000)
  for (let i = 0; i < 50; i++) await turn()
  clock.advance(5000)
  assert.match(String(await seen.closed), 'code 1013')
  await sending
  raw.socket.destroy()
})

test('T26: a reader that is only slow is not', async () => {
  const { raw, seen, clock } = await start({ stall: 30_000 })
  raw.pause()
  const sending = flood(seen.link, 1000, 50_000)
  for (let i = 0; i < 50; i++) await turn()
  for (let round = 0; round < 5; round++) {
    clock.advance(20_000)
    raw.resume()
    for (let i = 0; i < 200; i++) assert.is((await raw.message()).method, 'data')
    raw.pause()
  }
  await sending
})

test('one message alone is never too much', async () => {
  const { raw } = await start({ bufferLimit: MIB })
  raw.request(1, 'big', { size: 8 * MIB })
  assert.is((await raw.message()).id, 1)
  raw.request(2, 'echo')
  assert.is((await raw.message()).id, 2)
})

test('row 18: others do not notice', async () => {
  const { raw, port, seen } = await start()
  raw.pause()
  void flood(seen.link, 4000, 50_000)
  const other = await opened(port)
  for (let id = 0; id < 200; id++) {
    other.request(id, 'echo')
    assert.is((await other.message()).id, id)
  }
  raw.socket.destroy()
  await seen.closed
})

test.run()
