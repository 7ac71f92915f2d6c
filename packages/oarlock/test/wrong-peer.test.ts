/** Connecting to what is something else: each error says what was found, where, and what to do about it. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, http, Server, ws, type ConnectOptions } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('wrong peers')

async function told(target: string, options: object = {}): Promise<string> {
  const error: unknown = await connect(target, options as ConnectOptions).then(
    client => client.close(),
    (cause: unknown) => cause,
  )
  assert.instance(error, Error, `${target} was connected to`)
  return (error as Error).message
}

/** Serves a web server for a while, and gives its host and port. */
async function beside(answer: RequestListener, work: (host: string) => Promise<void>): Promise<void> {
  const web = createServer(answer)
  await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
  try {
    await work(`127.0.0.1:${(web.address() as AddressInfo).port}`)
  } finally {
    web.closeAllConnections()
    await new Promise(resolve => web.close(resolve))
  }
}

const server = new Server({ name: 'peer', version: '1.0.0' })
let [overHttp, overWs] = ['', '']
test.before(async () => {
  const listeners = await server.listen(http({ port: 0 }), ws({ port: 0 }))
  ;[overHttp, overWs] = listeners.map(({ address }) => address) as [string, string]
})
test.after(() => server.close())

test('a WebSocket URL of a server over HTTP', async () => {
  const url = overHttp.replace('http', 'ws')
  assert.match(await told(url), `${url} refused to open a WebSocket, with HTTP status 400: `)
  assert.match(await told(url), `; an MCP server over HTTP answers so: is it ${overHttp}?`)
})

test('a WebSocket URL of other servers over HTTP, which say no in their own ways', async () => {
  for (const answer of [
    (_request, response) => response.writeHead(405, { allow: 'POST' }).end(),
    (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n'),
  ] satisfies RequestListener[]) {
    await beside(answer, async host => {
      assert.match(await told(`ws://${host}/mcp?key=secret`), `an MCP server over HTTP answers so: is it http://${host}/mcp?`)
    })
  }
})

test('an HTTP URL of a server over WebSocket', async () => {
  const url = overWs.replace('ws', 'http')
  assert.is(
    await told(url),
    `${url} takes neither server/discover nor initialize: ${url} answered with HTTP status 426: it takes WebSockets only; is it ${overWs}?`,
  )
})

test('a wrong path of a WebSocket server', async () => {
  const url = overWs.replace('/mcp', '/sse')
  assert.is(
    await told(`${url}?token=abc`),
    `${url} refused to open a WebSocket, with HTTP status 404: nothing takes WebSockets there; is it ${overWs}? Oarlock serves at /mcp`,
  )
})

test('a web page, by either way and in each conversation', async () => {
  const page: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Welcome</title>')
  await beside(page, async host => {
    for (const options of [{}, { revision: '2025-11-25' }]) {
      assert.is(
        await told(`http://${host}/`, options),
        `http://${host}/ answered with HTTP status 200 and a web page, which is no MCP server: is the path right? Oarlock serves at /mcp`,
      )
    }
    assert.is(
      await told(`http://${host}/mcp`),
      `http://${host}/mcp answered with HTTP status 200 and a web page, which is no MCP server: is the address right?`,
    )
    assert.is(
      await told(`ws://${host}/`),
      `ws://${host}/ refused to open a WebSocket, with HTTP status 200 and a web page: is it ws://${host}/mcp? Oarlock serves at /mcp`,
    )
  })
})

test('JSON that is no answer', async () => {
  const json: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}')
  await beside(json, async host => {
    assert.is(await told(`http://${host}/health`), `http://${host}/health answered something else than was asked: {"status":"ok"}`)
  })
})

test('a revision or conversation that does not exist is refused before anything is asked', async () => {
  const known = '2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25, 2026-07-28'
  assert.is(
    await told(overHttp, { revision: '2026-07-29' }),
    `revision: '2026-07-29' is no revision that Oarlock speaks, which are ${known}. Did you mean '2026-07-28'?`,
  )
  assert.match(await told(overHttp, { prefer: 'newest' }), /^prefer: 'newest' is no revision that Oarlock speaks/)
  assert.is(await told(overHttp, { conversation: 'sesion' }), "conversation: 'sesion' is neither 'stateless' nor 'session'")
})

test('a server of revisions that nobody here speaks', async () => {
  const answering = (reply: (method: string) => object): RequestListener => {
    return (request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      request.on('end', () => {
        const { id, method } = JSON.parse(text) as { id: number; method: string }
        const body = { jsonrpc: '2.0', id, ...reply(method) }
        response.writeHead('error' in body ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    }
  }
  const refused = { error: { code: -32022, message: 'No', data: { supported: ['2031-01-01'], requested: '2026-07-28' } } }
  await beside(
    answering(() => refused),
    async host => {
      assert.is(
        await told(`http://${host}/mcp`),
        `No common revision: http://${host}/mcp speaks 2031-01-01, and this client 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25, 2026-07-28`,
      )
    },
  )
  const initialized = { result: { protocolVersion: '2031-01-01', capabilities: {}, serverInfo: { name: 'x', version: '1' } } }
  await beside(
    answering(method => (method === 'initialize' ? initialized : { error: { code: -32601, message: 'No such method' } })),
    async host => {
      assert.is(
        await told(`http://${host}/mcp`),
        `http://${host}/mcp answered initialize with revision "2031-01-01", which this client does not speak in a session: it speaks 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25`,
      )
    },
  )
})

test.run()
