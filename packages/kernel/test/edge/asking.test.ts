/** A handler that asks: one text for both conversations, run again from the top when the answer is there. */

import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server, type Context } from '@oarlock/kernel'
import { textOf, Wire } from '../wire.ts'

const test = suite('asking')
const Name = Type.Object({ name: Type.String() })
const ALL = { elicitation: {}, sampling: {}, roots: {} }

function asking(): { readonly server: Server; readonly runs: string[] } {
  const runs: string[] = []
  const server = new Server({ name: 'asking', version: '1', log: false })
  server.tool('order', { description: 'Orders' }, async (_args, ctx: Context) => {
    runs.push('top')
    ctx.log.info('started')
    const who = await ctx.elicit('who', { message: 'Who?', schema: Name })
    if (who.action !== 'accept') return `declined by ${who.action}`
    const receipt = await ctx.once('charge', () => {
      runs.push('charge')
      return { number: 7 }
    })
    const size = await ctx.elicit('size', { message: 'Size?', schema: Type.Object({ size: Type.Integer() }) })
    return `${who.content.name} ${receipt.number} ${size.content?.size ?? ''}`
  })
  server.tool('both', { description: 'Asks two things at once' }, async (_args, ctx: Context) => {
    const [one, two] = await Promise.all([ctx.elicit('one', { message: '1', schema: Name }), ctx.roots('two')])
    return `${one.content?.name ?? ''} ${two.length}`
  })
  server.tool('swallow', { description: 'Catches everything' }, async (_args, ctx: Context) => {
    try {
      return `got ${(await ctx.elicit('k', { message: '?', schema: Name })).content?.name ?? ''}`
    } catch {
      return 'swallowed'
    }
  })
  return { server, runs }
}

const accept = (content: Record<string, unknown>) => ({ action: 'accept', content })

test('a session client is asked by requests and gets one answer', async () => {
  const { server, runs } = asking()
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', ALL)
  wire.answerWith({ 'elicitation/create': params => (params['message'] === 'Who?' ? accept({ name: 'Ada' }) : accept({ size: 3 })) })
  assert.is(textOf(await wire.request('tools/call', { name: 'order' })), 'Ada 7 3')
  assert.equal(runs, ['top', 'top', 'charge', 'top'])
  assert.is(wire.received.filter(message => message.method === 'notifications/message').length, 1, 're-entry repeats no log message')
  assert.ok(wire.frames.filter(frame => frame.kind === 'request').every(frame => frame.about !== undefined))
})

test('a stateless client is asked by results, and its requestState carries the rest', async () => {
  const { server, runs } = asking()
  const wire = new Wire(server)
  const first = await wire.modern('tools/call', { name: 'order' }, { capabilities: ALL })
  assert.is(first.result['resultType'], 'input_required')
  const requests = first.result['inputRequests'] as Record<string, { method: string }>
  assert.equal(Object.keys(requests), ['who'])
  const second = await wire.modern(
    'tools/call',
    { name: 'order', inputResponses: { who: accept({ name: 'Ada' }) }, requestState: first.result['requestState'] },
    { capabilities: ALL },
  )
  assert.equal(Object.keys(second.result['inputRequests'] as object), ['size'])
  const third = await wire.modern(
    'tools/call',
    { name: 'order', inputResponses: { size: accept({ size: 3 }) }, requestState: second.result['requestState'] },
    { capabilities: ALL },
  )
  assert.is(textOf(third), 'Ada 7 3')
  assert.equal(runs, ['top', 'top', 'charge', 'top'])
})

test('questions started together leave together', async () => {
  const { server } = asking()
  const wire = new Wire(server)
  const first = await wire.modern('tools/call', { name: 'both' }, { capabilities: ALL })
  assert.equal(Object.keys(first.result['inputRequests'] as object), ['one', 'two'])
})

test('questions that leave together are withdrawn together when one is refused', async () => {
  const { server } = asking()
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', ALL)
  const answer = wire.request('tools/call', { name: 'both' })
  const roots = await wire.until(message => message.method === 'roots/list')
  wire.send({ id: roots.id, error: { code: -1, message: 'no' } })
  assert.is((await answer).result['isError'], true)
  const [form] = wire.of('elicitation/create')
  assert.equal(
    wire.of('notifications/cancelled').map(({ params }) => params['requestId']),
    [form?.id],
  )
})

