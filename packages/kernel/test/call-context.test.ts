import { LOGGING_LEVELS, META, type LoggingLevel } from '@oarlock/protocol'
import { sample, type Context, type ServerOptions } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, promised, quiet, reports } from './stage.ts'
import { settled, textOf, Wire, type Json } from './wire.ts'

const test = suite('call-context')

/** A server whose one tool does `work`. */
function working(work: (ctx: Context, args: Json) => unknown, options: Partial<ServerOptions> = {}) {
  const server = quiet(options)
  server.tool('work', { description: 'd', input: { type: 'object' } }, (args, ctx) => work(ctx, args))
  return server
}
const level = (name: string): { readonly meta: Json } => ({ meta: { [META.logLevel]: name } })
const logged = (wire: Wire): unknown[] => wire.of('notifications/message').map(({ params }) => params)
const URL_CAPABLE = { elicitation: { form: {}, url: {} } }

test('S-LOG-02, S-LOG-03: messages at or above the level of the request are sent, before its answer, and none without a level', async () => {
  const server = working(ctx => {
    for (const name of LOGGING_LEVELS) ctx.log[name](name)
    return 'done'
  })
  for (const [index, name] of LOGGING_LEVELS.entries()) {
    const wire = new Wire(server)
    const reply = await wire.call('work', {}, level(name))
    assert.equal(
      logged(wire),
      LOGGING_LEVELS.slice(index).map(each => ({ level: each, data: each })),
    )
    assert.is(wire.received.at(-1), reply)
    assert.ok(wire.frames.slice(0, -1).every(({ about }) => about === reply.id))
  }
  const silent = new Wire(server)
  await silent.call('work')
  assert.equal(logged(silent), [])
})

test('a message has any JSON as data and may name its logger; an error says what it is, without its stack', async () => {
  const server = working(ctx => {
    ctx.log.info({ a: [1] }, 'db')
    ctx.log.log('warning', undefined)
    ctx.log.error(new RangeError('too far'))
  })
  const wire = new Wire(server)
  await wire.call('work', {}, level('debug'))
  assert.equal(logged(wire), [
    { level: 'info', data: { a: [1] }, logger: 'db' },
    { level: 'warning', data: null },
    { level: 'error', data: 'RangeError: too far' },
  ])
})

test('what cannot be logged is reported and does not fail the tool', async () => {
  const circular: Json = {}
  circular['self'] = circular
  const server = working(ctx => {
    ctx.log.info(circular)
    ctx.log.info(10n)
    return 'fine'
  })
  const seen = reports(server)
  assert.is(textOf(await new Wire(server).call('work', {}, level('debug'))), 'fine')
  assert.is(seen.length, 2)
})

test('S-LOG-10: a level that is none is an error of the handler', async () => {
  const seen: unknown[] = []
  const server = working(ctx => {
    try {
      ctx.log.log('fatal' as LoggingLevel, 'x')
    } catch (error) {
      seen.push((error as Error).message)
    }
  })
  await new Wire(server).call('work')
  assert.match(seen[0] as string, 'Unknown log level "fatal"')
})

test('S-LOG-01: a server that does not declare logging sends no messages', async () => {
  const server = working(
    ctx => {
      ctx.log.emergency('x')
    },
    { features: { logging: false } },
  )
  const wire = new Wire(server)
  await wire.call('work', {}, level('debug'))
  const session = new Wire(server)
  assert.is(((await session.initialize('2025-06-18')).result['capabilities'] as Json)['logging'], undefined)
  await session.request('tools/call', { name: 'work' })
  assert.equal([...logged(wire), ...logged(session)], [])
  assert.is((await session.request('logging/setLevel', { level: 'debug' })).error?.code, -32601)
})

test('what is logged is an event, whether or not the client wants it', async () => {
  const server = working(ctx => {
    ctx.log.debug('quiet', 'me')
  })
  const events: unknown[] = []
  server.on('log.written', ({ level, logger, data }) => events.push([level, logger, data]))
  await new Wire(server).call('work')
  assert.equal(events, [['debug', 'me', 'quiet']])
})

