/** Exceptions in what a registry of prompts and sources of resources are given: values, choices, counters, parsers, access, loaders, ports, listeners. */
import { helper, prompts, type PromptDefinition, type PromptRegistry, type RegistryEvents, type RegistryOptions } from '@oarlock/prompts'
import { api } from '@oarlock/resources/api'
import { database, type DatabaseOptions, type DatabaseSource } from '@oarlock/resources/database'
import { LogBuffer, logs } from '@oarlock/resources/logs'
import { ResourceProvider, type ResourceProviderOptions } from '@oarlock/resources'
import { Type } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { modern, stream } from '../../packages/http/test/wire.ts'
import { provoke, subscribed, type Hook, type Request } from './hook.ts'
import { Scene, WAYS, type SceneOptions } from './scene.ts'

const test = suite('hooks of prompts and resources')

const GET: Request = ['prompts/get', { name: 'x', arguments: { a: '1' } }]
const COMPLETE: Request = ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } }]
const LIST: Request = ['prompts/list', {}]
const READ: Request = ['resources/read', { uri: 'x://one' }]

/** A registry with one prompt on the server. */
const registered = (definition: Partial<PromptDefinition>, options: RegistryOptions = {}): SceneOptions => ({
  furnish(server) {
    const registry = prompts(options)
    registry.add({
      name: 'x',
      description: 'd',
      args: Type.Object({ a: Type.String() }),
      template: 'Well {{a}}',
      ...definition,
    })
    server.offer(registry)
  },
})

/** The same in two versions. */
const versions = (options: RegistryOptions): SceneOptions => ({
  furnish(server) {
    const registry = prompts(options)
    for (const version of ['1.0.0', '2.0.0']) registry.add({ name: 'x', version, description: 'd', template: 'Well' })
    server.offer(registry)
  },
})

const VARIANTS: Partial<PromptDefinition> = { variants: [{ name: 'one' }, { name: 'two', template: 'Two {{a}}' }] }

/** A source of resources of which some methods are others. */
function source(methods: object, options: Partial<ResourceProviderOptions> = {}): SceneOptions {
  class Source extends ResourceProvider {
    templates() {
      return [TEMPLATE]
    }
    read() {
      return { text: 'read' }
    }
  }
  return { furnish: server => server.offer(Object.assign(new Source({ name: 'x', ...options }), methods)) }
}
const TEMPLATE = { name: 'x', uriTemplate: 'x://{id}' }

/** A database of one table. */
function tables(methods: Partial<DatabaseSource>, options: Partial<DatabaseOptions> = {}): SceneOptions {
  const port: DatabaseSource = {
    dialect: 'sqlite',
    connections: 1,
    relations: async () => [],
    run: async () => ({ columns: [], rows: [], keys: [], stopped: undefined }),
    follow: async () => () => {},
    close: async () => {},
    ...methods,
  }
  return { furnish: server => server.offer(database({ name: 'x', source: port, ...options })) }
}

