import { fakeClock } from '@oarlock/protocol'
import { elicit, ToolError, type Context } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { promised, quiet, reports } from './stage.ts'
import { settled, textOf, Wire, type Json, type Received } from './wire.ts'

const test = suite('enter')
const ALL = { elicitation: {}, sampling: {}, roots: {} }
const Name = Type.Object({ name: Type.String() })
const accept = (name: string) => ({ action: 'accept', content: { name } })
const ask = (ctx: Context, key: string) => ctx.elicit(key, { message: key, schema: Name })

/** Calls a tool statelessly until it is done, answering each question with its own key. */
async function rounds(wire: Wire, name: string, meta: Json = {}): Promise<{ readonly last: Received; readonly count: number }> {
  let params: Json = { name }
  for (let count = 1; ; count += 1) {
    const last = await wire.modern('tools/call', params, { capabilities: ALL, meta })
    if (last.error !== undefined || last.result['resultType'] !== 'input_required') return { last, count }
    const keys = Object.keys(last.result['inputRequests'] as object)
    const inputResponses = Object.fromEntries(keys.map(key => [key, accept(key)]))
    params = { name, inputResponses, requestState: last.result['requestState'] }
  }
}

async function session(server: ReturnType<typeof quiet>): Promise<Wire> {
  const wire = new Wire(server)
  await wire.initialize('2025-11-25', ALL)
  wire.answerWith({ 'elicitation/create': params => accept(params['message'] as string) })
  return wire
}

test('what an async generator yields is progress, and what it returns is the result', async () => {
  const server = quiet()
  server.tool('work', { description: 'd' }, async function* () {
    yield 1
    yield 'half way'
    yield { progress: 3, total: 4, message: 'three' }
    return 'done'
  })
  const wire = new Wire(server)
  assert.is(textOf(await wire.call('work', {}, { meta: { progressToken: 't' } })), 'done')
  assert.equal(
    wire.of('notifications/progress').map(({ params }) => params),
    [
      { progressToken: 't', progress: 1 },
      { progressToken: 't', progress: 2, message: 'half way' },
      { progressToken: 't', progress: 3, total: 4, message: 'three' },
    ],
  )
})

test('a generator may ask, and is run again from the top without repeating its progress', async () => {
  const server = quiet()
  server.tool('work', { description: 'd' }, async function* (_args, ctx: Context) {
    yield { progress: 1, total: 2 }
    const answer = await ask(ctx, 'who')
    yield { progress: 2, total: 2 }
    return answer.content?.name ?? 'nobody'
  })
  for (const wire of [new Wire(server), await session(server)]) {
    const modern = wire.received.length === 0
    const meta = { progressToken: 5 }
    const last = modern ? (await rounds(wire, 'work', meta)).last : await wire.request('tools/call', { name: 'work', _meta: meta })
    assert.is(textOf(last), 'who')
    assert.equal(
      wire.of('notifications/progress').map(({ params }) => params['progress']),
      [1, 2],
    )
  }
})

test('a generator whose call is cancelled runs its finally block', async () => {
  const server = quiet()
  const [started, ended, go] = [promised(), promised(), promised()]
  server.tool('work', { description: 'd' }, async function* () {
    try {
      started.resolve()
      await go.promise
      yield 1
      yield 2
      return 'done'
    } finally {
      ended.resolve()
    }
  })
  const wire = new Wire(server)
  wire.sendModern(1, 'tools/call', { name: 'work' })
  await started.promise
  wire.cancel(1)
  go.resolve()
  await ended.promise
  await settled()
  assert.equal(wire.received, [])
})

test('a generator whose time ran out, or that yields what is no progress, is left: its finally block runs', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const [started, ended, go] = [promised(), promised(), promised()]
  server.tool('slow', { description: 'd', timeout: '1s' }, async function* () {
    try {
      started.resolve()
      await go.promise
      for (let step = 1; ; step += 1) yield step
    } finally {
      ended.resolve()
    }
  })
  let left = false
  server.tool('odd', { description: 'd' }, async function* () {
    try {
      yield Number.NaN
      return 'done'
    } finally {
      left = true
    }
  })
  const wire = new Wire(server)
  const answer = wire.call('slow')
  await started.promise
  clock.advance(1_000)
  assert.is((await answer).result['isError'], true)
  go.resolve()
  await ended.promise
  assert.is((await wire.call('odd', {}, { meta: { progressToken: 't' } })).result['isError'], true)
  assert.ok(left)
})

