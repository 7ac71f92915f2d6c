/** wss from end to end: servers whose certificate an authority of the house gave, with a WebSocket and Streamable HTTP on one port. */
import { once } from 'node:events'
import { createServer as createPlainServer } from 'node:http'
import { createServer, request as requestSecurely } from 'node:https'
import type { Server as NetServer, AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { connect as connectSecurely } from 'node:tls'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '@oarlock/client'
import { toNode } from '@oarlock/http'
import { httpConnector, type FetchLike } from '@oarlock/http/client'
import { Server } from '@oarlock/kernel'
import { bearer, ConnectionClosed, REVISIONS } from '@oarlock/protocol'
import { toUpgrade, ws } from '../src/index.ts'
import { wsConnector, type WsConnectorOptions } from '../src/client.ts'
import { Authority } from '../../../test/tls/authority.ts'
import { upgradeText } from './wire.ts'

const test = suite('secure')

const authority = new Authority()
const ours = authority.certify('DNS:localhost,IP:127.0.0.1')
const ca = authority.cert
const closers: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})
test.after(() => authority.remove())

const authenticate = bearer(token => (token === 'good' ? { id: 'ada' } : undefined))

async function bound(web: NetServer & { closeAllConnections(): void }): Promise<number> {
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  closers.push(() => {
    web.closeAllConnections()
    web.close()
  })
  return (web.address() as AddressInfo).port
}

function greeter(): Server {
  const server = new Server({ name: 'greeter', version: '1.0.0', log: false })
  server.tool('greet', {}, (_args, ctx) => `Hello ${ctx.principal?.id}`)
  closers.push(() => server.close({ within: 0 }))
  return server
}

/** A server with TLS, for HTTP and WebSocket on one port and path. */
async function shared(pair = ours): Promise<string> {
  const server = greeter()
  const web = createServer(pair, toNode(server, { authenticate }))
  web.on('upgrade', toUpgrade(server, { authenticate }))
  return `wss://127.0.0.1:${await bound(web)}/mcp`
}

async function refusal(url: string, options: WsConnectorOptions = {}): Promise<string> {
  const error: unknown = await Client.open(wsConnector(url, { token: 'good', ...options })).catch((cause: unknown) => cause)
  assert.ok(ConnectionClosed.is(error), String(error))
  return error.message
}

/** `fetch` with an authority of its own, which the platform's has no place for. */
const trusting: FetchLike = (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const sent = { method: method ?? 'GET', ca, headers: Object.fromEntries(new Headers(headers)), ...(signal && { signal }) }
    const asked = requestSecurely(url, sent, answer => {
      const [status, said] = [answer.statusCode ?? 0, new Headers(answer.headers as Record<string, string>)]
      const empty = status === 202 || status === 204
      resolve(new Response(empty ? null : Readable.toWeb(answer), { status, headers: said }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

for (const revision of REVISIONS) {
  test(`${revision}: a client that trusts the authority speaks over wss, and over https on the same port`, async () => {
    const url = await shared()
    const connectors = [
      wsConnector(url, { token: 'good', ca }),
      httpConnector(url.replace('wss', 'https'), { headers: { Authorization: 'Bearer good' }, fetch: trusting }),
    ]
    for (const connector of connectors) {
      const client = await Client.open(connector, { revision })
      assert.is(await client.call('greet'), 'Hello ada', connector.transport)
      await client.close()
    }
  })
}

test('the authority may be bytes, or one of several', async () => {
  const url = await shared()
  for (const authorities of [Buffer.from(ca), [ca], [new Authority().cert, Buffer.from(ca)]] as const) {
    const client = await Client.open(wsConnector(url, { token: 'good', ca: authorities }))
    assert.is(await client.call('greet'), 'Hello ada')
    await client.close()
  }
})

test('nobody is spoken to whom nobody known vouches for, or whose certificate is for another name, and the error says so', async () => {
  const url = await shared()
  assert.match(
    await refusal(url),
    /^Cannot open a WebSocket to wss:.*\/mcp: [A-Z_]+ \(nobody known vouches for its certificate; name its authority\)$/,
  )
  assert.match(await refusal(await shared(authority.certify('DNS:other.example')), { ca }), 'its certificate is for another name')
})

test('a server without TLS is told from one with it, both ways', async () => {
  const secure = await shared()
  const web = createPlainServer().on('upgrade', toUpgrade(greeter()))
  const plain = await bound(web)
  assert.match(await refusal(`wss://127.0.0.1:${plain}/mcp`, { ca }), 'it does not speak TLS; is it http:// or ws://?')
  assert.match(await refusal(secure.replace('wss', 'ws')), /ECONNRESET|socket hang up/)
})

test('where the platform keeps its own authorities, naming one is an error', async () => {
  const webSocket = 'platform'
  if (!('WebSocket' in globalThis)) return
  const error: unknown = await Client.open(wsConnector('wss://localhost:1/mcp', { ca, webSocket })).catch((cause: unknown) => cause)
  assert.instance(error, TypeError)
})

test('a server of the user says wss, serves over it and says goodbye', async () => {
  const server = new Server({ name: 'x', version: '1', log: false })
  const web = createServer(ours)
  const port = await bound(web)
  const [listener] = await server.listen(ws({ server: web }))
  assert.is(listener!.address, `wss://127.0.0.1:${port}/mcp`)
  const socket = connectSecurely({ port, host: '127.0.0.1', ca, servername: 'localhost' })
  const answered = once(socket, 'data')
  socket.write(upgradeText({ 'Sec-WebSocket-Protocol': 'mcp' }))
  const [answer] = (await answered) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1\.1 101 /)
  const closing = server.close({ within: 0 })
  const [bye] = (await once(socket, 'data')) as [Buffer]
  assert.equal([bye[0], bye.readUInt16BE(2)], [0x88, 1001])
  socket.destroy()
  await closing
})

test.run()
