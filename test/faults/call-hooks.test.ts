/** Exceptions in what a call passes through: handlers, middleware, guards, completion, defaults of schemas, helpers of templates, limits. */
import { helper, templateEngine } from '@oarlock/prompts'
import { withJsonSchema } from '@oarlock/kernel'
import { limit, tokenBucket, Type } from 'oarlock'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { provoke, type Hook, type Request } from './hook.ts'
import { Scene } from './scene.ts'

const test = suite('hooks of calls')

const CALL: Request = ['tools/call', { name: 'x', arguments: {} }]
const READ: Request = ['resources/read', { uri: 'x://one' }]
const GET: Request = ['prompts/get', { name: 'x' }]
const COMPLETE: Request = ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } }]
const LIST: Request = ['tools/list', {}]
const ARGS = Type.Object({ a: Type.Optional(Type.String()) })

/** A Standard Schema whose validation fails. */
const own = ({ fail }: Scene) => withJsonSchema({ '~standard': { version: 1, vendor: 'own', validate: fail } } as const, { type: 'object' })
const engine = ({ fail }: Scene) => templateEngine({ helpers: [helper({ name: 'fails', run: fail })] })

const HOOKS: Readonly<Record<string, Hook>> = {
  'the handler of a tool': { request: CALL, build: ({ fail }) => ({ furnish: server => server.tool('x', {}, fail) }) },
  'the handler of a resource': {
    request: READ,
    build: ({ fail }) => ({ furnish: server => server.resource('x', { uri: 'x://one' }, fail) }),
  },
  'the handler of a template': {
    request: READ,
    build: ({ fail }) => ({ furnish: server => server.template('x', { uri: 'x://{id}' }, fail) }),
  },
  'the handler of a prompt': { request: GET, build: ({ fail }) => ({ furnish: server => server.prompt('x', {}, fail) }) },
  'a generator, half way': {
    request: CALL,
    build: ({ fail }) => ({
      furnish: server =>
        server.tool('x', {}, async function* () {
          yield 1
          await Promise.resolve(fail())
        }),
    }),
  },
  'work in once': { request: CALL, build: ({ fail }) => ({ furnish: server => server.tool('x', {}, (_, ctx) => ctx.once('k', fail)) }) },
  'a getter of a result': {
    request: CALL,
    only: 'throws',
    build: ({ fail }) => ({
      furnish: server => server.tool('x', {}, () => Object.defineProperty({}, 'a', { enumerable: true, get: fail })),
    }),
  },
  'a toJSON of a result': {
    request: CALL,
    only: 'throws',
    build: ({ fail }) => ({ furnish: server => server.tool('x', {}, () => ({ toJSON: fail })) }),
  },
  'the then of a result': {
    request: CALL,
    only: 'throws',
    // oxlint-disable-next-line unicorn/no-thenable
    build: ({ fail }) => ({ furnish: server => server.tool('x', {}, () => ({ then: fail })) }),
  },
  'middleware of the server': {
    request: CALL,
    build: scene => ({
      furnish: server =>
        server.tool('x', {}, () => 'x').components && server.use((call, next) => (call.component?.name === 'x' ? scene.fail() : next())),
    }),
  },
  'middleware of a method': { request: LIST, build: ({ fail }) => ({ furnish: server => server.use('tools/list', fail) }) },
  'middleware after the handler': {
    request: CALL,
    build: ({ fail }) => ({ furnish: server => server.tool('x', { use: [async (_, next) => (await next(), fail())] }, () => 'x') }),
  },
  'a guard that allows': {
    request: CALL,
    build: ({ fail }) => ({ furnish: server => server.tool('x', { guard: { allow: fail } }, () => 'x') }),
  },
  'a guard that shows, of a call': {
    request: CALL,
    only: 'throws',
    told: /Unknown tool/,
    build: ({ fail }) => ({ furnish: server => server.tool('x', { guard: { visible: fail } }, () => 'x') }),
  },
  'a guard that shows, of a list': {
    request: LIST,
    only: 'throws',
    told: /bystander-echo/,
    build: ({ fail }) => ({ furnish: server => server.tool('x', { guard: { visible: fail } }, () => 'x') }),
  },
  'a completer': {
    request: COMPLETE,
    build: ({ fail }) => ({ furnish: server => server.prompt('x', { args: ARGS, complete: { a: fail } }, () => 'x') }),
  },
  'the list of a template': {
    request: ['resources/list', {}],
    told: /"resources":\[\]/,
    build: ({ fail }) => ({ furnish: server => server.template('x', { uri: 'x://{id}', list: fail }, () => 'x') }),
  },
  'an iterator that a template lists': {
    request: ['resources/list', {}],
    only: 'throws',
    told: /"resources":\[\]/,
    build: ({ fail }) => ({
      furnish: server =>
        server.template(
          'x',
          {
            uri: 'x://{id}',
            *list() {
              yield { uri: 'x://1', name: '1' }
              fail()
            },
          },
          () => 'x',
        ),
    }),
  },
  'a default of a schema': {
    request: CALL,
    only: 'throws',
    build: scene => ({
      furnish: server =>
        server.tool(
          'x',
          { input: toStandardJsonSchema(v.object({ a: v.optional(v.string(), () => (scene.armed ? scene.fail() : 'x')) })) },
          () => 'x',
        ),
    }),
  },
  'a schema of another library': {
    request: CALL,
    build: scene => ({ furnish: server => server.tool('x', { input: own(scene) }, () => 'x') }),
  },
  'an output schema of another library': {
    request: CALL,
    build: scene => ({ furnish: server => server.tool('x', { output: own(scene) }, () => ({})) }),
  },
  'a helper of a template': {
    request: GET,
    only: 'throws',
    build: scene => ({ server: { templates: engine(scene) }, furnish: server => server.prompt('x', { template: 'Well {{fails}}' }) }),
  },
  'the function of a prompt with a template': {
    request: GET,
    build: scene => ({ server: { templates: engine(scene) }, furnish: server => server.prompt('x', { template: 'Well' }, scene.fail) }),
  },
  'a template engine of your own': {
    request: GET,
    build: ({ fail }) => ({ server: { templates: { compile: () => fail } }, furnish: server => server.prompt('x', { template: 'Well' }) }),
  },
  'the hook of a limit': { request: LIST, build: ({ fail }) => ({ furnish: server => server.use('tools/list', limit(fail)) }) },
  'the key of a token bucket': {
    request: LIST,
    only: 'throws',
    build: ({ fail }) => ({ furnish: server => server.use('tools/list', limit(tokenBucket({ perSecond: 1, burst: 1, key: fail }))) }),
  },
}

