import { META, parse, type Exchange, type RequestMessage, type StatelessVerdict } from '@oarlock/protocol'
import type { Context } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, messagesOf, promised, quiet, reports } from '../stage.ts'
import { envelope, settled, textOf, Wire, type Json } from '../wire.ts'

const test = suite('exchange')
const Name = Type.Object({ name: Type.String() })
const ASKABLE = { capabilities: { elicitation: {} } }
const accept = (name: string) => ({ action: 'accept', content: { name } })

function asking() {
  const server = quiet()
  server.tool('ask', { description: 'd' }, async (_args, ctx: Context) => {
    const one = await ctx.elicit('one', { message: '1', schema: Name })
    const two = await ctx.elicit('two', { message: '2', schema: Name })
    return `${one.content?.name ?? one.action} ${two.content?.name ?? two.action}`
  })
  server.tool('plain', { description: 'd' }, () => 'plain')
  return server
}

/** Calls `ask` with answers and the state of the reply before. */
async function answer(wire: Wire, state: unknown, inputResponses: unknown, name = 'ask') {
  return wire.modern('tools/call', { name, inputResponses, ...(state === undefined ? {} : { requestState: state }) }, ASKABLE)
}

test('S-MRTR-02, S-MRTR-15, S-MRTR-16: a question is a result of its own kind', async () => {
  const { result } = await new Wire(asking()).call('ask', {}, ASKABLE)
  assert.equal(Object.keys(result).toSorted(), ['_meta', 'inputRequests', 'requestState', 'resultType'])
  assert.equal(result['inputRequests'], {
    one: {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: '1',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    },
  })
})

test('S-MRTR-12, S-MRTR-13: what is missing is asked again, what is too much is ignored', async () => {
  const wire = new Wire(asking())
  const first = await wire.modern('tools/call', { name: 'ask' }, ASKABLE)
  const state = first.result['requestState']
  for (const answers of [
    {},
    { other: accept('x') },
    { one: null },
    { one: 5 },
    { one: { action: 'maybe' } },
    { one: { action: 'accept', content: {} } },
  ]) {
    const { result } = await answer(wire, state, answers)
    assert.equal(Object.keys(result['inputRequests'] as object), ['one'], JSON.stringify(answers))
  }
})

test('S-MRTR-14: inputResponses that are no object of answers are invalid', async () => {
  const wire = new Wire(asking())
  const state = (await wire.modern('tools/call', { name: 'ask' }, ASKABLE)).result['requestState']
  for (const answers of [null, 5, 'x', []]) {
    for (const requestState of [state, undefined]) assert.is((await answer(wire, requestState, answers)).error?.code, -32602)
  }
})

test('S-MRTR-15: declining and cancelling are answers', async () => {
  const wire = new Wire(asking())
  const first = await wire.modern('tools/call', { name: 'ask' }, ASKABLE)
  const second = await answer(wire, first.result['requestState'], { one: { action: 'decline' } })
  const third = await answer(wire, second.result['requestState'], { two: { action: 'cancel' } })
  assert.is(textOf(third), 'decline cancel')
})

test('an answer given once stands: a later round cannot replace it', async () => {
  const wire = new Wire(asking())
  const first = await wire.modern('tools/call', { name: 'ask' }, ASKABLE)
  const second = await answer(wire, first.result['requestState'], { one: accept('Ada') })
  const third = await answer(wire, second.result['requestState'], { one: accept('Mallory'), two: accept('Bob') })
  assert.is(textOf(third), 'Ada Bob')
})

test('a question cannot be answered before it was asked', async () => {
  const wire = new Wire(asking())
  const first = await wire.modern('tools/call', { name: 'ask' }, ASKABLE)
  const second = await answer(wire, first.result['requestState'], { one: accept('Ada'), two: accept('Mallory') })
  assert.equal(Object.keys(second.result['inputRequests'] as object), ['two'])
})

test('T11, S-MRTR-08: a state that does not belong to the call runs nothing, and why is for the log', async () => {
  const server = asking()
  const seen = reports(server)
  const ada = new Wire(server, { head: by('ada') })
  const state = (await ada.modern('tools/call', { name: 'ask' }, ASKABLE)).result['requestState']
  const bob = new Wire(server, { head: by('bob') })
  const refused = await answer(bob, state, { one: accept('x') })
  assert.equal(refused.error, { code: -32602, message: 'Invalid or expired requestState' })
  assert.match(messagesOf(seen).join(), 'of another call or caller')
  assert.is((await answer(ada, 5, {})).error?.message, 'requestState must be a string')
  assert.is(textOf(await answer(new Wire(server), undefined, {}, 'plain')), 'plain')
})

test('a state is for methods that may ask; elsewhere it is a parameter like any other', async () => {
  const reply = await new Wire(asking()).modern('tools/list', { requestState: 'garbage', inputResponses: 5 })
  assert.is(reply.error, undefined)
})

test('S-VER-17, S-META-05: nothing of a request is remembered for the next', async () => {
  const wire = new Wire(asking())
  assert.is((await wire.call('ask', {}, ASKABLE)).result['resultType'], 'input_required')
  const reply = await wire.call('ask')
  assert.is(reply.error?.code, -32021)
  assert.equal(reply.error?.data, { requiredCapabilities: { elicitation: { form: {} } } })
  assert.is(wire.frames.at(-1)?.status, 400)
})

