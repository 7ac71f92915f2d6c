/** What our client does with every official SDK server, over every transport and in both conversations: one list of stories, told to each. */
import { Client, RemoteFault, ToolFailed, type AnswerHandlers } from '@oarlock/client'
import { type Connector, type Frame, type Revision, SESSION_REVISIONS, TimedOut } from '@oarlock/protocol'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { frameValidator } from '../oracle/frame-validator.ts'

/** A way to a server. */
export interface Peer {
  /** Opens a connector to a server that nobody else talks to, or that keeps its clients apart. */
  connector(): Promise<Connector>
}

export const ANSWERS: AnswerHandlers = {
  elicit: form => ({ action: 'accept', content: { name: `Ada, asked "${form.message}"` } }),
  sample: ({ maxTokens }) => ({
    role: 'assistant',
    content: { type: 'text', text: `hi in ${maxTokens} tokens` },
    model: 'test-model',
    stopReason: 'endTurn',
  }),
  roots: [{ uri: 'file:///work', name: 'work' }],
}

/** Connects as `connector` does, and has every frame that the client sends validated against the schema of its revision. */
export function validated(connector: Connector, revision: () => Revision | undefined): Connector {
  return {
    ...connector,
    connect: async (receiver, signal) => {
      const link = await connector.connect(receiver, signal)
      const send = link.send.bind(link)
      link.send = (frame: Frame) => {
        const message = JSON.parse(frame.text)
        const claimed = message.params?._meta?.['io.modelcontextprotocol/protocolVersion'] ?? message.params?.protocolVersion
        const spoken = (claimed ?? revision() ?? '2025-11-25') as Revision
        assert.equal(frameValidator(spoken)(message), [], frame.text)
        return send(frame)
      }
      return link
    },
  }
}

/** Opens a validated client. */
export async function open(peer: Peer, revision: Revision | undefined, answers: AnswerHandlers | undefined = ANSWERS): Promise<Client> {
  let client: Client | undefined
  const connector = validated(await peer.connector(), () => client?.revision ?? revision)
  client = await Client.open(connector, { name: 'interop', version: '1.0.0', revision, answers, timeout: 20_000 })
  return client
}

/** Stories by what they show. Each has a client of its own. */
export type Stories = Readonly<Record<string, (client: Client) => Promise<void>>>