test('S-PROG-01: progress is for requests that sent a token, which comes back with its type', async () => {
  const server = working(ctx => {
    void ctx.progress(0.5, 2.5, 'half')
  })
  for (const progressToken of ['t', 7, 0, '']) {
    const wire = new Wire(server)
    await wire.call('work', {}, { meta: { progressToken } })
    assert.equal(wire.of('notifications/progress')[0]?.params, { progressToken, progress: 0.5, total: 2.5, message: 'half' })
  }
  for (const progressToken of [undefined, null, 1.5, {}, true]) {
    const wire = new Wire(server)
    await wire.call('work', {}, { meta: { progressToken } })
    assert.equal(wire.of('notifications/progress'), [])
  }
})

test('S-PROG-02: progress that does not grow is dropped', async () => {
  const server = working(ctx => {
    for (const done of [1, 1, 0, 3, 2, 3.5]) void ctx.progress(done)
  })
  const wire = new Wire(server)
  await wire.call('work', {}, { meta: { progressToken: 1 } })
  assert.equal(
    wire.of('notifications/progress').map(({ params }) => params['progress']),
    [1, 3, 3.5],
  )
})

test('S-PROG-03: neither progress nor messages follow the answer, or a cancellation', async () => {
  const [done, go] = [promised(), promised()]
  const server = working(ctx => {
    void go.promise.then(() => {
      void ctx.progress(1)
      ctx.log.emergency('late')
      done.resolve()
    })
    return 'answered'
  })
  const wire = new Wire(server)
  const reply = await wire.call('work', {}, { meta: { progressToken: 1, [META.logLevel]: 'debug' } })
  go.resolve()
  await done.promise
  assert.equal(wire.received, [reply])
})

test('S-PROG-07: progress is rate-limited, but the last one always leaves', async () => {
  const server = working(ctx => {
    for (let done = 1; done <= 10_000; done += 1) void ctx.progress(done, 10_000)
  })
  const wire = new Wire(server)
  await wire.call('work', {}, { meta: { progressToken: 1 } })
  const seen = wire.of('notifications/progress')
  assert.ok(seen.length < 1_000, `${seen.length}`)
  assert.is(seen.at(-1)?.params['progress'], 10_000)
})

test('progress that is no number is an error of the handler', async () => {
  const errors: string[] = []
  const server = working(ctx => {
    for (const args of [[Number.NaN], [1, Number.POSITIVE_INFINITY]] as [number, number?][]) {
      try {
        void ctx.progress(...args)
      } catch (error) {
        errors.push((error as Error).message)
      }
    }
  })
  await new Wire(server).call('work', {}, { meta: { progressToken: 1 } })
  assert.is(errors.length, 2)
})

test('can says what the client declared, and in which revision it has a word for it', async () => {
  const server = working(ctx =>
    ['elicit', 'elicit.url', 'sample', 'sample.tools', 'roots', 'com.example/x'].filter(what => ctx.can(what)).join(),
  )
  const everything = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {}, extensions: { 'com.example/x': {} } }
  assert.is(
    textOf(await new Wire(server).call('work', {}, { capabilities: everything })),
    'elicit,elicit.url,sample,sample.tools,roots,com.example/x',
  )
  assert.is(textOf(await new Wire(server).call('work', {}, { capabilities: { elicitation: {} } })), 'elicit')
  assert.is(textOf(await new Wire(server).call('work')), '')
  const expected = {
    '2024-11-05': 'sample,roots,com.example/x',
    '2025-03-26': 'sample,roots,com.example/x',
    '2025-06-18': 'elicit,sample,roots,com.example/x',
    '2025-11-25': 'elicit,elicit.url,sample,sample.tools,roots,com.example/x',
  } as const
  for (const [revision, can] of Object.entries(expected)) {
    const wire = new Wire(server)
    await wire.initialize(revision as keyof typeof expected, everything)
    assert.is(textOf(await wire.request('tools/call', { name: 'work' })), can, revision)
  }
})

