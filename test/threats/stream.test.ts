/** Clients that send too slowly, read too slowly or leave in the middle; and text that tries to break out of its event or its header. */
import { Fault, Server, Type } from 'oarlock'
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, openSession, Raw, stream, tool } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { closeAll, serve } from './served.ts'

const test = suite('streams')
test.after.each(closeAll)

const MiB = 1024 * 1024
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

function post(port: number, body: object, headers: object): string {
  const text = JSON.stringify(body)
  const all = {
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
    'content-length': Buffer.byteLength(text),
  }
  return `POST /mcp HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${text}`
}

test('row 18: clients that do not read cost a process little memory, and slow down nobody else', async () => {
  const child = fork(`${ROOT}test/threats/flood-house.ts`, {
    execArgv: ['--expose-gc', '-C', '@oarlock/source', '--import', `${ROOT}test/runner/register.ts`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const hear = <T>() => new Promise<T>(resolve => child.once('message', resolve as (message: unknown) => void))
  const { port } = await hear<{ port: number }>()
  const held = async () => {
    const answer = hear<{ held: number }>()
    child.send('held')
    return (await answer).held
  }
  await ask(port, tool('small'))
  const before = await held()
  const session = await openSession(port)
  const stalled: Raw[] = []
  for (let id = 1; id <= 10; id++) {
    const { headers, body } = tool('flood', {}, id)
    const meta = { ...body.params._meta, progressToken: id }
    const raw = new Raw(port)
    raw.socket.pause()
    raw.write(
      id % 2 === 0
        ? post(port, { ...body, params: { ...body.params, _meta: { progressToken: id } } }, session)
        : post(port, { ...body, params: { ...body.params, _meta: meta } }, headers),
    )
    stalled.push(raw)
  }
  // Each of the ten would be sent 64 MiB.
  while (((await ask(port, tool('flooded'))).json.result.content[0].text as string) !== '10')
    await new Promise(resolve => setImmediate(resolve))
  const grown = (await held()) - before
  assert.ok(grown < 40 * MiB, `grew by ${Math.round(grown / MiB)} MiB`)
  assert.is((await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 99, method: 'ping' } })).status, 200)
  for (const raw of stalled) raw.end()
  child.send('end')
  await new Promise(resolve => child.once('exit', resolve))
})

test('T26: two hundred clients that send their heads a byte at a time are let go, and others are served meanwhile', async () => {
  const { server } = house()
  const { port } = await serve(server, { headersTimeout: 300 })
  const slow = Array.from({ length: 200 }, () => new Raw(port).write('POST /mcp HTTP/1.1\r\nhost: 127'))
  const more = setInterval(() => {
    for (const raw of slow) if (!raw.socket.destroyed) raw.write('.')
  }, 50)
  for (let i = 0; i < 20; i++) assert.is((await ask(port, tool('echo', { text: 'x' }))).status, 200)
  await Promise.all(slow.map(raw => raw.closed))
  clearInterval(more)
  for (const raw of slow) assert.match(raw.received, /^(HTTP\/1\.1 408|$)/)
})

test('T26: connections that say nothing at all are let go, and there are never more than allowed', async () => {
  const { server } = house()
  const { port } = await serve(server, { headersTimeout: 300, maxConnections: 20 })
  const mute = Array.from({ length: 20 }, () => new Raw(port))
  await Promise.all(mute.map(raw => new Promise(resolve => raw.socket.once('connect', resolve))))
  const oneMore = new Raw(port).write('GET /mcp HTTP/1.1\r\n\r\n')
  await oneMore.closed
  assert.is(oneMore.received, '')
  await Promise.all(mute.map(raw => raw.closed))
  assert.is((await ask(port, tool('echo', { text: 'x' }))).status, 200)
})

