/** The connection in memory: what crosses it, in which order, and how it ends. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Head } from '../src/head.ts'
import type { Link, Receiver } from '../src/link.ts'
import { memoryConnector, type MemoryOptions } from '../src/memory.ts'
import { encodeNotice, encodeRequest, encodeResult, type Incoming } from '../src/message.ts'
import type { Service } from '../src/service.ts'

const test = suite('memory')

/** A receiver that writes down what it gets. */
class Ear implements Receiver {
  readonly heard: Incoming[] = []
  readonly ends: unknown[][] = []
  react: ((message: Incoming) => void) | undefined

  receive(message: Incoming): void {
    this.heard.push(message)
    this.react?.(message)
  }

  closed(...cause: unknown[]): void {
    this.ends.push(cause)
  }
}

function pair(options?: MemoryOptions) {
  const server = new Ear()
  const client = new Ear()
  const reports: unknown[] = []
  const heads: Head[] = []
  let back: Link | undefined
  const service: Service = {
    revisions: [],
    connect(link, head) {
      back = link
      heads.push(head)
      return Object.assign(server, { session: undefined, inFlight: 0 })
    },
    exchange: () => undefined,
    report: cause => void reports.push(cause),
  }
  const connector = memoryConnector(service, options)
  const there = connector.connect(client) as Link
  return { server, client, reports, heads, connector, there, back: back as Link }
}

const notice = (method: string, params?: object) => ({ kind: 'notice', method, text: encodeNotice(method, params) }) as const
const methods = (ear: Ear) => ear.heard.map(message => (message.kind === 'notice' ? message.method : message.kind))
/** Everything that is queued in microtasks has happened afterwards. */
const settled = () => new Promise(resolve => void setImmediate(resolve))

test('messages arrive in the order they were sent, after the sender has returned', async () => {
  const { there, server } = pair()
  for (let i = 0; i < 100; i++) void there.send(notice(`n${i}`))
  assert.is(server.heard.length, 0)
  await settled()
  assert.equal(
    methods(server),
    Array.from({ length: 100 }, (_, i) => `n${i}`),
  )
})

test('a message sent while another is delivered waits for its turn', async () => {
  const { there, back, server, client } = pair()
  server.react = () => void back.send({ kind: 'reply', id: 1, text: encodeResult(1, '{}') })
  client.react = () => assert.is(server.heard.length, 3)
  for (const method of ['a', 'b', 'c']) void there.send(notice(method))
  await settled()
  assert.is(client.heard.length, 3)
})

test('S-CT-04: what one side sends cannot be changed or read by reference on the other', async () => {
  const { there, server } = pair()
  const params = { list: [1] }
  void there.send({ kind: 'request', id: 1, method: 'm', text: encodeRequest(1, 'm', params) })
  params.list.push(2)
  await settled()
  const [message] = server.heard
  assert.equal(message, { kind: 'request', id: 1, method: 'm', params: { list: [1] } })
  assert.is.not((message as { params: object }).params, params)
})

test('text that is not a message arrives as invalid, in both directions', async () => {
  const { there, back, server, client } = pair({ limits: { depth: 3, batch: 2 } })
  void there.send({ kind: 'notice', text: '{"jsonrpc":"2.0","method":"m","params":{"a":{"b":{}}}}' })
  void back.send({ kind: 'notice', text: 'nonsense' })
  await settled()
  assert.is(server.heard[0]?.kind, 'invalid')
  assert.is(client.heard[0]?.kind, 'invalid')
})

test('closing tells the other side after what was sent before, and each side once', async () => {
  const { there, back, server, client } = pair()
  void there.send(notice('last'))
  there.close('bye')
  void there.send(notice('too late'))
  void back.send(notice('too late'))
  there.close()
  assert.equal([server.ends.length, client.ends.length], [0, 0])
  await settled()
  assert.equal(methods(server), ['last'])
  assert.equal(server.ends, [[undefined]])
  assert.equal(client.heard, [])
  assert.equal(client.ends, [['bye']])
  back.close()
  await settled()
  assert.equal([server.ends.length, client.ends.length], [1, 1])
})

test('a side that closes gets nothing more, though it was sent before', async () => {
  const { there, back, server, client } = pair()
  void there.send(notice('dropped'))
  back.close()
  await settled()
  assert.equal(server.heard, [])
  assert.is(server.ends.length, 1)
  assert.is(client.ends.length, 1)
})

test('closing in the middle of a delivery stops it', async () => {
  const { there, back, server } = pair()
  server.react = () => back.close()
  for (const method of ['a', 'b']) void there.send(notice(method))
  await settled()
  assert.equal(methods(server), ['a'])
})

test('a receiver that throws is reported and does not lose the next message', async () => {
  const { there, server, reports } = pair()
  server.react = () => {
    throw new Error('broken')
  }
  for (const method of ['a', 'b']) void there.send(notice(method))
  await settled()
  assert.equal(methods(server), ['a', 'b'])
  assert.is(reports.length, 2)
})

test('the server is told the head it was given, and a bare one otherwise', () => {
  assert.equal(pair().heads, [{ transport: 'memory' }])
  const head = { transport: 'memory', principal: { id: 'ada' } }
  assert.is(pair({ head }).heads[0], head)
})

test('a connector connects again, to a connection of its own', async () => {
  const { connector, server, client, there } = pair()
  const second = new Ear()
  const link = await connector.connect(second)
  there.close()
  void link.send(notice('still here'))
  await settled()
  assert.equal(methods(server), ['still here'])
  assert.is(client.ends.length, 1)
  assert.is(second.ends.length, 0)
})

test('an aborted signal refuses to connect with its reason', async () => {
  const { connector } = pair()
  const refused = await Promise.resolve(connector.connect(new Ear(), AbortSignal.abort('no'))).catch((reason: unknown) => reason)
  assert.is(refused, 'no')
})

test.run()
