import { fakeClock, Fault } from '@oarlock/protocol'
import { installTemplateEngine, type TemplateAbout, type TemplateEngine } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesOf, quiet, reports } from '../stage.ts'
import { settled, Wire, type Json, type Received } from '../wire.ts'

const test = suite('prompts')
const textIn = (reply: Received): unknown => (reply.result['messages'] as { content: Json }[])[0]?.content['text']

test('a prompt is rendered with its arguments, which become what the schema says', async () => {
  const server = quiet()
  const args = Type.Object({ code: Type.String(), depth: Type.Integer({ default: 1 }), strict: Type.Optional(Type.Boolean()) })
  server.prompt('review', { description: 'Reviews', args }, given => JSON.stringify(given))
  const wire = new Wire(server)
  const reply = await wire.modern('prompts/get', { name: 'review', arguments: { code: '1+1', depth: '3', strict: 'true' } })
  assert.is(textIn(reply), '{"code":"1+1","depth":3,"strict":true}')
  assert.is(reply.result['description'], 'Reviews')
  assert.is(reply.result['ttlMs'], undefined, 'S-PRM-10')
  assert.is(textIn(await wire.modern('prompts/get', { name: 'review', arguments: { code: '' } })), '{"code":"","depth":1}')
})

test('S-PRM-02, S-PRM-03, S-PRM-04: unknown prompts, missing and ill-typed arguments are invalid params that name them', async () => {
  const server = quiet()
  server.prompt('review', { description: 'd', args: Type.Object({ code: Type.String(), depth: Type.Optional(Type.Integer()) }) }, () => '')
  const session = new Wire(server)
  await session.initialize('2025-06-18')
  const wire = new Wire(server)
  for (const [params, text] of [
    [{ name: 'reviw' }, "Unknown prompt 'reviw'. Did you mean 'review'?"],
    [{ name: 5 }, 'prompts/get needs the name'],
    [{}, 'prompts/get needs the name'],
    [{ name: 'review' }, 'code'],
    [{ name: 'review', arguments: [] }, 'arguments must be an object of strings'],
    [{ name: 'review', arguments: { code: 5 } }, "Prompt arguments are strings; 'code' is not"],
    [{ name: 'review', arguments: { code: 'x', depth: 'deep' } }, 'depth'],
  ] as const) {
    for (const reply of [await wire.modern('prompts/get', params), await session.request('prompts/get', params)]) {
      assert.is(reply.error?.code, -32602, JSON.stringify(params))
      assert.match(reply.error?.message as string, text)
    }
  }
})

test('a prompt is listed with its arguments', async () => {
  const server = quiet()
  const args = Type.Object({ code: Type.String({ description: 'The code', title: 'Code' }), depth: Type.Optional(Type.Integer()) })
  server.prompt('review', { description: 'Reviews', title: 'Review', args }, () => '')
  const { prompts } = (await new Wire(server).modern('prompts/list')).result as { prompts: Json[] }
  assert.equal(prompts, [
    {
      name: 'review',
      title: 'Review',
      description: 'Reviews',
      arguments: [
        { name: 'code', title: 'Code', description: 'The code', required: true },
        { name: 'depth', required: false },
      ],
    },
  ])
})

test('row 15: arguments such as __proto__ are arguments and nothing else', async () => {
  const server = quiet()
  server.prompt('p', { description: 'd' }, args => JSON.stringify(args))
  const wire = new Wire(server)
  const given = JSON.parse('{"__proto__":"x","constructor":"y"}') as Json
  assert.is(textIn(await wire.modern('prompts/get', { name: 'p', arguments: given })), '{"__proto__":"x","constructor":"y"}')
  assert.is(({} as Json)['x'], undefined)
})

test('row 16: what a prompt throws is masked; a fault is told', async () => {
  const server = quiet()
  const seen = reports(server)
  server.prompt('down', { description: 'd' }, () => {
    throw new Error('hunter2')
  })
  server.prompt('fault', { description: 'd' }, () => {
    throw new Fault('INVALID_PARAMS', 'no such ticket')
  })
  server.prompt('nothing', { description: 'd' }, () => 5)
  const wire = new Wire(server)
  const down = await wire.modern('prompts/get', { name: 'down' })
  assert.is(down.error?.code, -32603)
  assert.not.match(JSON.stringify(down), 'hunter2')
  assert.is((await wire.modern('prompts/get', { name: 'fault' })).error?.message, 'no such ticket')
  assert.is((await wire.modern('prompts/get', { name: 'nothing' })).error?.code, -32603)
  assert.is(seen.length, 2)
  assert.match(messagesOf(seen).join(), 'A prompt must return text')
})

/** Replaces `{name}` by its value, and nothing else. */
const ENGINE: TemplateEngine = {
  compile(template, { origin }) {
    if (template.includes('{{')) throw new SyntaxError(`${origin}: unclosed`)
    return values => template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
  },
}

