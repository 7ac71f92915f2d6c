/** A connection over time: signs of life, limits, expiry, and how it ends. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock, type Principal } from '@oarlock/protocol'
import type { WsOptions } from '../src/index.ts'
import { BareService } from './service.ts'
import { Serving, type Started } from './serving.ts'
import { frame, OPCODE, opened, Raw } from './wire.ts'

const test = suite('connection')

const serving = new Serving()
test.after.each(() => serving.close())

const start = (options: WsOptions = {}): Promise<Started> => serving.start(options)

/** The server has read everything up to here. */
async function settled(raw: Raw): Promise<void> {
  raw.request('settled', 'echo')
  await raw.message()
}

test('S-WS-08: a quiet client is pinged, and one that answers stays', async () => {
  const { raw, clock } = await start()
  for (let round = 0; round < 3; round++) {
    clock.advance(29_000)
    clock.advance(2000)
    const ping = await raw.next()
    assert.is(ping.opcode, OPCODE.ping)
    raw.write(frame(OPCODE.pong, ping.payload))
    await settled(raw)
    clock.advance(9000)
  }
  await settled(raw)
  assert.not(raw.isClosed)
})

test('S-WS-08: a client that does not answer a ping is cut', async () => {
  const { raw, seen, clock } = await start()
  clock.advance(31_000)
  assert.is((await raw.next()).opcode, OPCODE.ping)
  clock.advance(9000)
  assert.not(raw.isClosed)
  clock.advance(2000)
  await raw.closed
  assert.match(String(await seen.closed), 'code 1006')
})

test('S-WS-08: messages are signs of life as well, and so is a part of one', async () => {
  const { raw, clock } = await start()
  for (let round = 0; round < 5; round++) {
    clock.advance(20_000)
    await settled(raw)
  }
  clock.advance(31_000)
  assert.is((await raw.next()).opcode, OPCODE.ping)
  const long = frame(OPCODE.text, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'echo', params: { text: 'x'.repeat(100) } }))
  raw.write(frame(OPCODE.pong))
  await settled(raw)
  // Pongs cannot come in the middle of a frame, but the frame itself does.
  for (const byte of long.subarray(0, 20)) {
    raw.write(Buffer.from([byte]))
    // It is in this process and on this machine: a few turns of the loop are enough for it to be read.
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
    clock.advance(4000)
  }
  raw.write(long.subarray(20))
  for (;;) {
    const { opcode, payload } = await raw.next()
    if (opcode === OPCODE.text) break
    assert.is(opcode, OPCODE.ping, payload.toString())
  }
})

test('S-WS-08: an idle connection can be ended, but not while anything is under way', async () => {
  const { raw, clock } = await start({ idle: 60_000, heartbeat: 10_000_000 })
  raw.request(1, 'hang')
  await settled(raw)
  clock.advance(200_000)
  await settled(raw)
  const quiet = await start({ idle: 60_000, heartbeat: 10_000_000 })
  await settled(quiet.raw)
  quiet.clock.advance(59_000)
  await settled(quiet.raw)
  quiet.clock.advance(62_000)
  assert.equal(await quiet.raw.goodbye(), [1000, 'Nothing was said for too long'])
  assert.is(await quiet.seen.closed, undefined)
})

test('S-WS-08: one timer serves all connections, and none is left when they are gone', async () => {
  const { raw, port, clock, service } = await start()
  const more = await Promise.all(Array.from({ length: 50 }, () => opened(port)))
  assert.is(clock.pending, 1)
  for (const one of [raw, ...more]) one.socket.destroy()
  for (const { closed } of service.connections) await closed
  clock.advance(2000)
  assert.is(clock.pending, 0)
})

test('a token that expires closes the connection with 1008', async () => {
  const clock = fakeClock()
  const service = new BareService()
  const principal: Principal = { id: 'ada', expiresAt: clock.now() + 60_000 }
  const { port } = await serving.listen(service, { clock, authenticate: () => principal, heartbeat: 10_000_000 })
  const raw = await opened(port)
  clock.advance(59_000)
  await settled(raw)
  clock.advance(2000)
  assert.equal(await raw.goodbye(), [1008, 'The token expired'])
  assert.match(String(await service.connections[0]!.closed), 'code 1008: The token expired')
})

