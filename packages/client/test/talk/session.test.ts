/** The conversation with a handshake: its order, and the server's requests on it. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type JsonObject, type Revision, SESSION_REVISIONS, Unsupported } from '@oarlock/protocol'
import type { AnswerHandlers } from '../../src/answer/handlers.ts'
import { Client } from '../../src/client.ts'
import { Rejected } from '../../src/error.ts'
import type { ClientOptions } from '../../src/options.ts'
import { failureOf, type Peer, type PeerOptions, Refusal, type Script, type Sent, sessional, settled, SILENCE } from '../scripted.ts'

const test = suite('session')

const echo: Script = () => ({ content: [{ type: 'text', text: 'done' }] })
const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } }
const SAMPLE = { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 10 }

const HANDLERS: AnswerHandlers = {
  elicit: { form: () => ({ action: 'accept', content: { name: 'Ada' } }), url: () => ({ action: 'accept' }) },
  sample: { handle: () => ({ role: 'assistant', content: [{ type: 'text', text: 'Hello' }], model: 'm' }), tools: true, context: true },
  roots: [{ uri: 'file:///home', name: 'home' }],
}

interface Opened {
  readonly client: Client
  readonly peer: Peer
  readonly warnings: string[]
}

async function opened(
  revision: Revision,
  script: Readonly<Record<string, Script>> = {},
  options: ClientOptions = {},
  peerOptions?: PeerOptions,
  capabilities?: object,
): Promise<Opened> {
  const peer = sessional(revision, { 'tools/call': echo, ...script }, peerOptions, capabilities)
  const client = await Client.open(peer.connector, { revision, ...options })
  const warnings: string[] = []
  client.on('warning.reported', ({ message }) => void warnings.push(message))
  return { client, peer, warnings }
}

/** The client's reply to a request of the server. */
async function asked(peer: Peer, id: string | number, method: string, params?: object): Promise<Sent> {
  peer.ask(id, method, params)
  return peer.next(sent => sent.id === id && sent.frame.kind === 'reply')
}

for (const revision of SESSION_REVISIONS) {
  test(`C-LEG-01: ${revision} opens with initialize, then initialized, and nothing in between`, async () => {
    const { client, peer } = await opened(revision, {}, { name: 'tester', version: '2.0.0', answers: HANDLERS })
    assert.equal(
      peer.sent.map(({ method }) => method),
      ['initialize', 'notifications/initialized'],
    )
    assert.is(peer.sent[0]?.id, 1)
    assert.equal(peer.sent[0]?.params['clientInfo'], { name: 'tester', version: '2.0.0' })
    assert.is(client.revision, revision)
    assert.is(client.conversation, 'session')
    assert.is(client.server?.info?.name, 'calculator')
    assert.is(client.server?.instructions, 'Add with care')
    assert.is(await client.call('add'), 'done')
    assert.is(peer.all('tools/call')[0]?.params['_meta'], undefined)
  })

  test(`C-META-03: capabilities are declared in the words of ${revision}`, async () => {
    const { peer } = await opened(revision, {}, { answers: HANDLERS })
    const expected: Record<string, object> = {
      '2024-11-05': { sampling: {}, roots: { listChanged: true } },
      '2025-03-26': { sampling: {}, roots: { listChanged: true } },
      '2025-06-18': { elicitation: {}, sampling: {}, roots: { listChanged: true } },
      '2025-11-25': { elicitation: { form: {}, url: {} }, sampling: { tools: {}, context: {} }, roots: { listChanged: true } },
    }
    assert.equal(peer.sent[0]?.params['capabilities'], expected[revision])
  })

  test(`C-LEG-13: roots and sampling are answered in ${revision}`, async () => {
    const { peer } = await opened(revision, {}, { answers: HANDLERS })
    assert.equal((await asked(peer, 'r', 'roots/list')).result, { roots: [{ uri: 'file:///home', name: 'home' }] })
    const { result } = await asked(peer, 's', 'sampling/createMessage', SAMPLE)
    assert.is((result as JsonObject)['model'], 'm')
    const single = revision !== '2025-11-25'
    assert.is(Array.isArray((result as JsonObject)['content']), !single, 'C-EL-15')
  })

  test(`ping is answered, and sent, in ${revision}`, async () => {
    const { client, peer } = await opened(revision)
    assert.equal((await asked(peer, 0, 'ping')).result, {})
    await client.ping()
    assert.is(peer.all('ping').length, 1)
  })

  test(`C-MSG-09: unknown and undeclared requests are refused with -32601 in ${revision}`, async () => {
    const { peer } = await opened(revision)
    for (const [id, method] of ['tools/call', 'roots/list', 'sampling/createMessage', 'elicitation/create'].entries()) {
      assert.is((await asked(peer, id + 100, method, {})).error?.code, -32601, method)
    }
  })

  test(`C-LEG-03: over headers, ${revision} is named on each message after the handshake as it wants`, async () => {
    const { client, peer } = await opened(revision, {}, {}, { headers: true })
    await client.call('a')
    peer.ask(9, 'ping')
    const named = revision >= '2025-06-18' ? { 'MCP-Protocol-Version': revision } : undefined
    await settled()
    assert.equal(
      peer.sent.map(({ frame }) => frame.headers),
      [undefined, named, named, named],
    )
  })
}