test('work in once is done once, whatever it returns, in both conversations', async () => {
  const server = quiet()
  let done: string[] = []
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const receipt = await ctx.once('charge', () => (done.push('charge'), { number: 7 }))
    const nothing = await ctx.once('mail', () => void done.push('mail'))
    const none = await ctx.once('null', () => (done.push('null'), null))
    await ask(ctx, 'sure')
    return JSON.stringify([receipt, nothing ?? 'undefined', none])
  })
  for (const wire of [new Wire(server), await session(server)]) {
    done = []
    const last = wire.received.length === 0 ? (await rounds(wire, 'pay')).last : await wire.request('tools/call', { name: 'pay' })
    assert.is(textOf(last), '[{"number":7},"undefined",null]')
    assert.equal(done, ['charge', 'mail', 'null'])
  }
})

test('work in once that is under way when the handler asks is waited for, and not done again', async () => {
  const server = quiet()
  let charged = 0
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const charge = ctx.once('charge', async () => {
      await settled()
      charged += 1
      return charged
    })
    const [receipt, who] = await Promise.all([charge, ask(ctx, 'who')])
    return `${receipt} ${who.content?.name ?? ''}`
  })
  assert.is(textOf((await rounds(new Wire(server), 'pay')).last), '1 who')
  assert.is(textOf(await (await session(server)).request('tools/call', { name: 'pay' })), '2 who')
  assert.is(charged, 2)
})

test('the question does not leave before work in once is done', async () => {
  const server = quiet()
  const gate = promised()
  let charged = 0
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const charge = ctx.once('charge', async () => {
      await gate.promise
      charged += 1
      return charged
    })
    const [receipt] = await Promise.all([charge, ask(ctx, 'who')])
    return String(receipt)
  })
  const wire = new Wire(server)
  const first = wire.modern('tools/call', { name: 'pay' }, { capabilities: ALL })
  for (let turn = 0; turn < 20; turn += 1) await settled()
  assert.equal(wire.received, [])
  gate.resolve()
  const { requestState } = (await first).result
  const last = await wire.modern('tools/call', { name: 'pay', requestState, inputResponses: { who: accept('Ada') } }, { capabilities: ALL })
  assert.equal([textOf(last), charged], ['1', 1])
})

test('what a handler starts and does not wait for harms nobody', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const server = quiet()
  server.tool('careless', { description: 'd' }, (_args, ctx: Context) => {
    void ask(ctx, 'a')
    void ctx.ask({ b: elicit({ message: 'b', schema: Name }) })
    void ctx.roots()
    void ctx.requireUrl('page', { message: 'Go', url: 'https://example.com' })
    void ctx.once('work', () => Promise.reject(new Error('no')))
    return 'done'
  })
  const wire = new Wire(server)
  const { result } = await wire.call('careless', {}, { capabilities: { ...ALL, elicitation: { form: {}, url: {} } } })
  assert.equal(Object.keys(result['inputRequests'] as object), ['a', 'b', 'roots', 'page'])
  for (let turn = 0; turn < 5; turn += 1) await settled()
  process.off('unhandledRejection', note)
  assert.equal(unhandled, [])
})

test('work in once that never ends does not outlast the time limit', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const started = promised()
  server.tool('stuck', { description: 'd', timeout: 10 }, async (_args, ctx: Context) => {
    const work = ctx.once('work', () => new Promise(() => {}))
    started.resolve()
    await ask(ctx, 'who')
    await work
  })
  const reply = new Wire(server).call('stuck', {}, { capabilities: ALL })
  await started.promise
  await settled()
  clock.advance(10)
  assert.match(textOf(await reply), 'did not finish within 10 ms')
})

test('what is left of a run that has asked does nothing once any more', async () => {
  const server = quiet()
  const gate = promised()
  const left = promised<unknown>()
  let charged = 0
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const later = gate.promise.then(() => ctx.once('charge', () => (charged += 1)))
    later.then(left.resolve, left.resolve)
    await ask(ctx, 'who')
    return String(await later)
  })
  const wire = new Wire(server)
  const { requestState } = (await wire.modern('tools/call', { name: 'pay' }, { capabilities: ALL })).result
  gate.resolve()
  assert.not.type(await left.promise, 'number')
  const last = await wire.modern('tools/call', { name: 'pay', requestState, inputResponses: { who: accept('Ada') } }, { capabilities: ALL })
  assert.equal([textOf(last), charged], ['1', 1])
})