test('S-META-06: what the client did not declare is not asked; the fault names the capability', async () => {
  const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'hi' } }]
  const asks: readonly (readonly [(ctx: Context) => unknown, Json])[] = [
    [ctx => ctx.elicit('k', { message: '?', schema: Type.Object({}) }), { elicitation: { form: {} } }],
    [ctx => ctx.elicit('k', { message: '?', url: 'https://example.com' }), { elicitation: { url: {} } }],
    [ctx => ctx.sample('k', { messages, maxTokens: 1 }), { sampling: {} }],
    [ctx => ctx.sample('k', { messages, maxTokens: 1, tools: [] }), { sampling: { tools: {} } }],
    [ctx => ctx.roots(), { roots: {} }],
  ]
  for (const [ask, requiredCapabilities] of asks) {
    const reply = await new Wire(working(ctx => ask(ctx))).call('work')
    assert.is(reply.error?.code, -32021)
    assert.equal(reply.error?.data, { requiredCapabilities })
  }
})

test('ask puts several questions at once, and answers them by key', async () => {
  const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'hi' } }]
  const server = working(async ctx => {
    const { model, more } = await ctx.ask({ model: sample({ messages, maxTokens: 1 }), more: sample({ messages, maxTokens: 2 }) })
    return `${model.model} ${more.model}`
  })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', { sampling: {} })
  wire.answerWith({
    'sampling/createMessage': params => ({
      role: 'assistant',
      content: { type: 'text', text: 'x' },
      model: `m${String(params['maxTokens'])}`,
    }),
  })
  assert.is(textOf(await wire.request('tools/call', { name: 'work' })), 'm1 m2')
})

test('S-EL-09: a url that is no url, or carries credentials, is an error of the handler', async () => {
  for (const url of ['/relative', 'ftp://example.com', 'javascript:alert(1)', 'https://user:pass@example.com/']) {
    const errors: unknown[] = []
    const server = working(ctx => ctx.elicit('k', { message: '?', url }).catch((error: unknown) => void errors.push(error)))
    await new Wire(server).call('work', {}, { capabilities: URL_CAPABLE })
    assert.instance(errors[0], TypeError, url)
  }
})

test('S-EL-15: requireUrl is an error with the url in 2025-11-25, and a question after it', async () => {
  const server = working(async ctx => {
    await ctx.requireUrl('page', { message: 'Sign in', url: `https://example.com/?state=${ctx.elicitationId('page')}` })
    return 'signed in'
  })
  const session = new Wire(server)
  await session.initialize('2025-11-25', URL_CAPABLE)
  const refused = await session.request('tools/call', { name: 'work' })
  const { code, data } = refused.error as unknown as { code: number; data: { elicitations: [Json] } }
  assert.is(code, -32042)
  const [elicitation] = data.elicitations
  assert.is(elicitation['mode'], 'url')
  assert.is(elicitation['url'], `https://example.com/?state=${elicitation['elicitationId'] as string}`)

  const wire = new Wire(server)
  const first = await wire.call('work', {}, { capabilities: URL_CAPABLE })
  const { page } = first.result['inputRequests'] as { page: { params: Json } }
  assert.is(page.params['elicitationId'], undefined)
  const again = (answer: Json) =>
    wire.modern(
      'tools/call',
      { name: 'work', arguments: {}, inputResponses: { page: answer }, requestState: first.result['requestState'] },
      { capabilities: URL_CAPABLE },
    )
  assert.is(textOf(await again({ action: 'accept' })), 'signed in')
  const declined = await again({ action: 'decline' })
  assert.is(declined.result['isError'], true)
  assert.match(textOf(declined), 'did not agree')

  const older = new Wire(server)
  await older.initialize('2025-06-18', URL_CAPABLE)
  assert.is((await older.request('tools/call', { name: 'work' })).error?.code, -32602)
})

