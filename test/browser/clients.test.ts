/** The clients in a real browser, over WebSocket and HTTP, from a page of another origin. */
// time limit: 120 s
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { http } from '@oarlock/http'
import { Server } from '@oarlock/kernel'
import { bearer, REVISIONS, type Authenticate } from '@oarlock/protocol'
import { toUpgrade } from '@oarlock/ws'
import { Type } from 'typebox'
import { skip } from '../runner/skip.ts'
import { CHROMIUM, openBrowser, type Browser } from './chromium.ts'

const test = suite('clients in a browser')

let browser: Browser
const servers: Server[] = []

test.before(async () => {
  browser = await openBrowser()
})
test.after.each(async () => {
  for (const server of servers.splice(0)) await server.close({ within: 0 })
})
test.after(() => browser.close())

function shop(): Server {
  const server = new Server({ name: 'shop', version: '1.0.0', log: false })
  server.tool('add', { input: Type.Object({ a: Type.Number(), b: Type.Number() }) }, async function* ({ a, b }) {
    yield { progress: 1, total: 1 }
    return String(a + b)
  })
  server.tool('ask', {}, async (_args, ctx) => {
    const answer = await ctx.elicit('name', { message: 'Name?', schema: Type.Object({ name: Type.String() }) })
    return answer.action === 'accept' ? `Hello ${answer.content.name}` : answer.action
  })
  server.tool('big', { input: Type.Object({ size: Type.Integer() }) }, ({ size }) => 'x'.repeat(size))
  server.tool('grow', {}, () => {
    server.tool(`more${server.components.length}`, {}, () => 'x')
    return 'grown'
  })
  server.tool('leave', {}, () => {
    setImmediate(() => void server.close({ within: 0 }))
    return 'leaving'
  })
  servers.push(server)
  return server
}

interface Options {
  readonly authenticate?: Authenticate
  readonly allowedOrigins?: readonly string[]
}

/** Both transports on one port. */
async function serve(options: Options = {}): Promise<{ readonly http: string; readonly ws: string }> {
  const server = shop()
  const [listener] = await server.listen(http({ port: 0, ...options, upgrade: toUpgrade(server, options) }))
  const url = listener?.address ?? ''
  return { http: url, ws: url.replace('http', 'ws') }
}

for (const transport of ['ws', 'http'] as const) {
  for (const revision of [...REVISIONS, undefined]) {
    test(`a page uses a server over ${transport}, in ${revision ?? 'the revision they agree on'}`, async () => {
      const urls = await serve()
      const told = await browser.ask('tell', { url: urls[transport], ...(revision && { revision }) })
      assert.equal(
        told,
        { revision: revision ?? '2026-07-28', sum: '3', progress: [1], asked: 'Hello Ada', heard: told.heard, big: 3_000_000 },
        browser.console.join('\n'),
      )
      assert.match(told.heard, 'tools')
    })
  }

  test(`C-WS-04: a page sends its token over ${transport}, and without it is kept out`, async () => {
    const urls = await serve({ authenticate: bearer(token => (token === 'good/+~' ? { id: 'ada' } : undefined)) })
    const url = urls[transport]
    assert.is((await browser.ask('tell', { url, token: 'good/+~' })).sum, '3')
    assert.not.equal(await browser.ask('failure', { url, token: 'bad' }), 'nothing')
    assert.not.equal(await browser.ask('failure', { url }), 'nothing')
  })

  test(`T1, T3: a page of an origin that is not allowed is kept out over ${transport}`, async () => {
    const urls = await serve({ allowedOrigins: ['https://app.example.com'] })
    assert.not.equal(await browser.ask('failure', { url: urls[transport] }), 'nothing')
    const allowed = await serve({ allowedOrigins: [browser.origin] })
    assert.is(await browser.ask('failure', { url: allowed[transport] }), 'nothing')
  })
}

test('C-WS-01: a server that selects the entry with the token is left, and the error does not tell it', async () => {
  const server = createServer()
  const sockets: Duplex[] = []
  server.on('upgrade', (req, socket) => {
    sockets.push(socket)
    const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    const entry = req.headers['sec-websocket-protocol']?.split(', ')[1]
    const answer = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`, `Sec-WebSocket-Protocol: ${entry}`]
    socket.write(`HTTP/1.1 101 x\r\n${answer.join('\r\n')}\r\n\r\n`)
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const told = await browser.ask('failure', { url: `ws://127.0.0.1:${port}/mcp`, token: 'secret' })
  assert.is(told, `Unsupported: ws://127.0.0.1:${port}/mcp does not speak the subprotocol mcp`)
  for (const socket of sockets) socket.destroy()
  server.close()
})

test('a page learns that the server shuts down', async () => {
  const urls = await serve()
  assert.is(await browser.ask('closing', { url: urls.ws }), 1001)
})

test('C-WS-05: a page does not take a message over its limit', async () => {
  const urls = await serve()
  assert.match(await browser.ask('failure', { url: urls.ws, maxMessage: 50_000 }), /^(?:OutcomeUnknown|ConnectionClosed): /)
})

if (CHROMIUM === undefined) skip('the clients in a browser', 'Chromium is not installed')
else test.run()