test('two that ask for the same work in once share it', async () => {
  const server = quiet()
  let charged = 0
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const charge = () => ctx.once('charge', async () => (await settled(), (charged += 1)))
    return (await Promise.all([charge(), charge()])).join()
  })
  assert.is(textOf(await new Wire(server).call('pay')), '1,1')
})

test('once starts nothing new in a run that has asked', async () => {
  const server = quiet()
  const done: string[] = []
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const who = ask(ctx, 'who').catch(() => undefined)
    await settled()
    await ctx.once('charge', () => void done.push('charge'))
    return (await who)?.content?.name
  })
  const { last, count } = await rounds(new Wire(server), 'pay')
  assert.is(textOf(last), 'who')
  assert.is(count, 2)
  assert.equal(done, ['charge'])
})

test('work in once that fails is not remembered', async () => {
  const server = quiet()
  let tries = 0
  server.tool('pay', { description: 'd' }, async (_args, ctx: Context) => {
    const charge = ctx.once('charge', async () => {
      tries += 1
      if (tries === 1) throw new ToolError('card refused')
      return tries
    })
    const receipt = await charge.catch(() => 'later')
    await ask(ctx, 'sure')
    return String(receipt)
  })
  assert.is(textOf((await rounds(new Wire(server), 'pay')).last), '2')
})

test('S-MRTR-20: a handler that never stops asking comes to an end in both conversations', async () => {
  const server = quiet()
  server.tool('nosy', { description: 'd' }, async (_args, ctx: Context) => {
    for (let round = 0; ; round += 1) await ask(ctx, `k${round}`)
  })
  const { last, count } = await rounds(new Wire(server), 'nosy')
  assert.match(last.error?.message as string, 'more than 16 times')
  assert.is(count, 17)
  const wire = await session(server)
  assert.match((await wire.request('tools/call', { name: 'nosy' })).error?.message as string, 'more than 16 times')
})

test('S-EL-07: a client that refuses a question ends the call with what it said', async () => {
  const server = quiet()
  const seen = reports(server)
  server.tool('who', { description: 'd' }, async (_args, ctx: Context) => (await ask(ctx, 'who')).action)
  server.prompt('who', { description: 'd' }, async (_args, ctx: Context) => (await ask(ctx, 'who')).action)
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', ALL)
  const refuse = async (): Promise<void> => {
    const question = await wire.next(({ method }) => method === 'elicitation/create')
    queueMicrotask(() => wire.send({ id: question.id, error: { code: -1, message: 'User rejected' } }))
  }
  void refuse()
  const reply = await wire.request('tools/call', { name: 'who' })
  assert.is(reply.result['isError'], true)
  assert.is(textOf(reply), 'The client refused elicitation/create: User rejected (-1)')
  void refuse()
  assert.match((await wire.request('prompts/get', { name: 'who' })).error?.message as string, 'User rejected')
  assert.equal(seen, [])
})

test('an answer that does not fit the form is asked for again', async () => {
  const server = quiet()
  server.tool('who', { description: 'd' }, async (_args, ctx: Context) => (await ask(ctx, 'who')).content?.name)
  const wire = new Wire(server)
  await wire.initialize('2025-11-25', ALL)
  const answers: Json[] = [{ action: 'accept', content: { name: 5 } }, {}, { action: 'maybe' }, accept('Ada')]
  wire.answerWith({ 'elicitation/create': () => answers.shift() as Json })
  assert.is(textOf(await wire.request('tools/call', { name: 'who' })), 'Ada')
  assert.is(wire.of('elicitation/create').length, 4)
})

test('middleware and guards may ask too, in both conversations', async () => {
  const server = quiet()
  const layers: string[] = []
  server.tool(
    'drop',
    {
      description: 'd',
      use: async (_call, next, ctx) => {
        layers.push('in')
        const sure = await ask(ctx, 'sure')
        return sure.action === 'accept' ? next() : { content: [] }
      },
      guard: { allow: async (_args, ctx) => (await ask(ctx, 'guard')).action === 'accept' },
    },
    async (_args, ctx: Context) => `dropped for ${(await ask(ctx, 'who')).content?.name ?? ''}`,
  )
  const { last, count } = await rounds(new Wire(server), 'drop')
  assert.is(textOf(last), 'dropped for who')
  assert.is(count, 4)
  layers.length = 0
  const wire = await session(server)
  assert.is(textOf(await wire.request('tools/call', { name: 'drop' })), 'dropped for who')
  assert.equal(
    wire.of('elicitation/create').map(({ params }) => params['message']),
    ['guard', 'sure', 'who'],
  )
  assert.equal(layers, ['in'], 'a session re-enters the handler, not the layers around it')
})