test('the id of a url elicitation is the same in every round', async () => {
  const server = working(async ctx => {
    const id = ctx.elicitationId('page')
    await ctx.elicit('page', { message: 'Go', url: `https://example.com/?state=${id}` })
    return id
  })
  const wire = new Wire(server)
  const first = await wire.call('work', {}, { capabilities: URL_CAPABLE })
  const url = (first.result['inputRequests'] as { page: { params: { url: string } } }).page.params.url
  const { requestState } = first.result
  const last = await wire.modern(
    'tools/call',
    { name: 'work', arguments: {}, inputResponses: { page: { action: 'accept' } }, requestState },
    { capabilities: URL_CAPABLE },
  )
  assert.is(`https://example.com/?state=${textOf(last)}`, url)
})

test('release is for 2025-11-25 over a link that can do it', async () => {
  const asked: unknown[] = []
  const server = working(ctx => String(ctx.release('0.5s')))
  const release = (about: unknown, retryMs: number): boolean => (asked.push([about, retryMs]), true)
  for (const [revision, expected] of [
    ['2025-11-25', 'true'],
    ['2025-06-18', 'false'],
  ] as const) {
    const wire = new Wire(server, { release })
    await wire.initialize(revision)
    assert.is(textOf(await wire.request('tools/call', { name: 'work' }, 'call')), expected)
  }
  assert.equal(asked, [['call', 500]])
  assert.is(textOf(await new Wire(server, { release }).call('work')), 'false')
})

test('a handler knows who calls, from where, and with what', async () => {
  const server = working(ctx =>
    JSON.stringify([
      ctx.principal?.id,
      ctx.remote,
      ctx.headers?.get('x-a'),
      ctx.headers?.get('Authorization') ?? ctx.headers?.get('cookie') ?? ctx.headers?.get('x-api-key'),
      ctx.peer.info?.name,
      ctx.peer.revision,
      ctx.meta['com.example/x'],
      ctx.session?.id,
    ]),
  )
  const head = { ...by('ada'), remote: '10.0.0.1', headers: { get: (name: string) => `${name}!` } }
  const wire = new Wire(server, { head })
  assert.is(
    textOf(await wire.call('work', {}, { meta: { 'com.example/x': 1 } })),
    '["ada","10.0.0.1","x-a!",null,"wire","2026-07-28",1,null]',
  )
})

test('S-META-12: the envelope is no argument', async () => {
  const server = working((_ctx, args) => JSON.stringify(args))
  assert.is(textOf(await new Wire(server).call('work', { a: 1 })), '{"a":1}')
})

test('state carries values from middleware to the handler of the same call, and no further', async () => {
  const server = working(ctx => String(ctx.state.get('seen')))
  let count = 0
  server.use((_call, next, ctx) => {
    assert.is(ctx.state.size, 0)
    ctx.state.set('seen', (count += 1))
    return next()
  })
  const wire = new Wire(server)
  assert.equal([textOf(await wire.call('work')), textOf(await wire.call('work'))], ['1', '2'])
})

test('session values are plain JSON, kept by the session and apart from what they were made of', async () => {
  const server = working((ctx, { set }) => {
    const value = ctx.session?.get('cart') as number[] | undefined
    if (set !== undefined) {
      const cart = [...(value ?? []), set]
      ctx.session?.set('cart', cart)
      cart.push('not kept')
    }
    return JSON.stringify(ctx.session?.get('cart') ?? null)
  })
  const [one, two] = [new Wire(server), new Wire(server)]
  await one.initialize('2025-06-18')
  await two.initialize('2025-06-18')
  const call = async (wire: Wire, args: Json) => textOf(await wire.request('tools/call', { name: 'work', arguments: args }))
  assert.is(await call(one, { set: 1 }), '[1]')
  assert.is(await call(one, { set: 2 }), '[1,2]')
  assert.is(await call(two, {}), 'null')
  assert.is(textOf(await one.call('work')), 'null', 'a stateless request has no session')
})

