/** 18, T26: readers that are slow or stalled, over both doors: bounded memory, and nobody else notices. */
import { fakeClock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { progress, TestService } from './service.ts'
import { ask, call, openSession, Raw, stream, tool } from './wire.ts'

const test = suite('slow reader')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

const PIECE = `{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${'x'.repeat(60_000)}"}}`

/** A request on a socket that is never read. */
function stalled(port: number, what: { headers: Record<string, string>; body: unknown }): Raw {
  const text = JSON.stringify(what.body)
  const all = {
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'content-length': text.length,
    ...what.headers,
  }
  const raw = new Raw(port)
  raw.socket.pause()
  return raw.write(
    `POST /mcp HTTP/1.1\r\n${Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${text}`,
  )
}

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  test(`${name}: whoever sends is told to wait while the reader is behind, and goes on when it caught up`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const response = stream(port, tool('hold'))
    const held = await service.next()
    await held.notify(progress(0))
    const events = await response
    events.res.pause()
    let waited: PromiseLike<void> | undefined
    let sent = 0
    for (; waited === undefined && sent < 1000; sent++) waited = held.notify(PIECE) ?? undefined
    assert.ok(sent < 1000, 'the sender was told')
    events.res.resume()
    await waited
    held.answer()
    await events.until(/"held"/)
    assert.is(events.raw.split('notifications/message').length - 1, sent)
  })

  test(`${name}: a sender that does not wait costs its reader the stream, not the server its memory`, async () => {
    const service = new TestService()
    const { port } = await open(service, { bufferLimit: 500_000 })
    const raw = stalled(port, tool('hold'))
    const held = await service.next()
    for (let i = 0; i < 2000 && !held.isCancelled; i++) {
      void held.notify(PIECE)
      if (i % 10 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await held.cancelled.promise
    assert.is((await ask(port, tool('echo'))).status, 200)
    raw.end()
  })

  test(`${name}: a reader that takes nothing for longer than stall is cut, and its work is cancelled`, async () => {
    const clock = fakeClock()
    const service = new TestService()
    const { port } = await open(service, { clock, stall: '30s', bufferLimit: 100_000_000 })
    const raw = stalled(port, tool('hold'))
    const held = await service.next()
    let waited: PromiseLike<void> | undefined
    // Until the system's buffers are full, something still moves.
    for (let i = 0; i < 500; i++) {
      waited = held.notify(PIECE) ?? undefined
      await new Promise(resolve => setImmediate(resolve))
    }
    clock.advance(20_000)
    assert.not(held.isCancelled)
    clock.advance(45_000)
    await held.cancelled.promise
    await waited
    raw.end()
  })

  test(`${name}: a slow reader in a session does not keep others waiting`, async () => {
    const service = new TestService()
    const { port } = await open(service, { bufferLimit: 300_000 })
    const session = await openSession(port)
    const raw = stalled(port, { headers: session, body: call('hold', {}, 1) })
    const held = await service.next()
    for (let i = 0; i < 500; i++) {
      void held.notify(PIECE)
      if (i % 10 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    assert.not(held.isCancelled, 'in a session leaving is not cancelling')
    assert.is((await ask(port, { headers: session, body: call('echo', {}, 2) })).status, 200)
    held.answer()
    raw.end()
  })
}

test('node: a whole answer that nobody reads is cut after stall', async () => {
  const clock = fakeClock()
  const service = new TestService()
  const { port } = await (async () => {
    const door = await (DOORS.get('node') as OpenDoor)(service, { clock, stall: '30s' })
    opened.push(door)
    return door
  })()
  const raw = stalled(port, tool('hold'))
  const held = await service.next()
  held.answer(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { text: 'x'.repeat(20_000_000) } }))
  await new Promise(resolve => setImmediate(resolve))
  assert.not(held.isCancelled)
  clock.advance(10_000)
  clock.advance(40_000)
  raw.socket.resume()
  await raw.closed
  assert.ok(raw.received.length < 20_000_000, 'it was cut')
})

test.run()
