/** What could hold up others: a handler that keeps the whole process for a second, and requests that are half there. */
import { once } from 'node:events'
import type { Client } from '@oarlock/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, Raw, tool, type Answer } from '../../packages/http/test/wire.ts'
import { clientOf, replies, requestText, REVISIONS, textOf, Yard } from './yard.ts'

const test = suite('held up')

const NUMBERS = Array.from({ length: 10 }, (_, n) => n)

/** Work of every kind on these clients of one process while its handler `block` keeps it for a second, and what has to come of it. */
async function heldUp(clients: readonly Client[], block: () => Promise<unknown>, meanwhile: () => void = () => {}): Promise<void> {
  const odd: unknown[] = []
  for (const client of clients) client.on('warning.reported', warning => void odd.push(warning))
  const running = clients.flatMap(client => [client.call('later', { ms: 300 }), client.callRaw('limited')])
  await Promise.all(clients.map(client => client.call('echo', { text: 'x' })))
  const blocked = block()
  const echoes = clients.flatMap(client => NUMBERS.map(n => client.call('echo', { text: `n ${n}` })))
  meanwhile()
  await blocked
  for (const [at, value] of (await Promise.all(echoes)).entries()) assert.is(value, `n ${at % 10}`)
  for (const [at, value] of (await Promise.all(running)).entries()) {
    if (at % 2 === 0) assert.is(value, 'later')
    else assert.match(JSON.stringify(value), /"isError":true.*|300 ms/)
  }
  // Whatever would come twice has come by now.
  for (const client of clients) assert.is(await client.call('echo', { text: 'last' }), 'last')
  assert.equal(odd, [])
}

test('a handler that holds up the process for a second: the others are answered afterwards, each once, and time is counted right', async () => {
  const yard = await Yard.open()
  const ways = (['http', 'ws'] as const).flatMap(wire => REVISIONS.map(revision => clientOf(yard, wire, revision)))
  const clients = await Promise.all(ways)
  // A body that is half there, and a request that will arrive in the meantime.
  const { headers, body } = tool('echo', { text: 'half' }, 5)
  const text = requestText({ headers, body: body as object })
  const half = new Raw(yard.port).write(text.slice(0, -3))
  const session = await openSession(yard.port)
  const raw: Promise<Answer>[] = []
  const block = async (): Promise<void> => {
    assert.is((await ask(yard.port, tool('block'))).json.result.content[0].text, 'blocked')
  }
  await heldUp(clients, block, () => {
    raw.push(ask(yard.port, modern('tools/list')), ask(yard.port, { headers: session, body: call('echo', { text: 'x' }) }))
    half.write(text.slice(-3))
  })
  for (const { status } of await Promise.all(raw)) assert.is(status, 200)
  assert.match(await half.until(/\r\n\r\n\{.*\}$/s), /^HTTP\/1\.1 200 [^]*"text":"half"/)
  half.end()
  for (const client of clients) await client.close()
  await yard.close()
})

for (const revision of REVISIONS) {
  test(`the same over stdio, ${revision}`, async () => {
    const client = await clientOf(undefined, 'stdio', revision)
    await heldUp([client], async () => assert.is(await client.call('block'), 'blocked'))
    await client.close()
  })
}

test('over stdio a line that is half there while the process is held up is a whole one afterwards', async () => {
  const yard = await Yard.open(['stdio'])
  const { stdin } = yard.child
  const next = replies(yard.child)
  const line = (id: number, name: string, args: Record<string, unknown> = {}): string => `${JSON.stringify(tool(name, args, id).body)}\n`
  const half = line(2, 'echo', { text: 'half' })
  const isHeldUp = once(yard.child, 'message')
  stdin?.write(line(1, 'block') + half.slice(0, -9))
  await isHeldUp
  stdin?.write(half.slice(-9) + line(3, 'echo', { text: 'after' }))
  assert.equal([textOf(await next()), textOf(await next()), textOf(await next())], ['blocked', 'half', 'after'])
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
  const client = await clientOf(yard, 'ws', '2026-07-28')
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