test('S-WS-10: messages beyond the limit of a second wait for the next', async () => {
  const { raw, service, clock } = await start({ messagesPerSecond: 5 })
  const send = (from: number, count: number): void => {
    for (let id = from; id < from + count; id++) raw.request(id, 'echo', { pad: 'x'.repeat(70_000) })
  }
  send(0, 20)
  for (let id = 0; id < 5; id++) assert.is((await raw.message()).id, id)
  // Those that had come with the fifth are read as well; nothing more is.
  const seen = service.received.length
  assert.ok(seen < 10, `${seen} read`)
  let next = 5
  while (next < 20) {
    clock.advance(1000)
    if (service.received.length > next) assert.is((await raw.message()).id, next++)
    else await new Promise(resolve => setImmediate(resolve))
  }
})

test('a client that says goodbye gets its own code back, and the end is orderly for 1000, 1001 and none', async () => {
  for (const [code, cause] of [
    [1000, undefined],
    [1001, undefined],
    [undefined, undefined],
    [1011, /code 1011: oops/],
    [4711, /code 4711: oops/],
  ] as const) {
    const { raw, seen } = await start()
    const bytes = Buffer.alloc(2)
    bytes.writeUInt16BE(code ?? 0)
    raw.write(frame(OPCODE.close, code === undefined ? '' : Buffer.concat([bytes, Buffer.from('oops')])))
    const { opcode, payload } = await raw.next()
    assert.equal([opcode, payload.length < 2 ? undefined : payload.readUInt16BE(0)], [OPCODE.close, code])
    await raw.closed
    if (cause === undefined) assert.is(await seen.closed, undefined)
    else assert.match(String(await seen.closed), cause)
  }
})

test('S-WS-07: a connection that breaks ends at once, with the cause', async () => {
  const { raw, seen } = await start()
  raw.socket.resetAndDestroy()
  assert.match(String(await seen.closed), 'code 1006')
})

test('after the end nothing is sent, and sending throws nothing', async () => {
  const { raw, seen } = await start()
  seen.link.close()
  await seen.link.send({ kind: 'notice', text: '{"late":true}' })
  assert.equal(await raw.goodbye(), [1000, ''])
  await seen.closed
  await seen.link.send({ kind: 'notice', text: '{"late":true}' })
})

test('messages that arrive after we said goodbye are not taken', async () => {
  const { raw, service, seen } = await start()
  seen.link.close()
  raw.request(1, 'echo')
  assert.is((await raw.goodbye())[0], 1000)
  assert.is(service.received.length, 0)
})

test('S-WS-11: stopping refuses new connections; those there are go on', async () => {
  const service = new BareService()
  const { createServer } = await import('node:http')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { listener } = await serving.listen(service, { server })
  const { port } = server.address() as { port: number }
  const raw = await opened(port)
  listener.stop()
  const refused = await new Raw(port).upgrade()
  assert.equal([refused.status, refused.headers['retry-after']], [503, '5'])
  await settled(raw)
  const closing = listener.close()
  assert.equal(await raw.goodbye(), [1001, 'The server is shutting down'])
  await closing
  assert.is(await service.connections[0]!.closed, undefined)
  await new Promise(resolve => server.close(resolve))
})

test('S-WS-11: what was answered before the end still arrives before the goodbye', async () => {
  const service = new BareService()
  const { port, listener } = await serving.listen(service)
  const raw = await opened(port)
  raw.request(1, 'big', { size: 1_000_000 })
  while (service.received.length === 0) await new Promise(resolve => setImmediate(resolve))
  const closing = listener.close()
  assert.is((await raw.message()).id, 1)
  assert.is((await raw.goodbye())[0], 1001)
  await closing
})

test('S-WS-11: a client that does not say goodbye is cut after the deadline', async () => {
  const service = new BareService()
  const { port, listener } = await serving.listen(service, { closeTimeout: 50 })
  const raw = await opened(port)
  const started = Date.now()
  await listener.close()
  assert.ok(Date.now() - started < 2000)
  assert.is((await raw.next()).opcode, OPCODE.close)
  await raw.closed
})

test('S-WS-11: nor is a client waited for that was refused and does not leave', async () => {
  const { port, listener } = await serving.listen(new BareService(), { closeTimeout: 50 })
  const raw = new Raw(port)
  raw.socket.allowHalfOpen = true
  assert.is((await raw.upgrade({ Origin: 'http://evil.example' })).status, 403)
  const started = Date.now()
  await listener.close()
  assert.ok(Date.now() - started < 2000)
  raw.socket.destroy()
})

test('S-WS-11: closing answers those who are still being authenticated', async () => {
  const service = new BareService()
  let asked = (): void => undefined
  const waiting = new Promise<void>(resolve => {
    asked = resolve
  })
  const { port, listener } = await serving.listen(service, { authenticate: () => (asked(), new Promise(() => undefined)) })
  const raw = new Raw(port)
  const answer = raw.upgrade()
  await waiting
  await listener.close()
  assert.is((await answer).status, 503)
})

test.run()
