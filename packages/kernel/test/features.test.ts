import { definePrompt, type Component } from '@oarlock/kernel'
import { fakeClock } from '@oarlock/protocol'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quiet } from './stage.ts'
import { Wire, type Json } from './wire.ts'

const test = suite('features')

async function capabilities(server: ReturnType<typeof quiet>): Promise<Json> {
  return (await new Wire(server).modern('server/discover')).result['capabilities'] as Json
}

test('S-DISC-03, S-DISC-04: what is offered is declared, and nothing else', async () => {
  const server = quiet()
  assert.equal(await capabilities(server), { logging: {} })
  server.tool('t', { description: 'd' }, () => '')
  assert.equal(await capabilities(server), { tools: { listChanged: true }, logging: {} })
  server.template('m', { uri: 'x://{id}', description: 'd' }, () => '')
  server.prompt('p', { description: 'd' }, () => '')
  assert.equal(await capabilities(server), {
    tools: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    prompts: { listChanged: true },
    logging: {},
  })
  server.prompt('q', { description: 'd', args: Type.Object({ sure: Type.Boolean() }) }, () => '')
  assert.equal((await capabilities(server))['completions'], {})
})

test('S-MSG-11: methods of a feature that is not declared do not exist, in either conversation', async () => {
  const server = quiet({ features: { logging: false } })
  const methods: readonly (readonly [string, Json])[] = [
    ['tools/list', {}],
    ['tools/call', { name: 't' }],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'x://r' }],
    ['prompts/list', {}],
    ['prompts/get', { name: 'p' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } }],
  ]
  const session = new Wire(server)
  await session.initialize('2025-11-25')
  for (const [method, params] of methods) {
    const wire = new Wire(server)
    assert.is((await wire.modern(method, params)).error?.code, -32601, method)
    assert.is(wire.frames[0]?.status, 404)
    assert.is((await session.request(method, params)).error?.code, -32601, method)
  }
  assert.is((await session.request('resources/subscribe', { uri: 'x://r' })).error?.code, -32601)
  assert.is((await session.request('logging/setLevel', { level: 'info' })).error?.code, -32601)
  assert.is((await new Wire(server).modern('subscriptions/listen', { notifications: {} })).error?.code, -32601)
})

test('what can be completed is counted as it comes and goes: a change does not look at what was there before', async () => {
  let looks = 0
  class Watched extends Map<string, () => string[]> {
    override get size(): number {
      looks += 1
      return super.size
    }
  }
  const prompt = (name: string, rest: object = {}): Component => ({
    ...definePrompt(name, { description: 'd', args: Type.Object({ a: Type.String() }) }, () => ''),
    ...rest,
  })
  const server = quiet()
  const others = server.offer({ components: () => Array.from({ length: 50 }, (_, i) => prompt(`p${i}`, { complete: new Watched() })) })
  assert.is((await capabilities(server))['completions'], undefined)
  looks = 0
  server.offer({ components: () => [prompt('plain', { complete: new Watched() })] })
  assert.is((await capabilities(server))['completions'], undefined)
  assert.ok(looks <= 1, `looked ${looks} times`)
  server.offer({ components: () => [prompt('last', { complete: new Watched([['a', () => ['x']]]) })] }).remove()
  assert.is((await capabilities(server))['completions'], undefined, 'what came and went between two looks was never there')
  server.use('prompts/get', (_call, next) => next())
  assert.is((await capabilities(server))['completions'], undefined)
  server.template('rooms', { uri: 'room://{kind}', description: 'd', complete: { kind: () => ['blue'] } }, () => '')
  assert.equal((await capabilities(server))['completions'], {})
  others.remove()
  assert.equal((await capabilities(server))['completions'], {})
})

test('features can be declared before anything of their kind is there, or left out', async () => {
  const server = quiet({ features: { tools: true, prompts: false, completions: true, logging: false } })
  server.prompt('p', { description: 'd' }, () => '')
  assert.equal(await capabilities(server), { tools: { listChanged: true }, completions: {} })
  const wire = new Wire(server)
  assert.equal((await wire.modern('tools/list')).result['tools'], [])
  assert.is((await wire.modern('prompts/get', { name: 'p' })).error?.code, -32601)
})

test('S-TOOL-23: a list that became empty is still a list, and clients hear of it', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const offer = server.tool('t', { description: 'd' }, () => '')
  const [session, listener] = [new Wire(server), new Wire(server)]
  await session.initialize('2025-06-18')
  listener.sendModern(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  offer.remove()
  clock.advance(50)
  for (const wire of [session, listener]) assert.is(wire.of('notifications/tools/list_changed').length, 1)
  assert.equal((await session.request('tools/list')).result, { tools: [] })
  assert.equal((await listener.modern('tools/list')).result['tools'], [])
})

test('S-LEG-04: a session hears only of lists that it was told of', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  server.tool('t', { description: 'd' }, () => '')
  clock.advance(50)
  assert.equal(wire.methods, [])
  const later = new Wire(server)
  await later.initialize('2025-06-18')
  server.tool('u', { description: 'd' }, () => '')
  clock.advance(50)
  assert.equal([wire.methods, later.methods], [[], ['notifications/tools/list_changed']])
})

test.run()
