/** Questions inside results: all are answered, state goes back as it came, nothing leaks, nothing goes on for ever. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fakeClock } from '@oarlock/protocol'
import type { AnswerHandlers } from '../../src/answer/handlers.ts'
import { Client } from '../../src/client.ts'
import type { ClientOptions } from '../../src/options.ts'
import { failureOf, type Peer, type Script, settled, SILENCE, stateless } from '../scripted.ts'

const test = suite('rounds')

const FORM = {
  method: 'elicitation/create',
  params: { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } },
}
const SAMPLE = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 10 },
}
const ROOTS = { method: 'roots/list' }
const ask = (inputRequests?: object, requestState?: string): object => ({ resultType: 'input_required', inputRequests, requestState })
const done = (text = 'done'): object => ({ content: [{ type: 'text', text }] })

const HANDLERS: AnswerHandlers = {
  elicit: () => ({ action: 'accept', content: { name: 'Ada' } }),
  sample: () => ({ role: 'assistant', content: { type: 'text', text: 'Hello' }, model: 'm' }),
  roots: [{ uri: 'file:///home' }],
}

async function opened(call: Script, options: ClientOptions = {}): Promise<{ client: Client; peer: Peer }> {
  const peer = stateless({ 'tools/call': call, 'prompts/get': call, 'resources/read': call, 'tools/list': call })
  return { client: await Client.open(peer.connector, { answers: HANDLERS, ...options }), peer }
}

test('C-MRTR-01, C-MRTR-03, C-MRTR-09: every question is answered under its key by a bare result, in a new request', async () => {
  const { client, peer } = await opened(params => (params['inputResponses'] ? done() : ask({ who: FORM, say: SAMPLE, where: ROOTS }, 's1')))
  assert.is(await client.call('greet', { loud: true }), 'done')
  const [first, second] = peer.all('tools/call')
  assert.equal([first?.id, second?.id], [2, 3])
  const { _meta: _, ...params } = second?.params ?? {}
  assert.equal(params, {
    name: 'greet',
    arguments: { loud: true },
    inputResponses: {
      who: { action: 'accept', content: { name: 'Ada' } },
      say: { role: 'assistant', content: { type: 'text', text: 'Hello' }, model: 'm' },
      where: { roots: [{ uri: 'file:///home' }] },
    },
    requestState: 's1',
  })
})

test('C-MRTR-02: state goes back byte for byte, and is absent when none was given', async () => {
  const state = ' =\u0000\u2028"\\ünï\ud800 '
  const states = [state, undefined]
  const { client, peer } = await opened(() => (states.length > 0 ? ask({ a: ROOTS }, states.shift()) : done()))
  await client.call('a')
  assert.equal(
    peer.all('tools/call').map(({ params }) => ['requestState' in params, params['requestState']]),
    [
      [false, undefined],
      [true, state],
      [false, undefined],
    ],
  )
})

test('C-MRTR-02: state that a caller handed over is not repeated when the server asks without one', async () => {
  const { client, peer } = await opened(params => ('inputResponses' in params && !('requestState' in params) ? done() : ask({ a: ROOTS })))
  await client.raw.callTool({ name: 'a', inputResponses: {}, requestState: 'old' })
  const [, second] = peer.all('tools/call')
  assert.not.ok('requestState' in (second?.params ?? {}))
  assert.equal(second?.params['inputResponses'], { a: { roots: [{ uri: 'file:///home' }] } })
})

test('C-MRTR-04: parallel requests carry neither state nor answers of each other', async () => {
  const { client, peer } = await opened(params => {
    if (params['name'] === 'plain') return done('plain')
    return params['requestState'] === undefined
      ? ask({ [params['name'] as string]: ROOTS }, `state of ${params['name'] as string}`)
      : done(params['name'] as string)
  })
  assert.equal(await Promise.all(['a', 'plain', 'b'].map(name => client.call(name))), ['a', 'plain', 'b'])
  await client.call('plain')
  for (const { params } of peer.all('tools/call')) {
    if (params['requestState'] === undefined) continue
    assert.is(params['requestState'], `state of ${params['name'] as string}`)
    assert.equal(Object.keys(params['inputResponses'] as object), [params['name']])
  }
  assert.ok(
    peer
      .all('tools/call')
      .filter(({ params }) => params['name'] === 'plain')
      .every(({ params }) => !('requestState' in params)),
  )
})

test('C-MRTR-05: an answer that is only state is handed back after a pause', async () => {
  const { client, peer } = await opened(params => (params['requestState'] === undefined ? ask(undefined, 'again') : done()))
  const begun = performance.now()
  assert.is(await client.call('a'), 'done')
  assert.ok(performance.now() - begun > 200)
  assert.not.ok('inputResponses' in (peer.all('tools/call')[1]?.params ?? {}))
})

test('prompts and resources may ask too', async () => {
  const { client } = await opened(params =>
    params['inputResponses'] ? { messages: [], contents: [], ttlMs: 0, cacheScope: 'private' } : ask({ a: ROOTS }),
  )
  assert.equal(await client.prompt('p'), [])
  assert.equal(await client.read('a://b'), [])
})

test('a method that may not ask and does has a broken answer', async () => {
  const { client } = await opened(() => ask({ a: ROOTS }))
  assert.is((await failureOf(client.tools()))['fault'], 'INVALID_REQUEST')
})

test('C-MRTR-07: a server that never stops asking is left after ten rounds', async () => {
  const { client, peer } = await opened(() => ask({ a: ROOTS }))
  const fault = await failureOf(client.call('a'))
  assert.match(fault.message, 'asked 10 times')
  assert.is(peer.all('tools/call').length, 11)
  await failureOf(client.call('b', {}, { rounds: 2 }))
  assert.is(peer.all('tools/call').length, 14)
})

test('C-MRTR-07: a caller can take the questions over', async () => {
  const { client, peer } = await opened(params => (params['inputResponses'] ? done() : ask({ a: ROOTS }, 's')))
  const asked = await client.raw.request('tools/call' as string, { name: 'a' }, { rounds: 0 })
  assert.equal(asked['inputRequests'], { a: ROOTS })
  const answered = await client.raw.callTool({ name: 'a', inputResponses: { a: { roots: [] } }, requestState: 's' })
  assert.equal(answered.content, [{ type: 'text', text: 'done' }])
  assert.is(peer.all('tools/call').length, 2)
})

for (const [kind, question] of Object.entries({ elicitation: FORM, sampling: SAMPLE, roots: ROOTS })) {
  test(`C-MRTR-08: a question for ${kind} that was not declared fails the call`, async () => {
    const { client, peer } = await opened(() => ask({ a: question }), { answers: {} })
    const fault = await failureOf(client.call('a'))
    assert.match(fault.message, kind)
    assert.is(peer.all('tools/call').length, 1)
  })
}

test('C-MRTR-08, C-EL-02: a mode that was not declared fails the call', async () => {
  const { client, peer } = await opened(() =>
    ask({ a: { method: 'elicitation/create', params: { mode: 'url', message: 'Go', url: 'https://a.example' } } }),
  )
  assert.match((await failureOf(client.call('a'))).message, 'mode "url"')
  assert.is(peer.all('tools/call').length, 1)
})

test('C-MRTR-11: a handler that fails fails the call with its own error, and calls the others off', async () => {
  let aborted = false
  const { client, peer } = await opened(() => ask({ form: FORM, say: SAMPLE }), {
    answers: {
      elicit: (_form, { signal }) => new Promise(() => signal.addEventListener('abort', () => void (aborted = true))),
      sample: () => {
        throw new Error('out of tokens')
      },
    },
  })
  assert.is((await failureOf(client.call('a'))).message, 'out of tokens')
  assert.ok(aborted)
  assert.is(peer.all('tools/call').length, 1)
})

test('C-MRTR-09: an answer that does not fit the form is not sent', async () => {
  const { client, peer } = await opened(() => ask({ a: FORM }), { answers: { elicit: () => ({ action: 'accept', content: { name: 7 } }) } })
  const fault = await failureOf(client.call('a'))
  assert.is(fault['code'], 'INVALID_ANSWER')
  assert.match(fault.message, 'name must be a string')
  assert.is(peer.all('tools/call').length, 1)
})

const MALFORMED: Readonly<Record<string, object>> = {
  'neither questions nor state': ask(),
  'state that is no string': { ...ask({ a: ROOTS }), requestState: 7 },
  'questions that are a list': { ...ask(), inputRequests: [ROOTS] },
  'a question that is text': ask({ a: 'roots/list' }),
  'params that are a list': ask({ a: { method: 'roots/list', params: [] } }),
  'an unknown question': ask({ a: { method: 'secrets/list' } }),
  'more questions than anybody asks': ask(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [i, ROOTS]))),
}
for (const [what, result] of Object.entries(MALFORMED)) {
  test(`${what}: the answer is broken and nothing is sent`, async () => {
    const { client, peer } = await opened(() => result)
    assert.ok('fault' in (await failureOf(client.call('a'))))
    assert.is(peer.all('tools/call').length, 1)
  })
}

test('T8: a question named __proto__ is answered under that name', async () => {
  const { client, peer } = await opened(params =>
    params['inputResponses'] ? done() : ask(JSON.parse('{"__proto__":{"method":"roots/list"}}')),
  )
  await client.call('a')
  assert.match(peer.all('tools/call')[1]?.frame.text as string, '"inputResponses":{"__proto__":{"roots"')
})

test('a call that is cancelled while the user thinks is over, and the handler is told', async () => {
  const controller = new AbortController()
  let reason: unknown
  const { client, peer } = await opened(() => ask({ a: FORM }), {
    answers: {
      elicit: (_form, { signal }) => {
        setImmediate(() => controller.abort('enough'))
        return new Promise(() => signal.addEventListener('abort', () => void (reason = signal.reason)))
      },
    },
  })
  const fault = await failureOf(client.call('a', {}, { signal: controller.signal }))
  assert.is(fault['code'], 'CANCELLED')
  assert.is(reason, fault)
  assert.is(peer.all('tools/call').length, 1)
})

test('C-MRTR-07: a user who never answers does not keep the call for ever', async () => {
  const clock = fakeClock()
  let asked = (): void => {}
  const shown = new Promise<void>(resolve => void (asked = resolve))
  const { client } = await opened(() => ask({ a: FORM }), {
    clock,
    answers: {
      elicit: () => {
        asked()
        return new Promise(() => {})
      },
    },
  })
  const call = failureOf(client.call('a'))
  await shown
  clock.advance(600_000)
  assert.is((await call)['code'], 'TIMED_OUT')
})

test('closing the client while the user thinks ends the call', async () => {
  const { client } = await opened(() => ask({ a: FORM }), {
    answers: {
      elicit: () => {
        setImmediate(() => void client.close())
        return new Promise(() => {})
      },
    },
  })
  assert.is((await failureOf(client.call('a')))['code'], 'CANCELLED')
  await settled()
})

test('each round carries the progress token of its own request', async () => {
  const { client, peer } = await opened(params => (params['inputResponses'] ? SILENCE : ask({ a: ROOTS })))
  const seen: number[] = []
  const call = client.call('a', {}, { onProgress: ({ progress }) => void seen.push(progress) })
  const second = await peer.next(({ params }) => params['inputResponses'] !== undefined)
  peer.notify('notifications/progress', { progressToken: second.id, progress: 2 })
  peer.reply(second.id as number, done())
  await call
  assert.equal(seen, [2])
})

test.run()