provoke(test, HOOKS)

const STRANGE: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  'a text': () => 'hunter2',
  'a symbol': () => Symbol('hunter2'),
  'an object without prototype': () => Object.assign(Object.create(null) as object, { secret: 'hunter2' }),
  'an error whose message throws': () =>
    Object.defineProperty(new Error('hunter2'), 'message', {
      get() {
        throw new Error('hunter2')
      },
    }),
  'an error whose stack throws': () =>
    Object.defineProperty(new Error('hunter2'), 'stack', {
      get() {
        throw new Error('hunter2')
      },
    }),
  'a proxy that throws at every touch': () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  },
  'a frozen error': () => Object.freeze(new Error('hunter2')),
}

for (const [name, make] of Object.entries(STRANGE)) {
  test(`whatever is thrown is an error like others: ${name}`, async () => {
    let count = 0
    const scene = await Scene.open('throws', () => ({
      furnish: server =>
        server.tool('x', {}, () => {
          count += 1
          throw make()
        }),
    }))
    for (const { text } of await scene.ask(...CALL)) assert.match(text, /Error id: [\w-]+/)
    assert.equal([count, scene.reported.length], [2, 2])
    scene.thrown.push(scene.reported[0] as Error)
    scene.reported.length = 0
    await scene.judge({ silent: true })
  })
}

test.run()
