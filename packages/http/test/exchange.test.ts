/** Stateless requests over both doors: what is answered, as what, and what happens when somebody leaves. */
import { encodeResult, fakeClock, Fault } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { progress, TestService } from './service.ts'
import { ask, Raw, stream, tool } from './wire.ts'

const test = suite('stateless exchange')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  test(`${name}: an answer with nothing before it is JSON with a length`, async () => {
    const { port } = await open(new TestService())
    for (const what of ['echo', 'late']) {
      const answer = await ask(port, tool(what))
      assert.is(answer.status, 200)
      assert.is(answer.headers['content-type'], 'application/json')
      assert.is(answer.headers['cache-control'], 'no-store')
      assert.is(answer.headers['x-content-type-options'], 'nosniff')
      assert.is(answer.json.id, 1)
      if (name === 'node') assert.is(Number(answer.headers['content-length']), Buffer.byteLength(answer.text))
    }
  })

  test(`${name}: ids are echoed as they came, and text beyond ASCII arrives whole`, async () => {
    const { port } = await open(new TestService())
    for (const id of ['a"\\\u0000ü', 0, -5, '0']) {
      const answer = await ask(port, tool('echo', { text: 'Grüße 🌍\n' }, id))
      assert.is(answer.json.id, id)
      assert.is(answer.json.result.content[0].text, 'Grüße 🌍\n')
    }
  })

  test(`${name}: notices before the answer make it a stream that ends with the answer`, async () => {
    const { port } = await open(new TestService())
    const events = await stream(port, tool('progress', { n: 3 }))
    assert.is(events.status, 200)
    assert.is(events.headers['content-type'], 'text/event-stream')
    assert.is(events.headers['cache-control'], 'no-cache, no-transform')
    assert.is(events.headers['x-accel-buffering'], 'no')
    for (const n of [1, 2, 3]) assert.is((await events.message()).params.progress, n)
    assert.is((await events.message()).result.content[0].text, 'done')
    assert.is(await events.next(), undefined)
    assert.is(await events.ended, 'end')
    assert.not.match(events.raw, /^(id|retry):/m, 'S-HTTP-28: a stateless stream has no ids')
    assert.match(events.raw, /^event: message\ndata: /)
  })

  test(`${name}: a notice reaches the client while the work goes on`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const response = stream(port, tool('hold'))
    const held = await service.next()
    await held.notify(progress(1))
    const events = await response
    assert.is((await events.message()).params.progress, 1)
    held.answer()
    assert.is((await events.message()).result.content[0].text, 'held')
    assert.is(await events.ended, 'end')
  })

  test(`${name}: streams of one client are independent (S-HTTP-34)`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const responses = [stream(port, tool('hold', {}, 1)), stream(port, tool('hold', {}, 2)), stream(port, tool('hold', {}, 3))]
    const held = [await service.next(), await service.next(), await service.next()]
    for (const one of held) await one.notify(progress(Number(one.id)))
    const streams = await Promise.all(responses)
    for (const [i, events] of streams.entries()) assert.is((await events.message()).params.progress, i + 1)
    for (const one of held.toReversed()) one.answer()
    for (const [i, events] of streams.entries()) assert.is((await events.message()).id, i + 1)
  })

  test(`${name}: a client that leaves cancels its request and nobody else's (S-HTTP-22)`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const staying = stream(port, tool('hold', {}, 1))
    const stays = await service.next()
    const leaving = stream(port, tool('hold', {}, 2))
    const leaves = await service.next()
    await leaves.notify(progress(1))
    const events = await leaving
    await events.message()
    events.leave()
    await leaves.cancelled.promise
    leaves.answer()
    await leaves.notify(progress(2))
    assert.not(stays.isCancelled)
    stays.answer()
    assert.is((await (await staying).res.toArray()).join('').includes('"id":1'), true)
  })

  test(`${name}: a client that leaves before the answer began cancels too`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const { headers, body } = tool('hold')
    const text = JSON.stringify(body)
    const lines = Object.entries({
      host: `127.0.0.1:${port}`,
      'content-type': 'application/json',
      'content-length': text.length,
      ...headers,
    })
    const raw = new Raw(port).write(`POST /mcp HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n${text}`)
    const held = await service.next()
    raw.end()
    await held.cancelled.promise
  })

  test(`${name}: a finished request is not cancelled afterwards`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const answered = ask(port, tool('hold'))
    const held = await service.next()
    held.answer()
    held.answer(encodeResult(1, '{"second":true}'))
    assert.is((await answered).json.result.second, undefined)
    await ask(port, tool('echo'))
    assert.not(held.isCancelled)
  })

  test(`${name}: faults have the status and number of their row, and echo the id`, async () => {
    const { port } = await open(new TestService())
    const cases: [string, number, number][] = [
      ['METHOD_NOT_FOUND', 404, -32601],
      ['MISSING_CAPABILITY', 400, -32021],
      ['TOOL_NOT_FOUND', 200, -32602],
      ['INTERNAL_ERROR', 200, -32603],
      ['RATE_LIMITED', 429, 429],
    ]
    for (const [fault, status, code] of cases) {
      const answer = await ask(port, tool('fail', { fault }, 'x'))
      assert.is(answer.status, status, fault)
      assert.is(answer.json.error.code, code, fault)
      assert.is(answer.json.id, 'x')
    }
  })

  test(`${name}: what the server throws is reported, and the client learns nothing of it`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const answer = await ask(port, tool('throw', {}, 9))
    assert.is(answer.status, 500)
    assert.is(answer.json.error.code, -32603)
    assert.is(answer.json.id, 9)
    assert.not.match(answer.text, /secret/)
    assert.match(String(service.reports[0]?.cause), /secret/)
  })

  test(`T27: ${name}: headers of an answer are sent only where they cannot break it`, async () => {
    const { port } = await open(new TestService())
    const args = {
      'Retry-After': '7',
      'X-Bad': 'a\r\nSet-Cookie: b',
      'Bad Name': 'x',
      'Content-Length': '1',
      'Transfer-Encoding': 'chunked',
      'X-Uni': 'ü',
    }
    const answer = await ask(port, tool('headers', args))
    assert.is(answer.status, 200)
    assert.is(answer.headers['retry-after'], '7')
    assert.is(answer.headers['set-cookie'], undefined)
    assert.is(answer.headers['x-bad'], undefined)
    assert.is(answer.headers['x-uni'], undefined)
    assert.is(answer.json.result.content[0].text, 'x')
  })

  test(`${name}: Mcp-Session-Id and Last-Event-ID mean nothing to a stateless request (S-HTTP-27, S-HTTP-28)`, async () => {
    const { port } = await open(new TestService())
    const { headers, body } = tool('echo')
    const answer = await ask(port, { headers: { ...headers, 'mcp-session-id': 'nobody', 'last-event-id': '7' }, body })
    assert.is(answer.status, 200)
    assert.is(answer.headers['mcp-session-id'], undefined)
  })

  test(`${name}: Accept is not held against a stateless request (S-HTTP-13)`, async () => {
    const { port } = await open(new TestService())
    const { headers, body } = tool('echo')
    for (const accept of ['application/json', 'text/html', undefined]) {
      assert.is((await ask(port, { headers: { ...headers, accept }, body })).status, 200)
    }
  })

  test(`${name}: notices are accepted and go nowhere; replies and batches are refused (S-HTTP-08, S-HTTP-09)`, async () => {
    const { port } = await open(new TestService())
    const headers = { 'mcp-protocol-version': '2026-07-28' }
    const notice = await ask(port, { headers, body: { jsonrpc: '2.0', method: 'notifications/whatever' } })
    assert.is(notice.status, 202)
    assert.is(notice.text, '')
    for (const body of [{ jsonrpc: '2.0', id: 1, result: {} }, [tool('echo').body]]) {
      const refused = await ask(port, { headers, body })
      assert.is(refused.status, 400)
      assert.is(refused.json.error.code, -32600)
    }
  })

  test(`${name}: an answer long in coming becomes a stream with comments, so that no proxy gives up on it`, async () => {
    const clock = fakeClock()
    const service = new TestService()
    const { port } = await open(service, { clock, keepAlive: 15_000 })
    const response = stream(port, tool('hold'))
    const held = await service.next()
    clock.advance(16_000)
    const events = await response
    assert.is(events.headers['content-type'], 'text/event-stream')
    clock.advance(16_000)
    await events.until(/^:\n\n/)
    held.answer()
    assert.is((await events.message()).result.content[0].text, 'held')
    assert.is(await events.ended, 'end')
    assert.is(clock.pending <= 1, true, 'one timer for all')
  })

  test(`${name}: a stream ends with the credentials it was opened under`, async () => {
    const clock = fakeClock()
    const service = new TestService()
    const { port } = await open(service, { clock, authenticate: () => ({ id: 'ann', expiresAt: clock.now() + 10_000 }) })
    const response = stream(port, tool('hold'))
    const held = await service.next()
    await held.notify(progress(1))
    const events = await response
    await events.message()
    clock.advance(11_000)
    assert.is(await events.ended, 'end')
    assert.ok(held.isCancelled)
  })

  test(`row 1: ${name}: 64 clients with the same ids each get their own answer`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const clients = Array.from({ length: 64 }, (_, client) =>
      ask(port, tool(client % 2 === 0 ? 'echo' : 'late', { text: `client ${client}` }, 1)),
    )
    for (const [client, answer] of (await Promise.all(clients)).entries()) {
      assert.is(answer.json.id, 1)
      assert.is(answer.json.result.content[0].text, client % 2 === 0 ? `client ${client}` : 'late')
    }
    const streams = Array.from({ length: 64 }, (_, client) => ({ client, response: stream(port, tool('hold', { client }, 1)) }))
    const held = await Promise.all(streams.map(() => service.next()))
    for (const one of held.toReversed()) void one.notify(progress(clientOf(one)))
    for (const one of held) one.answer(encodeResult(1, JSON.stringify({ client: clientOf(one) })))
    for (const { client, response } of streams) {
      const events = await response
      assert.is((await events.message()).params.progress, client)
      assert.is((await events.message()).result.client, client)
    }
  })

  test(`${name}: closing the endpoint ends what is under way and says why`, async () => {
    const service = new TestService()
    const door = await openDoor(service)
    const json = ask(door.port, tool('hold', {}, 1))
    const first = await service.next()
    const response = stream(door.port, tool('hold', {}, 2))
    const second = await service.next()
    await second.notify(progress(1))
    const events = await response
    await events.message()
    door.stop()
    const late = await ask(door.port, tool('echo', {}, 3))
    assert.is(late.status, 503)
    assert.is(late.json.id, 3)
    assert.is(late.headers['retry-after'], '5')
    if (name === 'node') assert.is(late.headers['connection'], 'close')
    assert.not(first.isCancelled, 'stopping leaves alone what is under way')
    const closing = door.close()
    assert.ok(Fault.is(await first.cancelled.promise))
    await second.cancelled.promise
    assert.is((await json.catch(() => ({ status: 503 }))).status, 503)
    assert.is(await events.ended, 'end')
    await closing
  })
}

const clientOf = (held: { message: { params: any } }): number => held.message.params.arguments.client

test.run()