test('a template is compiled at registration, and rendered with the arguments and what the function adds', async () => {
  const server = quiet({ templates: ENGINE })
  const args = Type.Object({ who: Type.String() })
  server.prompt('greet', { description: 'd', args, template: 'Hello {who}, it is {day}.' }, () => ({ day: 'Monday' }))
  const wire = new Wire(server)
  assert.is(textIn(await wire.modern('prompts/get', { name: 'greet', arguments: { who: 'Ada {day}' } })), 'Hello Ada {day}, it is Monday.')
  assert.throws(() => server.prompt('bad', { description: 'd', template: '{{' }), /server\.prompt\('bad'\).*unclosed/)
})

test('what a function gives its template later need not be a promise', async () => {
  const server = quiet({ templates: ENGINE })
  // oxlint-disable-next-line unicorn/no-thenable -- it is awaited
  const later = { then: (heard: (values: object) => void): void => queueMicrotask(() => heard({ day: 'Monday' })) }
  server.prompt('greet', { description: 'd', template: 'It is {day}.' }, () => later as never)
  assert.is(textIn(await new Wire(server).modern('prompts/get', { name: 'greet' })), 'It is Monday.')
})

test('a template without an engine is refused with the cure; an engine can be installed for all', () => {
  const add = () => quiet().prompt('greet', { description: 'd', template: 'Hello' })
  assert.throws(add, /no template engine is installed\. Import @oarlock\/prompts/)
  installTemplateEngine(ENGINE)
  add()
})

test('S-PRM-08: a prompt may ask before it renders', async () => {
  const server = quiet()
  server.prompt(
    'p',
    { description: 'd' },
    async (_args, ctx) => (await ctx.elicit('k', { message: '?', schema: Type.Object({ a: Type.String() }) })).content?.a,
  )
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', { elicitation: {} })
  wire.answerWith({ 'elicitation/create': { action: 'accept', content: { a: 'b' } } })
  assert.is(textIn(await wire.request('prompts/get', { name: 'p' })), 'b')
})

test('an engine learns what arguments a prompt declares, and what its function adds', () => {
  const abouts: TemplateAbout[] = []
  const templates: TemplateEngine = { compile: (_template, about) => (abouts.push(about), () => '') }
  const server = quiet({ templates })
  server.prompt('greet', { description: 'd', args: Type.Object({ who: Type.String() }), template: 'Hello {who}' })
  server.prompt('bare', { description: 'd', template: 'Hello {day}', adds: ['day'] }, () => ({ day: 'Monday' }))
  assert.equal(Object.keys(abouts[0]?.args?.['properties'] as Json), ['who'])
  assert.equal(abouts[0]?.adds, [])
  assert.equal(abouts[1], { name: 'bare', origin: "server.prompt('bare')", adds: ['day'] })
  assert.throws(() => server.prompt('none', { description: 'd', adds: ['day'] }, () => ''), /adds .* template/)
})

test('a template may be rendered later, and sees the context of its call', async () => {
  const templates: TemplateEngine = { compile: () => async (values, ctx) => `${String(values['day'])} for ${ctx.peer.info?.name ?? ''}` }
  const server = quiet({ templates })
  server.prompt('value', { description: 'd', template: '' }, () => ({ day: 'Monday' }))
  server.prompt('promise', { description: 'd', template: '' }, async () => ({ day: 'Tuesday' }))
  server.prompt('progress', { description: 'd', template: '' }, async function* () {
    yield 'looking up'
    return { day: 'Friday' }
  })
  const wire = new Wire(server)
  const texts: unknown[] = []
  for (const name of ['value', 'promise', 'progress']) {
    texts.push(textIn(await wire.modern('prompts/get', { name }, { meta: { progressToken: 1 } })))
  }
  assert.equal(texts, ['Monday for wire', 'Tuesday for wire', 'Friday for wire'])
  assert.equal(
    wire.of('notifications/progress').map(({ params }) => params['message']),
    ['looking up'],
  )
})

test('a template that asks is rendered again with the answer, in both conversations', async () => {
  const question = { message: '?', schema: Type.Object({ a: Type.String() }) }
  const templates: TemplateEngine = {
    compile: () => async (values, ctx) => `${String(values['n'])} ${(await ctx.elicit('k', question)).content?.a ?? ''}`,
  }
  const server = quiet({ templates })
  server.prompt('p', { description: 'd', template: '' }, () => ({ n: 1 }))
  const answer = { action: 'accept', content: { a: 'b' } }
  const session = new Wire(server)
  await session.initialize('2025-06-18', { elicitation: {} })
  session.answerWith({ 'elicitation/create': answer })
  assert.is(textIn(await session.request('prompts/get', { name: 'p' })), '1 b')
  const wire = new Wire(server)
  const options = { capabilities: { elicitation: {} } }
  const { requestState } = (await wire.modern('prompts/get', { name: 'p' }, options)).result
  assert.is(textIn(await wire.modern('prompts/get', { name: 'p', requestState, inputResponses: { k: answer } }, options)), '1 b')
})

test('the time limit of a prompt covers its template', async () => {
  const clock = fakeClock()
  const server = quiet({ clock, templates: { compile: () => () => new Promise(() => {}) } })
  server.prompt('slow', { description: 'd', template: '', timeout: '1s' })
  const reply = new Wire(server).modern('prompts/get', { name: 'slow' })
  await settled()
  clock.advance(1_000)
  assert.is((await reply).error?.code, -32603)
})

test.run()