test('a handler that asks while its call is cancelled bothers nobody', async () => {
  const server = new Server({ name: 'asking', version: '1', log: false })
  const steps = new EventTarget()
  const over = new Promise<void>(resolve => {
    server.on('call.finished', () => resolve())
  })
  server.tool('late', { description: 'Asks and goes on' }, async (_args, ctx: Context) => {
    const roots = ctx.roots()
    await new Promise(resolve => steps.addEventListener('go', resolve, { once: true }))
    return (await roots).length
  })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', ALL)
  wire.send({ id: 7, method: 'tools/call', params: { name: 'late' } })
  wire.cancel(7)
  steps.dispatchEvent(new Event('go'))
  await over
  assert.equal(wire.of('roots/list'), [])
  assert.equal(wire.of('notifications/cancelled'), [])
})

test('a catch block that swallows the signal is overruled by the question', async () => {
  const { server } = asking()
  const wire = new Wire(server)
  const first = await wire.modern('tools/call', { name: 'swallow' }, { capabilities: ALL })
  assert.is(first.result['resultType'], 'input_required')
})

test('a client that lacks the capability gets the fault that names it', async () => {
  const { server } = asking()
  const wire = new Wire(server)
  const modern = await wire.modern('tools/call', { name: 'order' })
  assert.is(modern.error?.code, -32021)
  assert.equal(modern.error?.data, { requiredCapabilities: { elicitation: { form: {} } } })
  const session = new Wire(server)
  await session.initialize('2025-06-18')
  assert.is((await session.request('tools/call', { name: 'order' })).error?.code, -32602)
})

test('T11: a requestState that was changed, or is used for other arguments or another tool, is refused', async () => {
  const { server, runs } = asking()
  const wire = new Wire(server)
  const first = await wire.modern('tools/call', { name: 'order' }, { capabilities: ALL })
  const state = first.result['requestState'] as string
  const forged = `${state.slice(0, -2)}${state.endsWith('AA') ? 'BB' : 'AA'}`
  const before = runs.length
  for (const [params, requestState] of [
    [{ name: 'order' }, forged],
    [{ name: 'both' }, state],
    [{ name: 'order', arguments: { a: 1 } }, state],
    [{ name: 'order' }, 'garbage'],
    [{ name: 'order' }, ''],
  ] as const) {
    const reply = await wire.modern('tools/call', { ...params, requestState, inputResponses: {} }, { capabilities: ALL })
    assert.is(reply.error?.code, -32602)
    assert.is(reply.error?.message, 'Invalid or expired requestState')
  }
  assert.is(runs.length, before, 'no handler ran')
})

test('each run gets arguments, answers and results as they came, whatever an earlier one did to them, in both conversations', async () => {
  const server = new Server({ name: 'changing', version: '1', log: false })
  const input = Type.Object({ names: Type.Array(Type.Object({ name: Type.String() })), count: Type.Integer() })
  const seen: string[] = []
  const layered: number[] = []
  server.use('tools/call', (call, next) => {
    layered.push((call.args as { count: number }).count)
    ;(call.args as { count: number }).count = 5
    return next()
  })
  server.tool('change', { description: 'd', input }, async (args, ctx) => {
    seen.push(JSON.stringify(args))
    args.count += 1
    for (const each of args.names) each.name += '!'
    args.names.push({ name: 'more' })
    const done = await ctx.once('work', () => ({ steps: ['done'] }))
    done.steps.push('changed')
    const answers: unknown[] = []
    for (const key of ['one', 'two']) {
      const { content } = await ctx.elicit(key, { message: key, schema: Name })
      if (content !== undefined) content.name += '!'
      answers.push(content?.name)
    }
    return JSON.stringify([args, done.steps, answers])
  })
  const params = { name: 'change', arguments: { names: [{ name: 'Ada' }], count: 1 } }
  const answer = accept({ name: 'x' })
  const session = new Wire(server)
  await session.initialize('2025-11-25', ALL)
  session.answerWith({ 'elicitation/create': answer })
  const text = textOf(await session.request('tools/call', params))
  const runs = seen.splice(0)
  const first = JSON.stringify({ ...params.arguments, count: 5 })
  assert.equal(runs, [first, first, first])
  const wire = new Wire(server)
  let reply = await wire.modern('tools/call', params, { capabilities: ALL })
  for (const key of ['one', 'two']) {
    const { requestState } = reply.result
    reply = await wire.modern('tools/call', { ...params, requestState, inputResponses: { [key]: answer } }, { capabilities: ALL })
  }
  assert.equal([seen, textOf(reply)], [runs, text])
  assert.equal(layered, [1, 1, 1, 1], 'a session call goes through the layers once, and each stateless round by itself')
  assert.is(text, '[{"names":[{"name":"Ada!"},{"name":"more"}],"count":6},["done","changed"],["x!","x!"]]')
})

test.run()