test('messages of layers and handler are each sent once, however often the handler runs', async () => {
  const server = quiet()
  server.use(async (_call, next, ctx) => {
    ctx.log.info('layer in')
    const result = await next()
    ctx.log.info('layer out')
    return result
  })
  server.tool('work', { description: 'd' }, async (_args, ctx: Context) => {
    ctx.log.info('one')
    await ask(ctx, 'a')
    ctx.log.info('two')
    await ask(ctx, 'b')
    ctx.log.info('three')
    return 'done'
  })
  const expected = ['layer in', 'one', 'two', 'three', 'layer out']
  const stateless = new Wire(server)
  await rounds(stateless, 'work', { 'io.modelcontextprotocol/logLevel': 'info' })
  const held = await session(server)
  await held.request('tools/call', { name: 'work' })
  for (const wire of [stateless, held]) {
    assert.equal(
      wire.of('notifications/message').map(({ params }) => params['data']),
      expected,
    )
  }
})

test('S-PROG-16: a handler that takes too long is answered for, and its signal aborts', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const [started, aborted] = [promised(), promised<unknown>()]
  server.tool('slow', { description: 'd', timeout: '30s' }, async (_args, ctx: Context) => {
    ctx.signal.addEventListener('abort', () => {
      ctx.log.info('too late')
      void ctx.progress(9)
      aborted.resolve(ctx.signal.reason)
    })
    started.resolve()
    await new Promise(() => {})
  })
  const wire = await session(server)
  const reply = wire.request('tools/call', { name: 'slow', _meta: { progressToken: 1 } })
  await started.promise
  clock.advance(29_999)
  await settled()
  assert.is(wire.received.length, 1, 'only the handshake was answered')
  clock.advance(1)
  assert.is(textOf(await reply), 'slow did not finish within 30000 ms and was cancelled')
  assert.is((await reply).result['isError'], true)
  assert.match(String(await aborted.promise), 'Timed out')
  await settled()
  assert.is(wire.received.at(-1), await reply, 'nothing follows the answer')
})

test('resources and prompts that take too long are faults', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const hang = () => new Promise(() => {})
  server.resource('r', { uri: 'x://r', description: 'd', timeout: 10 }, hang)
  server.prompt('p', { description: 'd', timeout: 10 }, hang)
  const wire = new Wire(server)
  for (const request of [wire.modern('resources/read', { uri: 'x://r' }), wire.modern('prompts/get', { name: 'p' })]) {
    await settled()
    clock.advance(10)
    assert.is((await request).error?.code, -32603)
    assert.match((await request).error?.message as string, 'did not finish within 10 ms')
  }
})

test('the time in which the user thinks does not count', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  server.tool('who', { description: 'd', timeout: '1s' }, async (_args, ctx: Context) => (await ask(ctx, 'who')).content?.name)
  const wire = new Wire(server)
  await wire.initialize('2025-11-25', ALL)
  const reply = wire.request('tools/call', { name: 'who' })
  const question = await wire.until(({ method }) => method === 'elicitation/create')
  clock.advance(60_000)
  wire.send({ id: question.id, result: accept('Ada') })
  assert.is(textOf(await reply), 'Ada')
  assert.is(clock.pending, 0)
})

test('a handler that finishes in time leaves no timer behind', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  server.tool('quick', { description: 'd', timeout: '30s' }, async () => 'done')
  server.tool('fails', { description: 'd', timeout: '30s' }, async () => {
    throw new ToolError('no')
  })
  const wire = new Wire(server)
  assert.is(textOf(await wire.call('quick')), 'done')
  assert.is(textOf(await wire.call('fails')), 'no')
  assert.is(clock.pending, 0)
})

test('what a handler that ran out of time asks is not asked', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const started = promised()
  server.tool('slow', { description: 'd', timeout: 5 }, async (_args, ctx: Context) => {
    ctx.signal.addEventListener('abort', () => void ask(ctx, 'late').catch(() => {}))
    started.resolve()
    await new Promise(() => {})
  })
  const wire = await session(server)
  const reply = wire.request('tools/call', { name: 'slow' })
  await started.promise
  clock.advance(5)
  assert.match(textOf(await reply), 'did not finish')
  await settled()
  assert.equal(wire.of('elicitation/create'), [])
})

test.run()
