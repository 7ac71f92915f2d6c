/** A whole server in a process of its own, in both ways of conversing: what only shows with a real server behind the transport. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '@oarlock/client'
import { stdioConnector } from '@oarlock/stdio/client'
import { fromSource, Peer } from './peer.ts'

const test = suite('stdio conversations')

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
}
const start = () => new Peer(fromSource('kernel.ts'))
const call = (name: string, args: object = {}) => ({ name, arguments: args, _meta: META })
const line = (id: number, method: string, params: object) => `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`

type Answer = { id?: number; method?: string; result?: Record<string, unknown>; params?: { uri?: string; _meta?: Record<string, unknown> } }

async function handshake(peer: Peer): Promise<void> {
  const params = { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo: { name: 'test', version: '1' } }
  peer.request(0, 'initialize', params)
  await peer.next()
  peer.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
}

test('S-STD-06: statelessly a question is a result; no request is ever written', async () => {
  const peer = start()
  peer.request(1, 'tools/call', call('ask'))
  const { result } = (await peer.next()) as Answer
  assert.is(result?.['resultType'], 'input_required')
  await peer.end()
  assert.is(peer.output.trim().split('\n').length, 1)
})

test('S-STD-07: a cancelled request is stopped, and nothing more is said of it', async () => {
  const peer = start()
  peer.request(1, 'tools/call', call('cancelled'))
  await peer.until(() => peer.errors.includes('STARTED'))
  peer.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n')
  await peer.until(() => peer.errors.includes('CANCELLED'))
  peer.request(2, 'tools/call', call('slow', { ms: 0 }))
  assert.is((await peer.next())['id'], 2)
  assert.equal(await peer.end(), [0, null])
  assert.is(peer.output.trim().split('\n').length, 1)
})

test('S-STD-08: the news of several subscriptions carry the id of theirs', async () => {
  const peer = start()
  for (const id of [7, 8]) peer.request(id, 'subscriptions/listen', { notifications: { resourceSubscriptions: ['test://a'] }, _meta: META })
  await peer.next()
  await peer.next()
  peer.request(9, 'tools/call', call('touch'))
  const news: Answer[] = []
  while (news.length < 2) {
    const message = (await peer.next()) as Answer
    if (message.method === 'notifications/resources/updated') news.push(message)
  }
  assert.equal(new Set(news.map(({ params }) => params?._meta?.['io.modelcontextprotocol/subscriptionId'])), new Set([7, 8]))
  peer.child.stdin?.destroy()
  assert.equal(await peer.exit, [0, null])
})

test('S-STD-09: at the end of input subscriptions are finished and calls are answered, at once', async () => {
  const peer = start()
  peer.write(line(1, 'subscriptions/listen', { notifications: { toolsListChanged: true }, _meta: META }))
  peer.write(line(2, 'tools/call', call('slow', { ms: 100 })))
  assert.equal(await peer.end(), [0, null])
  const answered = peer.output
    .trim()
    .split('\n')
    .map(text => JSON.parse(text) as Answer)
    .filter(({ id }) => id !== undefined)
  assert.equal(
    answered.map(({ id }) => id),
    [1, 2],
  )
})

test('S-STD-09: a question that nobody can answer any more does not hold the process', async () => {
  const peer = start()
  await handshake(peer)
  peer.request(1, 'tools/call', { name: 'ask', arguments: {} })
  await peer.until(() => peer.output.includes('elicitation/create'))
  assert.equal(await peer.end(), [0, null])
})

test('both ways of conversing work on one connection, side by side', async () => {
  const peer = start()
  await handshake(peer)
  peer.request(1, 'tools/call', { name: 'slow', arguments: { ms: 0 } })
  peer.request(2, 'tools/call', call('slow', { ms: 0 }))
  const types = new Map<number, unknown>()
  while (types.size < 2) {
    const { id, result } = (await peer.next()) as Answer
    if (id !== undefined) types.set(id, result?.['resultType'])
  }
  assert.equal(
    types,
    new Map([
      [1, undefined],
      [2, 'complete'],
    ]),
  )
  await peer.end()
})

/** A server of an earlier time that cannot bear a request before initialize. */
const TOUCHY = `
  let rest = ''
  process.stdin.on('data', text => {
    const lines = (rest + text).split('\\n'); rest = lines.pop()
    for (const line of lines) {
      const { id, method } = JSON.parse(line)
      const say = result => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
      if (method === 'initialize') say({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'touchy', version: '1' } })
      else if (method === 'tools/call') say({ content: [{ type: 'text', text: String(process.pid) }] })
      else if (id !== undefined) process.exit(1)
    }
  })`

test('C-STD-06: a probe that ends the server makes the client start it again and speak the older way', async () => {
  const client = await Client.open(stdioConnector({ command: process.execPath, args: ['-e', TOUCHY], stderr: 'pipe' }))
  assert.is(client.revision, '2025-06-18')
  assert.ok(Number(await client.call('pid')) > 0)
  await client.close()
})

test('C-STD-04: cancelling is a message', async () => {
  const said: string[] = []
  const client = await Client.open(
    stdioConnector({ command: process.execPath, args: fromSource('kernel.ts'), stderr: text => said.push(text), cwd: process.cwd() }),
  )
  const controller = new AbortController()
  const called = client.call('cancelled', {}, { signal: controller.signal }).catch((error: unknown) => error)
  while (!said.includes('STARTED')) await new Promise(resolve => void setImmediate(resolve))
  controller.abort()
  await called
  while (!said.includes('CANCELLED')) await new Promise(resolve => void setImmediate(resolve))
  await client.close()
})

test.run()
