/** Exceptions in what a client is given: answers, middleware, connectors, validation, credentials, listeners, progress callbacks. */
import { Client, type AnswerHandlers, type ClientOptions, type InvalidResult } from '@oarlock/client'
import { httpConnector, type HttpConnectorOptions } from '@oarlock/http/client'
import type { ClientEvents } from '@oarlock/client'
import { ConnectionClosed, Fault, type Connector, type CreateMessageRequestParams, type Link, type Listener } from '@oarlock/protocol'
import { wsConnector } from '@oarlock/ws/client'
import { http, Server, toUpgrade, Type } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { proxyTo, type Proxy } from '../proxy/proxy.ts'
import { WAYS, type Way } from './scene.ts'

const test = suite('hooks of clients')

const REVISIONS = ['2025-11-25', '2026-07-28'] as const
const LEAK = /hunter2/
const FORM = { message: 'Well?', schema: Type.Object({}) }
const SAMPLE: CreateMessageRequestParams = { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 1 }

/** One server and two clients of it in one process: the one whose hooks fail, and one that must not notice. */
class Pair {
  readonly way: Way
  readonly thrown: Error[] = []
  /** What the failing client told its own listeners. */
  readonly warnings: unknown[] = []
  /** What it sent. */
  readonly sent: string[] = []
  /** What questions came to on the server. */
  readonly failures: string[] = []
  readonly server = new Server({ name: 'pair', version: '1', log: false })
  url = ''
  proxy!: Proxy
  armed = false
  #bystander!: Client
  #others: Client[] = []

  constructor(way: Way) {
    this.way = way
  }

  readonly fail = (): never => {
    const error = new Error(`hunter2, number ${this.thrown.length}`)
    this.thrown.push(error)
    if (this.way === 'rejects') return Promise.reject(error) as never
    throw error
  }

  async open(): Promise<this> {
    const { server } = this
    server.tool('echo', {}, () => 'echoed')
    server.tool('typed', { output: Type.Object({ n: Type.Number() }) }, () => ({ n: 1 }))
    server.tool('work', {}, async (_, ctx) => {
      await ctx.progress(1)
      ctx.log.info('working')
      return 'worked'
    })
    server.resource('page', { uri: 'page://one' }, () => 'one')
    server.prompt('review', {}, () => 'x')
    for (const [name, ask] of Object.entries({
      form: ctx => ctx.elicit('q', FORM),
      page: ctx => ctx.elicit('q', { message: 'Well?', url: 'https://example.com/' }),
      sample: ctx => ctx.sample('q', SAMPLE),
      roots: ctx => ctx.roots(),
    } satisfies Record<string, (ctx: Parameters<Parameters<Server['tool']>[2]>[1]) => Promise<unknown>>)) {
      server.tool(name, {}, async (_, ctx) => {
        try {
          return JSON.stringify(await ask(ctx))
        } catch (error) {
          if (error instanceof Error) this.failures.push(`${error.message} ${JSON.stringify(error)}`)
          throw error
        }
      })
    }
    const [listener] = await server.listen(http({ port: 0, upgrade: toUpgrade(server) }))
    this.url = (listener as Listener).address
    this.proxy = await proxyTo(Number(new URL(this.url).port))
    this.#bystander = await Client.open(httpConnector(this.url))
    return this
  }

  async client(options: ClientOptions, more: HttpConnectorOptions = {}): Promise<Client> {
    const tapped: HttpConnectorOptions = {
      fetch: (url, init) => {
        this.sent.push(typeof init.body === 'string' ? init.body : '')
        return fetch(url, init)
      },
      ...more,
    }
    return this.watched(await Client.open(httpConnector(this.url, tapped), options))
  }

  watched(client: Client): Client {
    client.on('warning.reported', ({ cause }) => void this.warnings.push(cause))
    this.#others.push(client)
    this.armed = true
    return client
  }