test('S-MSG-10, S-MSG-16: methods that this revision does not have are not found', async () => {
  const wire = new Wire(asking())
  for (const method of [
    'ping',
    'initialize',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
    'tasks/get',
    'no/such',
    '__proto__',
    'notifications/initialized',
    'elicitation/create',
  ]) {
    const reply = await wire.modern(method, { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } })
    assert.is(reply.error?.code, -32601, method)
    assert.is(wire.frames.at(-1)?.status, 404)
  }
})

test('T35: an unknown method is repeated no longer than it has to be', async () => {
  const reply = await new Wire(asking()).modern('m'.repeat(1_000_000))
  assert.is(reply.error?.code, -32601)
  assert.ok(JSON.stringify(reply).length < 300)
})

test('S-DISC-01, S-DISC-02: discover says what there is', async () => {
  const server = quiet({ instructions: 'Be nice.', title: 'Test', cache: { 'server/discover': { ttl: '1m', scope: 'public' } } })
  const { result } = await new Wire(server).modern('server/discover')
  assert.equal(result, {
    resultType: 'complete',
    ttlMs: 60_000,
    cacheScope: 'public',
    _meta: { [META.serverInfo]: { name: 'test', version: '1.0.0', title: 'Test' } },
    supportedVersions: ['2026-07-28'],
    capabilities: { logging: {} },
    instructions: 'Be nice.',
  })
  assert.equal([(await new Wire(quiet()).modern('server/discover')).result['ttlMs']], [0])
})

test('S-META-10, S-META-11: trace context reaches handlers as it came, and malformed values harm nobody', async () => {
  const server = quiet()
  server.tool('t', { description: 'd' }, (_args, ctx: Context) => JSON.stringify([ctx.meta['traceparent'], ctx.meta['baggage']]))
  const wire = new Wire(server)
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  assert.is(textOf(await wire.call('t', {}, { meta: { traceparent, baggage: 'a=b' } })), `["${traceparent}","a=b"]`)
  assert.is(textOf(await wire.call('t', {}, { meta: { traceparent: { broken: 1 } } })), '[{"broken":1},null]')
})

/** An exchange of its own, as HTTP makes one for each POST. */
function posted(server: ReturnType<typeof quiet>, method: string, params: Json, id: string | number = 1) {
  const answers: { readonly text: string; readonly status: number }[] = []
  const notices: string[] = []
  const exchange: Exchange = {
    head: { transport: 'http' },
    notify: text => void notices.push(text),
    answer: (text, status) => void answers.push({ text, status }),
  }
  const message = parse(JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: envelope() } })) as RequestMessage
  const verdict: StatelessVerdict = {
    kind: 'stateless',
    revision: '2026-07-28',
    envelope: { version: '2026-07-28', capabilities: {}, info: undefined, logLevel: undefined },
  }
  return { running: server.exchange(exchange, message, verdict), answers, notices }
}

test('S-MSG-24: exchanges are apart, whatever their ids', async () => {
  const server = quiet()
  const gates = [promised<string>(), promised<string>()]
  let next = 0
  server.tool('t', { description: 'd' }, () => gates[next++]?.promise)
  const [one, two] = [posted(server, 'tools/call', { name: 't' }, 7), posted(server, 'tools/call', { name: 't' }, 7)]
  await settled()
  gates[1]?.resolve('two')
  await settled()
  assert.equal([one.answers.length, two.answers.length], [0, 1])
  gates[0]?.resolve('one')
  await settled()
  assert.match(one.answers[0]?.text as string, '"one"')
})

test('work that is done at once leaves nothing to cancel; other work is cancelled, once, and answers no more', async () => {
  const server = quiet()
  server.resource('r', { uri: 'x://r', description: 'd' }, () => 'r')
  const done = posted(server, 'resources/read', { uri: 'x://r' })
  assert.equal([done.running, done.answers.length, server.busy], [undefined, 1, 0])
  const [signal, go] = [promised<AbortSignal>(), promised()]
  server.tool('t', { description: 'd' }, async (_args, ctx: Context) => {
    signal.resolve(ctx.signal)
    await go.promise
    void ctx.progress(1)
    return 'late'
  })
  const { running, answers } = posted(server, 'tools/call', { name: 't' })
  const aborted = await signal.promise
  assert.is(server.busy, 1)
  running?.cancel(new Error('gone'))
  running?.cancel(new Error('again'))
  assert.equal([aborted.aborted, (aborted.reason as Error).message, server.busy], [true, 'gone', 1], 'the handler still runs')
  go.resolve()
  await settled()
  assert.equal([answers.length, server.busy], [0, 0])
})

test('a call that is cancelled while its state is opened runs nothing', async () => {
  const server = quiet()
  let ran = 0
  server.tool('t', { description: 'd' }, async (_args, ctx: Context) => {
    ran += 1
    await ctx.elicit('k', { message: '?', schema: Name })
  })
  const wire = new Wire(server)
  const first = await wire.modern('tools/call', { name: 't' }, ASKABLE)
  wire.sendModern(
    'again',
    'tools/call',
    { name: 't', requestState: first.result['requestState'], inputResponses: { k: accept('x') } },
    ASKABLE,
  )
  wire.cancel('again')
  await wire.modern('server/discover')
  while (server.busy > 0) await settled()
  assert.is(ran, 1)
  assert.is(wire.received.length, 2)
})

test.run()
