/** Both conversations of the protocol on one WebSocket, with the real server: the rules of stdio over frames. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server } from '@oarlock/kernel'
import { META } from '@oarlock/protocol'
import { Serving } from './serving.ts'
import { opened, type Raw } from './wire.ts'

const test = suite('conversation')

const serving = new Serving()
const servers: Server[] = []
test.after.each(async () => {
  await serving.close()
  for (const server of servers.splice(0)) await server.close({ within: 0 })
})

interface Held {
  readonly signal: AbortSignal
  release(): void
}

interface Shop {
  readonly server: Server
  readonly port: number
  /** The next call of `hold`. */
  held(): Promise<Held>
}

async function shop(): Promise<Shop> {
  const server = new Server({ name: 'shop', version: '1.0.0', log: false })
  servers.push(server)
  const waiting: ((held: Held) => void)[] = []
  server.tool('say', {}, () => 'hello')
  server.tool('ask', {}, async (_args, ctx) => {
    const { action } = await ctx.elicit('name', { message: 'Name?', schema: { type: 'object', properties: { name: { type: 'string' } } } })
    return action
  })
  server.tool('hold', {}, async (_args, ctx) => {
    await new Promise<void>(release => {
      ctx.signal.addEventListener('abort', () => release())
      waiting.shift()?.({ signal: ctx.signal, release })
    })
    return 'released'
  })
  server.resource('a', { uri: 'shop://a' }, () => 'a')
  const { port } = await serving.listen(server)
  return { server, port, held: () => new Promise(resolve => waiting.push(resolve)) }
}

type Json = Readonly<Record<string, unknown>>

const enveloped = (params: Json = {}): Json => ({
  ...params,
  _meta: { [META.version]: '2026-07-28', [META.capabilities]: { elicitation: {} }, [META.clientInfo]: { name: 'raw', version: '0' } },
})
const subscriptionOf = ({ params, result }: { params?: Json; result?: Json }): unknown =>
  ((params ?? result)?.['_meta'] as Json | undefined)?.['io.modelcontextprotocol/subscriptionId']

async function handshake(raw: Raw, revision = '2025-11-25'): Promise<Json> {
  raw.request('hello', 'initialize', {
    protocolVersion: revision,
    capabilities: { elicitation: {} },
    clientInfo: { name: 'raw', version: '0' },
  })
  const { result } = await raw.message()
  raw.text({ jsonrpc: '2.0', method: 'notifications/initialized' })
  return result as Json
}

const call = (name: string): Json => ({ name, arguments: {} })

test('S-WS-05: both conversations go on over one socket, each request by its own envelope', async () => {
  const { port } = await shop()
  const raw = await opened(port)
  raw.request(1, 'server/discover', enveloped())
  const { result } = await raw.message()
  assert.ok((result?.['supportedVersions'] as string[] | undefined)?.includes('2026-07-28'))
  assert.is((await handshake(raw))['protocolVersion'], '2025-11-25')
  raw.request(2, 'tools/call', call('say'))
  const old = await raw.message()
  assert.equal([old.id, old.result?.['resultType']], [2, undefined])
  raw.request(3, 'tools/call', enveloped(call('say')))
  const recent = await raw.message()
  assert.equal([recent.id, recent.result?.['resultType']], [3, 'complete'])
})

test('S-WS-05: a broken envelope is refused, whatever the session says', async () => {
  const { port } = await shop()
  const raw = await opened(port)
  await handshake(raw)
  raw.request(2, 'tools/list', { _meta: { [META.version]: '2026-07-28' } })
  assert.is((await raw.message()).error?.code, -32602)
})

test('S-WS-05: a session belongs to its socket', async () => {
  const { port } = await shop()
  const [one, two] = [await opened(port), await opened(port)]
  await handshake(one)
  two.request(1, 'tools/call', call('ask'))
  assert.is((await two.message()).method, undefined, 'this client never said that it can be asked')
  one.request(1, 'tools/call', call('ask'))
  assert.is((await one.message()).method, 'elicitation/create')
})