test('what a session keeps is what a store would give back; what is no JSON is refused', async () => {
  const errors: string[] = []
  const server = working(ctx => {
    ctx.session?.set('at', { when: new Date(0), nothing: undefined })
    try {
      ctx.session?.set('work', () => 1)
    } catch (error) {
      errors.push((error as Error).message)
    }
    return JSON.stringify(ctx.session?.get('at'))
  })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  assert.is(textOf(await wire.request('tools/call', { name: 'work' })), '{"when":"1970-01-01T00:00:00.000Z"}')
  assert.equal(wire.receiver.session?.values, { at: { when: '1970-01-01T00:00:00.000Z' } })
  assert.match(errors.join(), 'must be plain JSON, not a function')
})

test('the context of a call in a session shows no more of the server than it should', async () => {
  const server = working(ctx => JSON.stringify([Object.keys(ctx.peer), Object.keys(ctx.session ?? {})]))
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  assert.is(textOf(await wire.request('tools/call', { name: 'work' })), '[["revision","info","capabilities"],["id"]]')
})

test('S-MSG-25: an answer under a key such as __proto__ is an answer and nothing else', async () => {
  const server = working(async ctx => {
    const { content } = await ctx.elicit('__proto__', { message: '?', schema: Type.Object({ name: Type.String() }) })
    return `${content?.name ?? ''} ${String(({} as Json)['name'])}`
  })
  const wire = new Wire(server)
  const options = { capabilities: { elicitation: {} } }
  const first = await wire.call('work', {}, options)
  assert.ok(Object.hasOwn(first.result['inputRequests'] as object, '__proto__'))
  const responses = JSON.parse('{"__proto__":{"action":"accept","content":{"name":"Ada"}}}') as Json
  const last = await wire.modern(
    'tools/call',
    { name: 'work', arguments: {}, inputResponses: responses, requestState: first.result['requestState'] },
    options,
  )
  assert.is(textOf(last), 'Ada undefined')
})

test('stopping because of a cancellation is no error, whatever was called', async () => {
  const server = quiet()
  const started = promised()
  let count = 0
  const stop = async (_args: unknown, ctx: Context): Promise<never> => {
    count += 1
    if (count === 3) started.resolve()
    return new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
  }
  const ask = async (args: unknown, ctx: Context): Promise<unknown> => stop(args, ctx).catch(() => ctx.roots())
  server.resource('r', { uri: 'x://r', description: 'd' }, stop)
  server.prompt('p', { description: 'd' }, stop)
  server.prompt('asks', { description: 'd' }, ask)
  const seen = reports(server)
  const wire = new Wire(server)
  wire.sendModern(1, 'resources/read', { uri: 'x://r' })
  wire.sendModern(2, 'prompts/get', { name: 'p' })
  wire.sendModern(3, 'prompts/get', { name: 'asks' }, { capabilities: { roots: {} } })
  await started.promise
  for (const id of [1, 2, 3]) wire.cancel(id)
  await settled()
  assert.equal([seen.length, wire.received.length], [0, 0])
})

test('cancelling aborts the signal with the reason of the client, and nothing is answered', async () => {
  const started = promised<AbortSignal>()
  const server = working(async ctx => {
    started.resolve(ctx.signal)
    await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
  })
  const seen = reports(server)
  const finished = promised<unknown>()
  server.on('call.finished', ({ end, reason }) => finished.resolve([end, (reason as Error).message]))
  const wire = new Wire(server)
  wire.sendModern('c', 'tools/call', { name: 'work' })
  const signal = await started.promise
  wire.cancel('c', 'changed my mind')
  assert.ok(signal.aborted)
  assert.equal(await finished.promise, ['cancelled', 'Cancelled by the client: changed my mind'])
  await settled()
  assert.equal(wire.received, [])
  assert.equal(seen, [], 'stopping when told to is no error')
})

test.run()