export const STORIES: Stories = {
  'the server introduces itself': async client => {
    const server = await client.discover()
    assert.match(server.info?.name ?? '', /^sdk-v[12]$/)
    assert.is(server.instructions, 'Ask me anything')
    await client.ping()
  },
  'tools are listed and called': async client => {
    const tools = await client.tools()
    assert.ok(tools.some(({ name, inputSchema }) => name === 'add' && inputSchema.type === 'object'))
    assert.equal(await client.call('add', { a: 2, b: 3 }), client.revision >= '2025-06-18' ? { sum: 5 } : { sum: 5 })
    assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
  },
  'twenty calls at once each get their own answer': async client => {
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`)
    assert.equal(
      await Promise.all(names.map(name => client.call('greet', { name }))),
      names.map(name => `Hello, ${name}`),
    )
  },
  'a tool that fails says why': async client => {
    const failed = await failureOf(client.call('fail'))
    assert.ok(ToolFailed.is(failed))
    assert.is(failed.message, 'the disk is full')
  },
  'resources and templates are listed and read': async client => {
    assert.ok((await client.resources()).some(({ uri }) => uri === 'note://today'))
    assert.equal(
      (await client.templates()).map(({ uriTemplate }) => uriTemplate),
      ['note://day/{day}'],
    )
    const [today] = await client.read('note://today')
    assert.equal([today?.mimeType, today && 'text' in today && today.text], ['text/plain', 'rain'])
    const [day] = await client.read('note://day/monday')
    assert.is(day && 'text' in day && day.text, 'it is monday')
    const missing = await failureOf(client.read('note://nowhere'))
    assert.ok(RemoteFault.is(missing))
    assert.ok(missing.code === -32602 || missing.code === -32002)
  },
  'prompts are listed and filled in': async client => {
    assert.equal(
      (await client.prompts()).map(({ name }) => name),
      ['review'],
    )
    const [message] = await client.prompt('review', { code: 'x = 1', language: 'python' })
    assert.equal(message?.content, { type: 'text', text: 'Review this python: x = 1' })
  },
  'arguments are completed': async client => {
    const prompt = await client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'language', value: 'p' })
    assert.equal(prompt.values, ['python', 'pascal'])
    const template = await client.complete({ type: 'ref/resource', uri: 'note://day/{day}' }, { name: 'day', value: 't' })
    assert.equal(template.values, ['tuesday'])
  },
  'progress arrives before the answer': async client => {
    const seen: unknown[] = []
    assert.is(await client.call('steps', { count: 3 }, { onProgress: progress => void seen.push(progress) }), '3 steps')
    assert.equal(
      seen,
      [1, 2, 3].map(progress => ({ progress, total: 3, message: `step ${progress}` })),
    )
  },
  'log messages arrive': async client => {
    const logs: unknown[] = []
    client.on('log.received', event => void logs.push(event))
    await client.setLogLevel('info')
    await client.call('log')
    assert.equal(logs, [{ level: 'warning', logger: 'peer', data: { disk: 'low' } }])
  },
  'a cancelled call reaches the server': async client => {
    const controller = new AbortController()
    const call = client.call('wait', {}, { signal: controller.signal })
    await happened(client, 'waiting')
    controller.abort('enough')
    assert.is((await failureOf(call))['code'], 'CANCELLED')
    await happened(client, 'cancelled')
  },
  'a call that takes too long is given up': async client => {
    assert.ok(TimedOut.is(await failureOf(client.call('wait', {}, { timeout: 50 }))))
    assert.is(await client.call('greet', { name: 'again' }), 'Hello, again')
  },
  'an elicitation is answered, with defaults': async client => {
    assert.is(await client.call('ask'), 'accept {"name":"Ada, asked \\"Who are you?\\"","age":30}')
  },
  'a sampling request is answered': async client => {
    assert.is(await client.call('think'), 'test-model: hi in 20 tokens')
  },
  'roots are told': async client => {
    assert.is(await client.call('where'), 'file:///work')
  },
  'news of resources and tools arrives': async client => {
    await using news = client.listen({ tools: true, resources: ['note://today'] })
    const honoured = await news.ready
    assert.equal([honoured.tools, honoured.resources], [true, ['note://today']])
    await client.call('touch')
    const seen = [(await news.next()).value, (await news.next()).value].map(each => each?.kind)
    assert.equal(new Set(seen), new Set(['resource', 'tools']))
  },
}

/** What a revision has no words for. */
const TOO_NEW: Readonly<Record<string, Revision>> = { 'an elicitation is answered, with defaults': '2025-06-18' }

/** How stories are told of a server that is not one of ours. */
export interface Telling {
  readonly stories?: Stories
  readonly answers?: AnswerHandlers
}

/** Registers every story that a server can be told in `revision`; undefined lets client and server find theirs. */
export function tell(
  test: Test,
  name: string,
  peer: Peer,
  revision: Revision | undefined,
  expected: Revision,
  { stories = STORIES, answers = ANSWERS }: Telling = {},
): void {
  for (const [title, story] of Object.entries(stories)) {
    if (expected < (TOO_NEW[title] ?? '')) continue
    test(`${name}: ${title}`, async () => {
      const client = await open(peer, revision, answers)
      try {
        assert.is(client.revision, expected)
        await story(client)
      } finally {
        await client.close()
      }
    })
  }
}

/** Registers, for each revision with sessions, that the server is spoken to in it. */
export function tellPinned(test: Test, peer: Peer): void {
  for (const revision of SESSION_REVISIONS) {
    test(`pinned: the server is spoken to in ${revision}`, async () => {
      const client = await open(peer, revision)
      assert.is(client.revision, revision)
      assert.is(await client.call('greet', { name: 'Ada' }), 'Hello, Ada')
      assert.is(await client.call('think'), 'test-model: hi in 20 tokens')
      await client.close()
    })
  }
}

/** Asks the server until it has seen `what`. Each question is a round trip, so nothing is waited for but the server. */
export async function happened(client: Client, what: string): Promise<void> {
  while (!String(await client.call('happened')).includes(what)) await new Promise(resolve => void setImmediate(resolve))
}

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise
  } catch (cause) {
    return cause as Error & Record<string, unknown>
  }
  throw new Error('It should have been rejected')
}