test('S-STD-06: a stateless handler that asks answers with its questions; only a session is asked by request', async () => {
  const { port } = await shop()
  const raw = await opened(port)
  raw.request(1, 'tools/call', enveloped(call('ask')))
  const asked = await raw.message()
  assert.equal([asked.id, asked.method, asked.result?.['resultType']], [1, undefined, 'input_required'])
  await handshake(raw)
  raw.request(2, 'tools/call', call('ask'))
  const question = await raw.message()
  assert.is(question.method, 'elicitation/create')
  raw.text({ jsonrpc: '2.0', id: question.id, result: { action: 'decline' } })
  const answer = await raw.message()
  assert.equal([answer.id, answer.result?.['content']], [2, [{ type: 'text', text: 'decline' }]])
})

test('S-STD-07, S-WS-06: cancelled aborts the request, and nothing more is said of it', async () => {
  const { port, held } = await shop()
  const raw = await opened(port)
  const holding = held()
  raw.request(1, 'tools/call', enveloped(call('hold')))
  const { signal } = await holding
  raw.text({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } })
  raw.request(2, 'tools/call', enveloped(call('say')))
  assert.is((await raw.message()).id, 2)
  assert.ok(signal.aborted)
})

test('S-STD-08, S-WS-06: several listens share the socket, each message with the id of its own', async () => {
  const { server, port } = await shop()
  const raw = await opened(port)
  raw.request('tools', 'subscriptions/listen', enveloped({ notifications: { toolsListChanged: true } }))
  raw.request(7, 'subscriptions/listen', enveloped({ notifications: { resourceSubscriptions: ['shop://a'], toolsListChanged: true } }))
  const acks = [await raw.message(), await raw.message()] as { method?: string; params?: Json }[]
  assert.equal(
    acks.map(ack => [ack.method, subscriptionOf(ack)]),
    [
      ['notifications/subscriptions/acknowledged', 'tools'],
      ['notifications/subscriptions/acknowledged', 7],
    ],
  )
  server.resourceUpdated('shop://a')
  const updated = (await raw.message()) as { method?: string; params?: Json }
  assert.equal([updated.method, subscriptionOf(updated)], ['notifications/resources/updated', 7])
  server.tool('new', {}, () => 'x')
  const news = [await raw.message(), await raw.message()] as { method?: string; params?: Json }[]
  assert.equal(new Set(news.map(subscriptionOf)), new Set(['tools', 7]))
  raw.request(8, 'tools/call', enveloped(call('say')))
  assert.is((await raw.message()).id, 8)
})

test('S-WS-07: a socket that closes aborts its requests, and those of no other', async () => {
  const { port, held } = await shop()
  const [one, two] = [await opened(port), await opened(port)]
  const first = held()
  one.request(1, 'tools/call', enveloped(call('hold')))
  const mine = await first
  const second = held()
  two.request(1, 'tools/call', enveloped(call('hold')))
  const other = await second
  const aborted = new Promise(resolve => mine.signal.addEventListener('abort', resolve))
  one.socket.destroy()
  await aborted
  assert.not(other.signal.aborted)
  other.release()
  assert.is((await two.message()).id, 1)
})

test('row 1, T7: the same ids on many sockets get their own answers', async () => {
  const { server, port } = await shop()
  server.tool('echo', { input: { type: 'object', properties: { n: { type: 'number' } } } }, async args => {
    await new Promise(resolve => setTimeout(resolve, Math.random() * 5))
    return String((args as { n: number }).n)
  })
  const sockets = await Promise.all(Array.from({ length: 64 }, () => opened(port)))
  await Promise.all(
    sockets.map(async (raw, n) => {
      for (let id = 0; id < 5; id++) raw.request(id, 'tools/call', enveloped({ name: 'echo', arguments: { n: n * 10 + id } }))
      for (let i = 0; i < 5; i++) {
        const { id, result } = await raw.message()
        assert.equal(result?.['content'], [{ type: 'text', text: String(n * 10 + (id as number)) }])
      }
    }),
  )
})