test('T26: a client that leaves in the middle of anything cancels its own work and leaves nothing behind', async () => {
  const server = new Server({ name: 'patient', version: '1', log: false })
  let running = 0
  let wake = (): void => {}
  server.tool('wait', {}, async (_, ctx) => {
    running += 1
    wake()
    await new Promise(resolve => ctx.signal.addEventListener('abort', resolve))
    running -= 1
    wake()
    return 'late'
  })
  const until = async (count: number) => {
    while (running !== count) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  const { port } = await serve(server)
  const half = Array.from({ length: 20 }, () => new Raw(port).write(post(port, tool('wait').body, tool('wait').headers)))
  await until(20)
  for (const raw of half) raw.end()
  await until(0)
  while (server.busy > 0) await new Promise(resolve => setImmediate(resolve))
})

test('T27: text cannot leave its event: not by progress, not by logs, not by results', async () => {
  const server = new Server({ name: 'chatty', version: '1', log: false })
  const breakout =
    '\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"forged":true}}\r\n\r\nid: 7\nretry: 1\r\ndata: x\u2028\u2029\u0085'
  server.tool('chat', {}, async (_, ctx) => {
    await ctx.progress(1, 2, breakout)
    ctx.log.error({ [breakout]: breakout })
    return breakout
  })
  const { port } = await serve(server)
  const session = await openSession(port)
  const { headers, body } = tool('chat')
  for (const [sent, params] of [
    [headers, { ...body.params, _meta: { ...body.params._meta, progressToken: breakout, 'io.modelcontextprotocol/logLevel': 'debug' } }],
    [session, { ...body.params, _meta: { progressToken: breakout } }],
  ] as const) {
    const events = await stream(port, { headers: sent, body: { ...body, params } })
    const messages: { method?: string; params?: { message?: string }; result?: { content: { text: string }[] } }[] = []
    for (let message = await events.message(); message !== undefined; message = await events.message()) messages.push(message)
    assert.equal(
      messages.map(({ method }) => method),
      ['notifications/progress', 'notifications/message', undefined],
    )
    assert.is(messages[0]?.params?.message, breakout)
    assert.is(messages[2]?.result?.content[0]?.text, breakout)
    assert.not.match(events.raw, /^(id: 7$|retry: 1$|data: x)/m)
  }
})

test('T27: text cannot leave its header, whatever a fault puts there', async () => {
  const server = new Server({ name: 'rude', version: '1', log: false })
  server.tool('refuse', { input: Type.Object({ text: Type.String() }) }, ({ text }) => {
    throw new Fault('FORBIDDEN', text, {
      headers: { 'X-Reason': text, [text]: 'x', 'Content-Length': '3', 'Transfer-Encoding': 'chunked', 'X-Fine': 'yes' },
    })
  })
  const { port } = await serve(server)
  for (const text of ['a\r\nSet-Cookie: stolen=1\r\n\r\n<script>', 'a\nb', 'a\rb', 'é', '\u0000', '🦀']) {
    const { headers, body } = tool('refuse', { text })
    const answer = await ask(port, { headers, body })
    assert.is(answer.status, 403)
    assert.is(answer.json.error.message, text, 'the body may say it')
    assert.is(answer.headers['x-fine'], 'yes')
    for (const name of ['set-cookie', 'x-reason', 'transfer-encoding']) assert.is(answer.headers[name], undefined, name)
    assert.is(Number(answer.headers['content-length']), Buffer.byteLength(answer.text))
  }
})

test('T27: a session id, an event id and an origin that carry line breaks are refused by the parser of heads', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  for (const header of ['mcp-session-id: x\ny', 'mcp-name: echo\r evil', 'last-event-id: \u0000', 'origin: http://localhost\u0001']) {
    const { headers, body } = modern('tools/call', { name: 'admin' })
    const text = post(port, body, headers).replace('\r\n\r\n', `\r\n${header}\r\n\r\n`)
    const raw = new Raw(port).write(text)
    assert.match(await raw.until(/^HTTP\/1\.1 \d+/), /^HTTP\/1\.1 40[03]/, JSON.stringify(header))
    raw.end()
  }
  assert.equal(ran, [])
})

test.run()
