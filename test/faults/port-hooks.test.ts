/** Exceptions in what a server is given to work with: authentication, stores, logs of events, buses, single-use states, extensions. */
import { memoryEventLog, memorySessionStore, type Bus, type EventLog, type SessionStore } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, stream } from '../../packages/http/test/wire.ts'
import { Scene, WAYS } from './scene.ts'

const test = suite('hooks of ports')

const CULPRIT = { 'x-culprit': 'yes' }

/** A port whose `method` fails once the scene is armed, for whoever `concerns` is about. */
function failing<P extends object>(port: P, method: keyof P, scene: Scene, concerns: () => boolean = () => true): P {
  return new Proxy(port, {
    get:
      (target, key) =>
      (...args: unknown[]) =>
        key === method && scene.armed && concerns()
          ? scene.fail()
          : (Reflect.get(target, key) as (...args: unknown[]) => unknown).apply(target, args),
  })
}

/** A store from which only others than the bystander read. */
async function withSession(scene: Scene): Promise<Record<string, string>> {
  scene.armed = false
  const session = await openSession(scene.port, '2025-11-25', CULPRIT)
  scene.armed = true
  return session
}

for (const way of WAYS) {
  test(`authenticate ${way}: nobody is let in, and those who are in stay`, async () => {
    const scene = await Scene.open(way, scene => ({
      http: { authenticate: head => (head.headers?.get('x-culprit') === 'yes' ? scene.fail() : { id: 'bystander' }) },
    }))
    const { headers, body } = modern('tools/list')
    const session = await openSession(scene.port)
    for (const [sent, content] of [
      [headers, body],
      [session, call('bystander-echo')],
    ] as const) {
      const { status, text } = scene.heard(await ask(scene.port, { headers: { ...sent, ...CULPRIT }, body: content }))
      assert.is(status, 500)
      assert.match(text, /-32603/)
    }
    await scene.judge({ times: 2 })
  })

  test(`the store of sessions ${way} when it is read: the request fails, and no session is lost`, async () => {
    const scene = await Scene.open(way, scene => ({
      http: { sessions: { store: failing<SessionStore>(memorySessionStore(), 'get', scene) } },
    }))
    const session = await withSession(scene)
    const { status, json } = scene.heard(await ask(scene.port, { headers: session, body: call('bystander-echo') }))
    assert.equal([status, json.error.code, json.id], [500, -32603, 1])
    const got = scene.heard(await ask(scene.port, { method: 'GET', headers: { ...session, accept: 'text/event-stream' } }))
    assert.is(got.status, 500)
    scene.armed = false
    assert.is((await ask(scene.port, { headers: session, body: call('bystander-echo') })).status, 200)
    await scene.judge({ times: 2 })
  })

  for (const method of ['set', 'delete'] as const) {
    test(`the store of sessions ${way} at ${method}: the session goes on, and ends`, async () => {
      const scene = await Scene.open(way, scene => ({
        http: { sessions: { store: failing<SessionStore>(memorySessionStore(), method, scene) } },
      }))
      const session = await openSession(scene.port, '2025-11-25', CULPRIT)
      const { status } = await ask(scene.port, { method: 'DELETE', headers: session })
      assert.is(status, method === 'set' ? 404 : 200)
      scene.armed = false
      await scene.judge()
    })
  }

  test(`the log of events ${way} at append: events go out without ids`, async () => {
    const scene = await Scene.open(way, scene => ({
      http: { sessions: { eventLog: failing<EventLog>(memoryEventLog(), 'append', scene) } },
      furnish: server =>
        server.tool('x', {}, async (_, ctx) => {
          await ctx.progress(1)
          return 'done'
        }),
    }))
    const session = await openSession(scene.port)
    const body = { ...call('x'), params: { name: 'x', arguments: {}, _meta: { progressToken: 1 } } }
    const events = scene.watch(await stream(scene.port, { headers: session, body }))
    assert.is((await events.message()).method, 'notifications/progress')
    assert.is((await events.message()).result.content[0].text, 'done')
    assert.not.match(events.raw, /^id:/m)
    scene.armed = false
    await scene.judge()
  })

  test(`the log of events ${way} when it is asked: the request for a replay fails`, async () => {
    const scene = await Scene.open(way, scene => ({
      http: { sessions: { eventLog: failing<EventLog>(memoryEventLog(), 'after', scene) } },
    }))
    const session = await openSession(scene.port)
    const headers = { ...session, accept: 'text/event-stream', 'last-event-id': 'x' }
    assert.is(scene.heard(await ask(scene.port, { method: 'GET', headers })).status, 500)
    await scene.judge({ times: 1 })
  })

  test(`the log of events ${way} when it is to forget: the session ends`, async () => {
    const scene = await Scene.open(way, scene => ({ http: { sessions: { eventLog: failing<EventLog>(memoryEventLog(), 'drop', scene) } } }))
    const session = await openSession(scene.port)
    assert.is(scene.heard(await ask(scene.port, { method: 'DELETE', headers: session })).status, 200)
    scene.armed = false
    await scene.judge({ times: 1 })
  })

  test(`publishing on a bus ${way}: those who changed something go on`, async () => {
    const bus = (scene: Scene): Bus => ({ publish: scene.fail, subscribe: () => () => {} })
    const scene = await Scene.open(way, scene => ({ server: { bus: bus(scene) } }))
    scene.server.resourceUpdated('bystander://one')
    scene.server.tool('x', {}, () => 'x')
    for (const { status } of await scene.ask('tools/call', { name: 'x' })) assert.is(status, 200)
    await scene.judge()
  })

  test(`leaving a bus ${way}: the server closes`, async () => {
    const bus = (scene: Scene): Bus => ({ publish: () => {}, subscribe: () => scene.fail })
    const scene = await Scene.open(way, scene => ({ server: { bus: bus(scene) } }))
    await scene.close()
    assert.is(scene.thrown.length, 1)
    assert.equal(scene.reported, scene.thrown)
  })

  test(`claiming a state that may be used once ${way}: the round fails, masked`, async () => {
    const scene = await Scene.open(way, ({ fail }) => ({
      server: { state: { singleUse: { claim: fail } } },
      furnish: server =>
        server.tool(
          'x',
          {},
          async (_, ctx) => (await ctx.elicit('q', { message: 'Well?', schema: { type: 'object', properties: {} } })).action,
        ),
    }))
    const { headers, body } = modern('tools/call', { name: 'x' })
    const META = { ...body.params._meta, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
    const params = { ...body.params, _meta: META }
    const { json } = await ask(scene.port, { headers, body: { ...body, params } })
    const { requestState } = json.result
    const second = { ...params, requestState, inputResponses: { q: { action: 'decline' } } }
    assert.match(scene.heard(await ask(scene.port, { headers, body: { ...body, params: second } })).text, /Error id/)
    await scene.judge({ times: 1 })
  })

  for (const hook of ['accept', 'begin', 'stop'] as const) {
    test(`a filter of an extension ${way} at ${hook}: other subscriptions, and what else is in its own, go on`, async () => {
      const scene = await Scene.open(way, scene => ({ server: { extensions: [extension(scene, hook)] } }))
      const { headers, body } = modern('subscriptions/listen', { notifications: { toolsListChanged: true, things: true } })
      const capabilities = { extensions: { 'com.example/things': {} } }
      const params = { ...body.params, _meta: { ...body.params._meta, 'io.modelcontextprotocol/clientCapabilities': capabilities } }
      const events = scene.watch(await stream(scene.port, { headers, body: { ...body, params } }))
      if (hook === 'accept') await events.until(/Error id/)
      else await scene.hears(events)
      await scene.judge({ times: 1 })
    })
  }

  test(`a method of an extension ${way}: masked`, async () => {
    const scene = await Scene.open(way, ({ fail }) => ({
      server: { extensions: [{ id: 'com.example/things', methods: { 'things/get': { handle: fail } } }] },
    }))
    const { headers, body } = modern('things/get')
    const capabilities = { extensions: { 'com.example/things': {} } }
    const params = { _meta: { ...body.params._meta, 'io.modelcontextprotocol/clientCapabilities': capabilities } }
    assert.match(scene.heard(await ask(scene.port, { headers, body: { ...body, params } })).text, /Error id/)
    await scene.judge({ times: 1 })
  })
}

function extension({ fail }: Scene, hook: 'accept' | 'begin' | 'stop') {
  const begin = hook === 'begin' ? fail : () => (hook === 'stop' ? fail : () => {})
  return { id: 'com.example/things', filters: { things: { accept: hook === 'accept' ? fail : () => ({ granted: true, begin }) } } }
}

test('a bus that cannot be joined: whoever makes the server is told', () => {
  const bus: Bus = {
    publish: () => {},
    subscribe: () => {
      throw new Error('no bus')
    },
  }
  return Scene.open('throws', () => ({ server: { bus } })).then(
    () => assert.unreachable(),
    (cause: unknown) => assert.match(String(cause), 'no bus'),
  )
})

test.run()