test('T36: an id that is under way is refused a second time, in either conversation', async () => {
  const { port, held } = await shop()
  const raw = await opened(port)
  await handshake(raw)
  const holding = held()
  raw.request(1, 'tools/call', call('hold'))
  const { release } = await holding
  raw.request(1, 'tools/call', call('say'))
  assert.is((await raw.message()).error?.code, -32600)
  raw.request(1, 'tools/call', enveloped(call('say')))
  assert.is((await raw.message()).error?.code, -32600)
  release()
  assert.equal((await raw.message()).result?.['content'], [{ type: 'text', text: 'released' }])
})

test('S-BAT-06, S-WS-12: arrays are refused, except on a session of 2025-03-26', async () => {
  const { port } = await shop()
  const batch = [
    { jsonrpc: '2.0', id: 1, method: 'ping' },
    { jsonrpc: '2.0', id: 2, method: 'tools/list' },
  ]
  for (const revision of ['2024-11-05', '2025-06-18', '2025-11-25']) {
    const raw = await opened(port)
    await handshake(raw, revision)
    raw.text(batch)
    assert.is((await raw.message()).error?.code, -32600, revision)
  }
  const raw = await opened(port)
  raw.text([{ jsonrpc: '2.0', id: 1, method: 'tools/list', params: enveloped() }])
  assert.is((await raw.message()).error?.code, -32600)
  await handshake(raw, '2025-03-26')
  raw.text(batch)
  const answers = (await raw.message()) as unknown as { id: number; result: Json }[]
  assert.equal(
    answers.map(({ id }) => id),
    [1, 2],
  )
  raw.text(Array.from({ length: 101 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' })))
  assert.is((await raw.message()).error?.code, -32600)
})

test('T37: the version is looked at in every request', async () => {
  const { port } = await shop()
  const raw = await opened(port)
  raw.request(1, 'tools/call', enveloped(call('say')))
  assert.ok((await raw.message()).result)
  raw.request(2, 'tools/call', {
    ...call('say'),
    _meta: { [META.version]: '2099-01-01', [META.capabilities]: {}, [META.clientInfo]: { name: 'x', version: '1' } },
  })
  assert.is((await raw.message()).error?.code, -32022)
})

test('S-WS-11: closing the server answers what is under way, ends listens with their result, then says 1001', async () => {
  const { server, port, held } = await shop()
  await server.listen({ listen: async () => ({ address: 'x', stop: () => undefined, close: () => serving.close() }) })
  const raw = await opened(port)
  raw.request('listen', 'subscriptions/listen', enveloped({ notifications: { toolsListChanged: true } }))
  assert.is((await raw.message()).method, 'notifications/subscriptions/acknowledged')
  const holding = held()
  raw.request(1, 'tools/call', enveloped(call('hold')))
  const { release } = await holding
  const closing = server.close()
  const ended = await raw.message()
  assert.equal([ended.id, subscriptionOf(ended)], ['listen', 'listen'])
  raw.request(2, 'tools/call', enveloped(call('say')))
  assert.ok((await raw.message()).error, 'refused: the server closes')
  release()
  assert.is((await raw.message()).id, 1)
  assert.is((await raw.goodbye())[0], 1001)
  await closing
})

test('the kernel limits what one socket has in flight', async () => {
  const server = new Server({ name: 'small', version: '1', limits: { inFlight: 2 }, log: false })
  servers.push(server)
  server.tool('hold', {}, (_args, ctx) => new Promise(resolve => ctx.signal.addEventListener('abort', () => resolve('x'))))
  const { port } = await serving.listen(server)
  const raw = await opened(port)
  for (const id of [1, 2, 3]) raw.request(id, 'tools/call', enveloped(call('hold')))
  const refused = await raw.message()
  assert.equal([refused.id, refused.error?.code], [3, 503])
})

test.run()
