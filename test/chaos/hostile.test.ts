/** A server that means harm: it gets nowhere, and the client stays usable. */
// time limit: 120 s
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, type ClientOptions } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('hostile')

interface Request {
  readonly id: number
  readonly method: string
  readonly params: Record<string, unknown>
}

type Trick = (request: Request, res: ServerResponse, req: IncomingMessage) => void

const json = (res: ServerResponse, value: unknown, status = 200): void =>
  void res.writeHead(status, { 'Content-Type': 'application/json' }).end(typeof value === 'string' ? value : JSON.stringify(value))
const events = (res: ServerResponse): ServerResponse => {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
  return res
}
const good = (id: unknown): object => ({
  jsonrpc: '2.0',
  id,
  result: { resultType: 'complete', content: [{ type: 'text', text: 'good' }] },
})

/** Behaves until `tools/call` asks for the tool `trick`. */
async function facing(
  trick: Trick,
  act: (client: Client, other: { hits: number; port: number }) => Promise<void>,
  options: ClientOptions = {},
): Promise<void> {
  const other = { hits: 0, port: 0 }
  const victim = createServer((_req, res) => {
    other.hits += 1
    json(res, good(2))
  })
  await new Promise<void>(resolve => victim.listen(0, '127.0.0.1', resolve))
  other.port = (victim.address() as AddressInfo).port
  const server = createServer((req, res) => {
    res.on('error', () => {})
    let body = ''
    req.on('data', (chunk: Buffer) => (body += chunk.toString()))
    req.on('end', () => {
      const request = JSON.parse(body) as Request
      if (request.method === 'server/discover') {
        const result = {
          resultType: 'complete',
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: {} },
          ttlMs: 0,
          cacheScope: 'private',
          _meta: { [META.serverInfo]: { name: 'h', version: '1' } },
        }
        return json(res, { jsonrpc: '2.0', id: request.id, result })
      }
      if (request.params['name'] === 'good') return json(res, good(request.id))
      trick(request, res, req)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  const client = await Client.open(httpConnector(url, { maxMessage: 1_000_000 }), {
    timeout: 1000,
    heal: { firstWait: 1, attempts: 3 },
    ...options,
  })
  try {
    await act(client, other)
    assert.is(await client.call('good'), 'good')
  } finally {
    await client.close()
    for (const each of [server, victim]) {
      each.closeAllConnections()
      await new Promise(resolve => each.close(resolve))
    }
  }
}

async function refuses(client: Client, name = 'trick'): Promise<Error> {
  const started = performance.now()
  try {
    await client.call(name, {}, { idempotent: true })
  } catch (cause) {
    assert.ok(performance.now() - started < 5000)
    return cause as Error
  }
  throw new Error('The hostile server had its way')
}

const TRICKS: Record<string, Trick> = {
  'an answer under another id': ({ id }, res) => json(res, good(id + 1000)),
  'an answer under an id of another type': ({ id }, res) => json(res, good(String(id))),
  'an answer to null': (_request, res) => json(res, good(null)),
  'result and error at once': ({ id }, res) => json(res, { ...good(id), error: { code: -1, message: 'x' } }),
  'neither result nor error': ({ id }, res) => json(res, { jsonrpc: '2.0', id }),
  'an unknown resultType': ({ id }, res) => json(res, { jsonrpc: '2.0', id, result: { resultType: 'transmogrified', content: [] } }),
  'bad JSON': (_request, res) => json(res, '{"jsonrpc":"2.0","id":'),
  'a result that is no object': ({ id }, res) => json(res, { jsonrpc: '2.0', id, result: 'good' }),
  'JSON nested without end': (_request, res) => json(res, '['.repeat(200_000)),
  'a huge answer': ({ id }, res) => json(res, { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'x'.repeat(2_000_000) }] } }),
  'a huge line of events': (_request, res) => {
    const stream = events(res)
    const chunk = 'x'.repeat(100_000)
    const more = (): void => {
      while (!res.destroyed && stream.write(chunk));
    }
    stream.write('data: ')
    stream.on('drain', more)
    more()
  },
  'an endless line of headers of events': (_request, res) => {
    const stream = events(res)
    const chunk = 'field: x\n'.repeat(10_000)
    const more = (): void => {
      while (!res.destroyed && stream.write(chunk));
    }
    stream.on('drain', more)
    more()
  },
  'endless events that answer nothing': (_request, res) => {
    const stream = events(res)
    const chunk =
      `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } })}\n\n`.repeat(100)
    const more = (): void => {
      if (!res.destroyed) stream.write(chunk, () => setImmediate(more))
    }
    more()
  },
  'endless progress of somebody else': (_request, res) => {
    const stream = events(res)
    const chunk = `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 99, progress: 1 } })}\n\n`
    const more = (): void => {
      if (!res.destroyed) stream.write(chunk, () => setImmediate(more))
    }
    more()
  },
  'a stall after the head': (_request, res) => void events(res),
  'a stall before the head': () => {},
  'a stream that ends without an answer': (_request, res) => void events(res).end(),
  'a torn connection': (_request, res) => void res.socket?.resetAndDestroy(),
  'a media type that is neither': (_request, res) => void res.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'),
  'no content at all': (_request, res) => void res.writeHead(204).end(),
  'a question in a revision that has none': ({ id }, res) =>
    void events(res).end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, method: 'sampling/createMessage', params: {} })}\n\n`),
  'questions without end': ({ id }, res) =>
    json(res, { jsonrpc: '2.0', id, result: { resultType: 'input_required', inputRequests: { a: { method: 'roots/list' } } } }),
  'a question that was not declared': ({ id }, res) =>
    json(res, {
      jsonrpc: '2.0',
      id,
      result: { resultType: 'input_required', inputRequests: { a: { method: 'sampling/createMessage', params: {} } } },
    }),
}

for (const [name, trick] of Object.entries(TRICKS)) {
  test(`${name} gets nowhere`, () => facing(trick, async client => void (await refuses(client)), { answers: { roots: [] } }))
}

for (const [name, status] of [
  ['301', 301],
  ['302', 302],
  ['303', 303],
  ['307', 307],
  ['308', 308],
] as const) {
  test(`THREATS 8, T16, C-HTTP-12: a redirect (${name}) to another port of loopback, or to an address of the inside, is not followed`, async () => {
    let location = ''
    await facing(
      (_request, res) => void res.writeHead(status, { Location: location }).end(),
      async (client, other) => {
        const inside = [
          'http://169.254.169.254/latest/meta-data',
          'http://[::1]:80/',
          'http://10.0.0.1/',
          'file:///etc/passwd',
          '//localhost/',
          'http://user:pw@127.0.0.1/',
        ]
        for (location of [`http://127.0.0.1:${other.port}/mcp`, `http://localhost:${other.port}/mcp`, ...inside]) {
          assert.match((await refuses(client)).message, `HTTP status ${status}`)
        }
        assert.is(other.hits, 0)
      },
    )
  })
}

test('a redirect in circles ends', () =>
  facing(
    (_request, res) => void res.writeHead(307, { Location: '/mcp' }).end(),
    async client => assert.match((await refuses(client)).message, 'one too many'),
  ))

test('two answers: the first counts, the second is dropped', () =>
  facing(
    ({ id }, res) =>
      void events(res).end(
        `data: ${JSON.stringify(good(id))}\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'evil' }] } })}\n\n`,
      ),
    async client => assert.is(await client.call('trick'), 'good'),
  ))

test.run()
