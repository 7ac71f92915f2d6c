/** What could hold up others: a handler that keeps the whole process for a second, and requests that are half there. */
import { Client } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, Raw, tool } from '../../packages/http/test/wire.ts'
import { requestText, Yard } from './yard.ts'

const test = suite('held up')

const WAYS = (['http', 'ws'] as const).flatMap(wire => (['2025-11-25', '2026-07-28'] as const).map(revision => [wire, revision] as const))

test('a handler that holds up the process for a second: the others are answered afterwards, each once, and time is counted right', async () => {
  const yard = await Yard.open()
  const url = `http://127.0.0.1:${yard.port}/mcp`
  const clients = await Promise.all(
    WAYS.map(([wire, revision]) =>
      Client.open(wire === 'http' ? httpConnector(url) : wsConnector(url.replace('http', 'ws')), { revision }),
    ),
  )
  const odd: unknown[] = []
  for (const client of clients) client.on('warning.reported', warning => void odd.push(warning))
  // A body that is half there, and a request that will arrive in the meantime.
  const { headers, body } = tool('echo', { text: 'half' }, 5)
  const text = requestText({ headers, body: body as object })
  const half = new Raw(yard.port).write(text.slice(0, -3))
  const session = await openSession(yard.port)
  const running = clients.flatMap(client => [client.call('later', { ms: 300 }), client.callRaw('limited')])
  await ask(yard.port, tool('echo', { text: 'x' }))
  const blocked = ask(yard.port, tool('block'))
  const meanwhile = clients.flatMap(client => Array.from({ length: 10 }, (_, n) => client.call('echo', { text: `n ${n}` })))
  const raw = [ask(yard.port, modern('tools/list')), ask(yard.port, { headers: session, body: call('echo', { text: 'x' }) })]
  half.write(text.slice(-3))
  assert.is((await blocked).json.result.content[0].text, 'blocked')
  for (const [at, value] of (await Promise.all(meanwhile)).entries()) assert.is(value, `n ${at % 10}`)
  for (const { status } of await Promise.all(raw)) assert.is(status, 200)
  for (const [at, value] of (await Promise.all(running)).entries()) {
    if (at % 2 === 0) assert.is(value, 'later')
    else assert.match(JSON.stringify(value), /"isError":true.*|300 ms/)
  }
  assert.match(await half.until(/\r\n\r\n\{.*\}$/s), /^HTTP\/1\.1 200 [^]*"text":"half"/)
  // Whatever would come twice has come by now.
  for (const client of clients) assert.is(await client.call('echo', { text: 'last' }), 'last')
  assert.equal(odd, [])
  half.end()
  for (const client of clients) await client.close()
  await yard.close()
})

test('300 requests that are half there delay nobody: a head, a body, an upgrade', async () => {
  const yard = await Yard.open(['clock'])
  const { headers, body } = tool('echo', { text: 'half' })
  const text = requestText({ headers, body: body as object })
  const halves = [
    text.slice(0, 60),
    text.slice(0, -10),
    'GET /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-Web',
  ]
  const open = halves.flatMap(half => Array.from({ length: 100 }, () => new Raw(yard.port).write(half)))
  const session = await openSession(yard.port)
  for (let turn = 0; turn < 200; turn += 1) {
    const answer =
      turn % 2 === 0
        ? await ask(yard.port, tool('echo', { text: 'x' }))
        : await ask(yard.port, { headers: session, body: call('echo', { text: 'x' }) })
    assert.is(answer.status, 200)
  }
  const client = await Client.open(wsConnector(`ws://127.0.0.1:${yard.port}/mcp`))
  for (let turn = 0; turn < 100; turn += 1) assert.is(await client.call('echo', { text: 'x' }), 'x')
  await client.close()
  // Nobody was waited for, and nobody let go: the clock of the server stood still.
  for (const raw of open) assert.equal([raw.received, raw.socket.destroyed], ['', false])
  await yard.held(31_000)
  for (const raw of open.slice(100, 200)) assert.match(await raw.until(/\r\n\r\n/), /^HTTP\/1\.1 408 /)
  for (const raw of open) raw.end()
  await yard.close()
})

test.run()