test('C-EL-04, C-EL-05: a form comes back checked, with its defaults', async () => {
  const { peer } = await opened('2025-11-25', {}, { answers: { elicit: () => ({ action: 'accept' }) } })
  const requestedSchema = {
    type: 'object',
    properties: { name: { type: 'string', default: 'Bo' }, age: { type: 'integer', default: 30 } },
    required: ['name'],
  }
  assert.equal((await asked(peer, 1, 'elicitation/create', { message: 'Who?', requestedSchema })).result, {
    action: 'accept',
    content: { name: 'Bo', age: 30 },
  })
})

test('C-EL-02: an undeclared mode is refused with -32602', async () => {
  const { peer } = await opened('2025-11-25', {}, { answers: { elicit: () => ({ action: 'accept' }) } })
  assert.is(
    (await asked(peer, 1, 'elicitation/create', { mode: 'url', message: 'a', url: 'https://a.example', elicitationId: 'e' })).error?.code,
    -32602,
  )
  assert.is((await asked(peer, 2, 'elicitation/create', { mode: 'telepathy', message: 'a' })).error?.code, -32602)
})

test('malformed questions are refused with -32602 and never reach a handler', async () => {
  const fail = (): never => {
    throw new Error('Nothing should have been asked')
  }
  const { peer } = await opened('2025-11-25', {}, { answers: { elicit: { form: fail, url: fail }, sample: fail } })
  const bad: [string, object][] = [
    ['elicitation/create', {}],
    ['elicitation/create', { message: 'a' }],
    ['elicitation/create', { message: 'a', requestedSchema: { type: 'object', properties: { a: { type: 'object' } } } }],
    ['elicitation/create', { mode: 'url', message: 'a', url: 'javascript:alert(1)', elicitationId: 'e' }],
    ['elicitation/create', { mode: 'url', message: 'a', url: 'file:///etc/passwd', elicitationId: 'e' }],
    ['sampling/createMessage', {}],
    ['sampling/createMessage', { ...SAMPLE, maxTokens: '10' }],
    ['sampling/createMessage', { ...SAMPLE, tools: [] }],
  ]
  for (const [id, [method, params]] of bad.entries())
    assert.is((await asked(peer, id, method, params)).error?.code, -32602, JSON.stringify(params))
})

test('C-EL-16: a user who rejects sampling is told to the server as -1', async () => {
  const answers: AnswerHandlers = {
    sample: () => {
      throw new Rejected('Not today')
    },
  }
  const { peer } = await opened('2025-11-25', {}, { answers })
  assert.equal((await asked(peer, 1, 'sampling/createMessage', SAMPLE)).error, { code: -1, message: 'Not today' })
})

test('row 16: what goes wrong in a handler stays here', async () => {
  const answers: AnswerHandlers = {
    sample: () => {
      throw new Error('key sk-123 expired')
    },
  }
  const { peer, warnings } = await opened('2025-11-25', {}, { answers })
  const { error, frame } = await asked(peer, 1, 'sampling/createMessage', SAMPLE)
  assert.is(error?.code, -32603)
  assert.not.match(frame.text, 'sk-123')
  assert.equal(warnings, ['The handler for sampling/createMessage failed'])
})

test('a question that the server withdraws is cancelled and not answered', async () => {
  let reason: unknown
  const answers: AnswerHandlers = {
    elicit: (_form, { signal }) => {
      return new Promise(resolve => {
        signal.addEventListener('abort', () => {
          reason = signal.reason
          resolve({ action: 'cancel' })
        })
      })
    },
  }
  const { client, peer } = await opened('2025-11-25', {}, { answers })
  peer.ask(7, 'elicitation/create', FORM)
  peer.notify('notifications/cancelled', { requestId: 7, reason: 'too late' })
  peer.notify('notifications/cancelled', { requestId: 8 })
  await client.ping()
  await settled()
  assert.match((reason as Error).message, 'too late')
  assert.equal(
    peer.sent.filter(({ frame }) => frame.kind === 'reply'),
    [],
  )
})