  /** How often each failure was told, to the caller or to those who listen for warnings. */
  async judge(told: readonly unknown[], times = 1): Promise<void> {
    this.armed = false
    assert.ok(this.thrown.length > 0, 'the hook was never run')
    const all = [...this.warnings, ...told]
    const counts = this.thrown.map(error => all.filter(each => each === error || (each as Error)?.cause === error).length)
    assert.equal(
      counts,
      counts.map(() => times),
    )
    assert.not.match(this.sent.join('\n'), LEAK)
    assert.not.match(this.failures.join('\n'), LEAK)
    assert.is(await this.#bystander.call('echo'), 'echoed')
    await this.close()
  }

  async close(): Promise<void> {
    await Promise.all([this.#bystander, ...this.#others].map(client => client.close()))
    await this.server.close({ within: 100 })
    await this.proxy.close()
  }
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.unreachable(),
    (cause: unknown) => cause,
  )

const fine = { model: 'm', role: 'assistant', content: { type: 'text', text: 'x' } } as const

const ANSWERS: Readonly<Record<string, readonly [tool: string, answers: (fail: () => never) => AnswerHandlers]>> = {
  'the handler of a form': ['form', fail => ({ elicit: fail })],
  'the handler of a page': ['page', fail => ({ elicit: { url: fail } })],
  'the handler of sampling': ['sample', fail => ({ sample: fail })],
  'consent before sampling': ['sample', fail => ({ sample: { handle: () => fine, approve: fail } })],
  'consent after sampling': ['sample', fail => ({ sample: { handle: () => fine, review: fail } })],
  'the handler of roots': ['roots', fail => ({ roots: fail })],
}

for (const way of WAYS) {
  for (const revision of REVISIONS) {
    for (const [name, [tool, answers]] of Object.entries(ANSWERS)) {
      test(`${revision}: ${name} ${way}: told once on this side, and nothing of it to the server`, async () => {
        const pair = await new Pair(way).open()
        const client = await pair.client({ revision, answers: answers(pair.fail) })
        const failure = await failureOf(client.call(tool))
        // Statelessly whoever calls gets the error of the handler; in a session the question is refused, and the tool fails of that.
        await pair.judge(revision === '2026-07-28' ? [failure] : [])
      })
    }

    test(`${revision}: middleware ${way}: whoever calls is told`, async () => {
      const pair = await new Pair(way).open()
      const client = (await pair.client({ revision })).use('tools/call', pair.fail)
      await pair.judge([await failureOf(client.call('echo'))])
    })

    test(`${revision}: validation of structured values ${way}: whoever calls is told`, async () => {
      const pair = await new Pair(way).open()
      const client = await pair.client({ revision, validate: () => pair.fail })
      await client.tools()
      const { problems } = (await failureOf(client.call('typed'))) as InvalidResult
      assert.equal(problems, [`it cannot be checked: ${pair.thrown[0]?.message}`])
      await pair.judge(pair.thrown)
    })

    test(`${revision}: a progress callback ${way}: the answer arrives`, async () => {
      const pair = await new Pair(way).open()
      const client = await pair.client({ revision })
      assert.is(await client.call('work', {}, { onProgress: pair.fail }), 'worked')
      await pair.judge([])
    })

    test(`${revision}: where headers come from ${way}: whoever calls is told, and the next call is made anew`, async () => {
      const pair = await new Pair(way).open()
      const client = await pair.client({ revision, heal: false }, { headers: () => (pair.armed ? pair.fail() : {}) })
      const failure = rootOf(await failureOf(client.call('echo')))
      pair.armed = false
      assert.is(await client.call('echo'), 'echoed')
      // The stream of a session asks for headers as well. Nobody waits for it: it is opened again after a while.
      await pair.judge(revision === '2026-07-28' ? [failure] : [failure, ...pair.thrown.filter(error => error !== failure)])
    })
  }

  test(`a connector ${way}: whoever opens is told`, async () => {
    const pair = await new Pair(way).open()
    const told = await failureOf(Client.open({ transport: 'mine', connect: pair.fail }))
    await pair.judge([told])
  })

  test(`a link that ${way} instead of sending is given up: what waits is told, and there is another`, async () => {
    const pair = await new Pair(way).open()
    const client = pair.watched(await Client.open(faulty(pair), { heal: { firstWait: 1 } }))
    const failure = await failureOf(client.call('echo'))
    pair.armed = false
    assert.ok(Fault.is(failure) || ConnectionClosed.is(rootOf(failure)) || rootOf(failure) === pair.thrown[0], String(failure))
    assert.is(await client.call('echo'), 'echoed')
    await pair.judge([pair.thrown[0]])
  })
}

/** The deepest cause. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}

/** A link of a user's own, over a real socket. */
function faulty(pair: Pair): Connector {
  const real = wsConnector(pair.url.replace('http', 'ws'))
  return {
    transport: 'mine',
    async connect(receiver, signal) {
      const link = await real.connect(receiver, signal)
      return { send: frame => (pair.armed ? pair.fail() : link.send(frame)), close: reason => link.close(reason) } satisfies Link
    },
  }
}

/** What makes an event happen. */
const NEWS: Readonly<Record<string, (pair: Pair, client: Client) => unknown>> = {
  'log.received': (_, client) => client.call('work'),
  'progress.received': (_, client) => client.call('work'),
  'tools.changed': ({ server }) => server.tool('more', {}, () => 'x'),
  'prompts.changed': ({ server }) => server.prompt('more', {}, () => 'x'),
  'resources.changed': ({ server }) => server.resource('more', { uri: 'page://two' }, () => 'x'),
  'resource.updated': ({ server }) => server.resourceUpdated('page://one'),
  'connection.closed': ({ proxy }) => proxy.cut(),
  'reconnect.scheduled': ({ proxy }, client) => (proxy.cut(), client.call('echo').catch(() => {})),
  'connection.restored': ({ proxy }, client) => (proxy.cut(), client.call('echo').catch(() => {})),
}

for (const [event, provoke] of Object.entries(NEWS) as [keyof ClientEvents, (typeof NEWS)[string]][]) {
  for (const way of WAYS) {
    test(`a listener of ${event} that ${way} is told once as a warning, and the next listener is heard`, async () => {
      const pair = await new Pair(way).open()
      const address = `ws://127.0.0.1:${pair.proxy.port}/mcp`
      const client = pair.watched(await Client.open(wsConnector(address), { logLevel: 'info', heal: { firstWait: 1, longestWait: 5 } }))
      const subscription = client.listen({ tools: true, prompts: true, resourceList: true, resources: ['page://one'] })
      await subscription.ready
      client.on(event, () => (pair.armed ? pair.fail() : undefined))
      const heard = new Promise<void>(resolve => client.on(event, () => resolve()))
      await provoke(pair, client)
      await heard
      await new Promise(resolve => setImmediate(resolve))
      pair.armed = false
      assert.is(await client.call('echo', {}, { idempotent: true }), 'echoed')
      subscription.close()
      await pair.judge([])
    })
  }
}

test('a listener of warnings that throws is the last to be told', async () => {
  const pair = await new Pair('throws').open()
  const client = await pair.client({})
  client.on('warning.reported', pair.fail)
  assert.is(await client.call('work', {}, { onProgress: pair.fail }), 'worked')
  assert.equal(pair.warnings, pair.thrown.slice(0, 1))
  assert.is(pair.thrown.length, 2)
  await pair.close()
})

test.run()