const HOOKS: Readonly<Record<string, Hook>> = {
  'the values of a prompt': { request: GET, build: ({ fail }) => registered({ values: fail, template: 'Well {{a}} {{b}}' }) },
  'a helper of a registry': {
    request: GET,
    only: 'throws',
    build: ({ fail }) => registered({ template: 'Well {{a}} {{fails}}' }, { engine: { helpers: [helper({ name: 'fails', run: fail })] } }),
  },
  'the counter of tokens': { request: GET, only: 'throws', build: ({ fail }) => registered({}, { engine: { tokens: fail } }) },
  'the finder of assets': {
    request: GET,
    only: 'throws',
    build: ({ fail }) => registered({ template: '{{a}} {{image "x.png"}}' }, { engine: { assets: fail } }),
  },
  'the subject of a choice': { request: GET, only: 'throws', build: ({ fail }) => registered(VARIANTS, { subject: fail }) },
  'the choice of a variant': { request: GET, only: 'throws', build: ({ fail }) => registered(VARIANTS, { assign: fail }) },
  'middleware of a registry': { request: GET, build: ({ fail }) => registered({}, { use: fail }) },
  'a rule of a registry': { request: GET, build: ({ fail }) => registered({}, { guard: { allow: fail } }) },
  'a completer of a registry': {
    request: COMPLETE,
    build: ({ fail }) => registered({ complete: { a: 'letters' } }, { completers: { letters: fail } }),
  },
  'an access rule': { request: READ, only: 'throws', told: /not found/i, build: ({ fail }) => source({}, { access: fail }) },
  'the read of a source': { request: READ, build: ({ fail }) => source({ read: fail }) },
  'the list of a source': {
    request: ['resources/list', {}],
    told: /"resources":\[\]/,
    build: ({ fail }) => source({ list: fail }),
  },
  'a pin': { request: LIST, only: 'throws', told: /"prompts":\[/, build: ({ fail }) => versions({ pin: fail }) },
  'what a query suggests': {
    request: ['completion/complete', { ref: { type: 'ref/resource', uri: 'db://x/queries/q{?a}' }, argument: { name: 'a', value: '' } }],
    build: ({ fail }) =>
      tables({}, { queries: { q: { sql: 'SELECT :a', params: Type.Object({ a: Type.String() }), complete: { a: fail } } } }),
  },
  'what a source suggests': {
    request: ['completion/complete', { ref: { type: 'ref/resource', uri: 'x://{id}' }, argument: { name: 'id', value: '' } }],
    build: ({ fail }) => source({ complete: fail }),
  },
  'the parser of a log': {
    request: ['resources/read', { uri: 'logs://app' }],
    only: 'throws',
    build({ fail }) {
      const buffer = new LogBuffer()
      buffer.write('a line\n')
      return {
        furnish: server => server.offer(logs({ name: 'x', sources: { app: { buffer, format: { name: 'own', parse: fail } } } })),
      }
    },
  },
  'the relations of a database': {
    request: ['resources/read', { uri: 'db://x/schema' }],
    build: ({ fail }) => tables({ relations: fail }),
  },
  'the choice of tables': {
    request: ['resources/read', { uri: 'db://x/schema' }],
    only: 'throws',
    build: ({ fail }) =>
      tables(
        { relations: async () => [{ schema: 'main', name: 't', kind: 'table', columns: [], key: [], references: [] } as never] },
        { tables: fail },
      ),
  },
  'where an upstream is': {
    request: ['resources/read', { uri: 'api://x/one' }],
    told: /Error id|cannot be reached/,
    build: ({ fail }) => ({
      furnish: server => server.offer(api({ name: 'x', baseUrl: 'https://x.example.com', paths: ['/one'], retries: 0, lookup: fail })),
    }),
  },
}

provoke(test, HOOKS)

/** What makes an event of a registry happen. */
const NEWS: Readonly<Record<keyof RegistryEvents, (scene: Scene, registry: PromptRegistry) => Promise<unknown>>> = {
  'prompt.rendered': scene => scene.ask(...GET),
  'prompt.exposed': scene => scene.ask(...GET),
  'prompt.failed': scene => scene.ask('prompts/get', { name: 'fails' }),
  async 'prompts.changed'(_, registry) {
    registry.add({ name: 'y', description: 'd', template: 'y' })
  },
  'problems.found': scene => scene.ask('prompts/list'),
}

for (const [event, cause] of Object.entries(NEWS) as [keyof RegistryEvents, (typeof NEWS)[keyof RegistryEvents]][]) {
  for (const way of WAYS) {
    test(`a listener of ${event} that ${way} is reported, and nobody else notices`, async () => {
      const pin = (): string => '9.9.9'
      const registry = prompts(event === 'problems.found' ? { pin } : {})
      const args = Type.Object({ a: Type.Optional(Type.String()) })
      registry.add({ name: 'x', version: '1.0.0', description: 'd', args, template: 'Well {{a}}', ...VARIANTS })
      registry.add({ name: 'x', version: '2.0.0', description: 'd', args, template: 'Well {{a}}', ...VARIANTS })
      registry.add({ name: 'fails', description: 'd', template: 'x', values: () => Promise.reject(new Error('of another kind')) })
      let heard = 0
      const scene = await Scene.open(way, ({ fail }) => ({
        furnish(server) {
          registry.on(event, fail)
          registry.on(event, () => void (heard += 1))
          server.offer(registry)
        },
      }))
      await cause(scene, registry)
      await scene.judge()
      assert.is(heard, scene.thrown.length, 'the listener after it')
    })
  }
}

for (const way of WAYS) {
  test(`the watch of a source ${way}: it is subscribed nevertheless, and watched anew`, async () => {
    const scene = await Scene.open(way, ({ fail }) => source({ watch: fail }))
    await subscribed(scene)
    await scene.judge()
  })

  test(`the start of a source ${way}: it is reported, and the server serves on`, async () => {
    const scene = await Scene.open(way, ({ fail }) => source({ start: fail }))
    await scene.ask(...READ)
    await scene.judge({ times: 1 })
  })

  test(`following a database ${way}: it is subscribed nevertheless`, async () => {
    const scene = await Scene.open(way, ({ fail }) => tables({ follow: fail }))
    const { headers, body } = modern('subscriptions/listen', { notifications: { resourceSubscriptions: ['db://x/schema'] } })
    const events = scene.watch(await stream(scene.port, { headers, body }))
    assert.is((await events.message()).method, 'notifications/subscriptions/acknowledged')
    await scene.leave(events)
    await scene.judge()
  })
}

test.run()