test('T36: a second request under an id that is being answered is refused', async () => {
  let finish = (): void => {}
  const answers: AnswerHandlers = { roots: () => new Promise(resolve => void (finish = () => resolve([{ uri: 'file:///a' }]))) }
  const { peer } = await opened('2025-11-25', {}, { answers })
  peer.ask('x', 'roots/list')
  peer.ask('x', 'roots/list')
  await settled()
  finish()
  await settled()
  const replies = peer.sent.filter(({ frame }) => frame.kind === 'reply')
  assert.equal(
    replies.map(({ error, result }) => error?.code ?? result),
    [-32600, { roots: [{ uri: 'file:///a' }] }],
  )
})

test('T24: a server that asks without end is refused what exceeds the bound', async () => {
  const answers: AnswerHandlers = { roots: () => new Promise(() => {}) }
  const { peer } = await opened('2025-11-25', {}, { answers })
  for (let id = 0; id < 70; id++) peer.ask(id, 'roots/list')
  await settled()
  assert.is(peer.sent.filter(({ error }) => error !== undefined).length, 6)
})

test('C-LEG-11: 2025-03-26 takes batches, element by element; later revisions report them', async () => {
  const batch = JSON.stringify([
    { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
    { jsonrpc: '2.0', id: 5, method: 'ping' },
    { jsonrpc: '2.0', id: 2, result: { content: [{ type: 'text', text: 'batched' }] } },
    7,
  ])
  const { client, peer, warnings } = await opened('2025-03-26', { 'tools/call': () => SILENCE })
  let changes = 0
  client.on('tools.changed', () => void changes++)
  const call = client.call('a')
  await peer.next(({ id }) => id === 2)
  peer.raw(batch)
  assert.is(await call, 'batched')
  assert.is(changes, 1)
  assert.equal(peer.sent.at(-1)?.result, {})
  assert.is(warnings.length, 1)
  const later = await opened('2025-06-18')
  later.peer.raw(batch)
  assert.is(later.warnings.length, 1)
})

test('the level of logging is asked for when the session opens and later', async () => {
  const { client, peer } = await opened('2025-06-18', { 'logging/setLevel': () => ({}) }, { logLevel: 'error' })
  await client.setLogLevel('debug')
  assert.equal(
    peer.all('logging/setLevel').map(({ params }) => params),
    [{ level: 'error' }, { level: 'debug' }],
  )
})

test('a server without logging is talked to without it', async () => {
  const { client, peer } = await opened('2025-06-18', {}, { logLevel: 'error' }, {}, { tools: {} })
  assert.ok(Unsupported.is(await failureOf(client.setLogLevel('debug'))))
  assert.equal(peer.all('logging/setLevel'), [])
})

test('C-EL-18: changed roots are told where roots were declared', async () => {
  const { client, peer } = await opened('2025-11-25', {}, { answers: { roots: [] } })
  client.notifyRootsChanged()
  assert.is(peer.all('notifications/roots/list_changed').length, 1)
  const without = await opened('2025-11-25')
  without.client.notifyRootsChanged()
  assert.is(without.peer.all('notifications/roots/list_changed').length, 0)
})

test('handlers of a new kind open a session anew that was not used yet', async () => {
  const { client, peer } = await opened('2025-11-25', { 'logging/setLevel': () => ({}) }, { logLevel: 'error' })
  let ends = 0
  client.on('connection.closed', () => void ends++)
  await client.answer({ sample: () => ({ role: 'assistant', content: { type: 'text', text: 'x' }, model: 'm' }) })
  assert.is(peer.connections, 2)
  assert.equal(
    peer.all('initialize').map(({ params }) => params['capabilities']),
    [{}, { sampling: {} }],
  )
  assert.is(peer.all('logging/setLevel').length, 2)
  assert.is(await client.call('a'), 'done')
  assert.is(ends, 0)
})

test('handlers can be replaced on a session in use, and new kinds cannot be added', async () => {
  const { client, peer } = await opened('2025-11-25', {}, { answers: { roots: [] } })
  await client.call('a')
  await client.answer({ roots: [{ uri: 'file:///later' }] })
  assert.equal((await asked(peer, 1, 'roots/list')).result, { roots: [{ uri: 'file:///later' }] })
  const fault = await failureOf(client.answer({ sample: () => ({ role: 'assistant', content: [], model: 'm' }) }))
  assert.ok(Unsupported.is(fault))
  assert.match(fault.message, 'without sampling')
  assert.is((await asked(peer, 2, 'sampling/createMessage', SAMPLE)).error?.code, -32601)
  assert.is(peer.connections, 1)
})

test('C-EL-12, C-EL-11: -32042 shows its pages, and the end of each is told once', async () => {
  const page = { mode: 'url', elicitationId: 'e1', url: 'https://a.example/login', message: 'Log in' }
  const { client, peer } = await opened('2025-11-25', {
    'tools/call': () => {
      throw new Refusal(-32042, 'Log in first', { elicitations: [page] })
    },
  })
  const completed: string[] = []
  client.on('elicitation.completed', ({ elicitationId }) => void completed.push(elicitationId))
  const fault = await failureOf(client.call('a'))
  assert.is(fault['fault'], 'URL_ELICITATION_REQUIRED')
  assert.equal(fault['elicitations'], [page])
  for (const elicitationId of ['e0', 'e1', 'e1']) peer.notify('notifications/elicitation/complete', { elicitationId })
  assert.equal(completed, ['e1'])
})

test('C-EL-11: the end of a page that was asked for by a request is told', async () => {
  const { client, peer } = await opened('2025-11-25', {}, { answers: HANDLERS })
  const completed: string[] = []
  client.on('elicitation.completed', ({ elicitationId }) => void completed.push(elicitationId))
  const { result } = await asked(peer, 1, 'elicitation/create', {
    mode: 'url',
    message: 'a',
    url: 'https://a.example',
    elicitationId: 'e7',
  })
  assert.equal(result, { action: 'accept' })
  peer.notify('notifications/elicitation/complete', { elicitationId: 'e7' })
  assert.equal(completed, ['e7'])
})

test('C-LEG-10: cancelling sends the notification, with headers too', async () => {
  const { client, peer } = await opened('2025-06-18', { 'tools/call': () => SILENCE }, {}, { headers: true })
  const controller = new AbortController()
  const call = client.call('a', {}, { signal: controller.signal })
  await peer.next(({ method }) => method === 'tools/call')
  controller.abort(new Error('bored'))
  await failureOf(call)
  assert.equal(peer.all('notifications/cancelled')[0]?.params, { requestId: 2, reason: 'Cancelled: bored' })
  assert.equal(peer.abandoned, [2])
})

test('C-UTIL-05: a handshake that is called off is not cancelled by a notification', async () => {
  const peer = sessional('2025-11-25', { initialize: () => SILENCE })
  const controller = new AbortController()
  const opening = Client.open(peer.connector, { revision: '2025-11-25', signal: controller.signal })
  await peer.next(({ method }) => method === 'initialize')
  controller.abort()
  assert.is((await failureOf(opening))['code'], 'CANCELLED')
  assert.equal(peer.all('notifications/cancelled'), [])
})

test('methods that the revision does not have are refused here', async () => {
  const { client, peer } = await opened('2025-06-18')
  for (const method of ['server/discover', 'subscriptions/listen', 'elicitation/create', 'tasks/get']) {
    assert.ok(Unsupported.is(await failureOf(client.raw.request(method, { x: 1 }))), method)
  }
  assert.is(peer.sent.length, 2)
})

test('params are said in the words of the revision', async () => {
  const { client, peer } = await opened('2024-11-05', { 'completion/complete': () => ({ completion: { values: ['a'] } }) })
  await client.complete({ type: 'ref/prompt', name: 'p', title: 'P' }, { name: 'x', value: 'a' }, { y: 'b' })
  assert.equal(peer.all('completion/complete')[0]?.params, { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'x', value: 'a' } })
})

test('progress and metadata ride in _meta only when there is some', async () => {
  const { client, peer } = await opened('2025-06-18', { 'tools/call': () => SILENCE })
  const seen: number[] = []
  const call = client.call('a', {}, { onProgress: ({ progress }) => void seen.push(progress), meta: { 'com.example/x': 1 } })
  const sent = await peer.next(({ method }) => method === 'tools/call')
  assert.equal(sent.params['_meta'], { 'com.example/x': 1, progressToken: 2 })
  peer.notify('notifications/progress', { progressToken: 2, progress: 3 })
  peer.reply(2, { content: [] })
  await call
  assert.equal(seen, [3])
})

test.run()
