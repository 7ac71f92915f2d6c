import type { Principal } from '@oarlock/protocol'
import type { Guard, Server } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, messagesOf, quiet, reports } from './stage.ts'
import { settled, textOf, Wire, type Json, type Received } from './wire.ts'

const test = suite('authorize')
const admin = (principal: Principal | undefined): boolean => principal?.id === 'admin'

/** One component of each kind behind the same guard, and one of each in the open. */
function guarded(guard: Guard | readonly Guard[]): Server {
  const server = quiet()
  server.tool('open', { description: 'd' }, () => 'open')
  server.tool('secret', { description: 'd', guard }, () => 'secret')
  server.resource('open', { uri: 'x://open', description: 'd' }, () => 'open')
  server.resource('secret', { uri: 'x://secret', description: 'd', guard }, () => 'secret')
  server.template('open', { uri: 'open://{id}', description: 'd', complete: { id: () => ['1'] } }, () => 'open')
  server.template('secret', { uri: 'secret://{id}', description: 'd', guard, complete: { id: () => ['42'] } }, () => 'secret')
  server.prompt('open', { description: 'd', args: Type.Object({ a: Type.String() }) }, () => 'open')
  server.prompt(
    'secret',
    { description: 'd', guard, args: Type.Object({ a: Type.String() }), complete: { a: () => ['42'] } },
    () => 'secret',
  )
  return server
}

const LISTS = [
  ['tools/list', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
  ['prompts/list', 'prompts'],
] as const

/** Every way to reach the guarded components, and what each answers. */
async function reached(server: Server, wire: Wire): Promise<Received[]> {
  const argument = { name: 'id', value: '' }
  const answers = [
    await wire.call('secret'),
    await wire.modern('resources/read', { uri: 'x://secret' }),
    await wire.modern('resources/read', { uri: 'secret://1' }),
    await wire.modern('prompts/get', { name: 'secret', arguments: { a: '' } }),
    await wire.modern('completion/complete', { ref: { type: 'ref/resource', uri: 'secret://{id}' }, argument }),
    await wire.modern('completion/complete', { ref: { type: 'ref/resource', uri: 'secret://1' }, argument }),
    await wire.modern('completion/complete', { ref: { type: 'ref/prompt', name: 'secret' }, argument: { name: 'a', value: '' } }),
  ]
  void server
  return answers
}

async function names(wire: Wire): Promise<string[]> {
  const seen: string[] = []
  for (const [method, member] of LISTS) {
    const { result } = await wire.modern(method)
    seen.push(...(result[member] as { name: string }[]).map(({ name }) => name))
  }
  return seen
}

/** The uris that a listen request was granted. */
async function granted(wire: Wire): Promise<unknown> {
  const acknowledged = wire.next(({ method }) => method === 'notifications/subscriptions/acknowledged')
  wire.sendModern('listen', 'subscriptions/listen', { notifications: { resourceSubscriptions: ['x://secret', 'secret://1', 'x://open'] } })
  const { params } = await acknowledged
  wire.cancel('listen')
  return (params['notifications'] as Json)['resourceSubscriptions']
}

test('S-RES-10, S-TOOL-07: what is hidden is hidden alike in lists, calls, completion and subscriptions', async () => {
  const server = guarded({ visible: admin })
  const wire = new Wire(server, { head: by('ada') })
  assert.equal(await names(wire), ['open', 'open', 'open', 'open'])
  for (const reply of await reached(server, wire)) assert.is(reply.error?.code, -32602, JSON.stringify(reply))
  assert.equal(await granted(wire), ['x://open'])
  const session = new Wire(server, { head: by('ada') })
  await session.initialize('2025-06-18')
  assert.is((await session.request('resources/subscribe', { uri: 'x://secret' })).error?.code, -32002)
  assert.is((await session.request('resources/subscribe', { uri: 'secret://1' })).error?.code, -32002)

  const allowed = new Wire(server, { head: by('admin') })
  assert.equal(await names(allowed), ['open', 'secret', 'open', 'secret', 'open', 'secret', 'open', 'secret'])
  for (const reply of await reached(server, allowed)) assert.is(reply.error, undefined)
  assert.equal(await granted(allowed), ['x://secret', 'secret://1', 'x://open'])
})

test('a hidden component and one that does not exist read the same', async () => {
  const server = guarded({ visible: admin })
  const wire = new Wire(server)
  const [hidden, missing] = [await wire.call('secret'), await wire.call('secrat')]
  assert.is(hidden.error?.message, "Unknown tool 'secret'.")
  assert.is(missing.error?.message, "Unknown tool 'secrat'.", 'and is not suggested')
  const [one, two] = [
    await wire.modern('resources/read', { uri: 'x://secret' }),
    await wire.modern('resources/read', { uri: 'x://nothing' }),
  ]
  assert.is(one.error?.message.replace('secret', 'nothing'), two.error?.message)
})

test('a general template does not stand in for a hidden resource or a hidden, more specific template', async () => {
  const server = quiet()
  server.resource('one', { uri: 'x://one', description: 'd', guard: { visible: admin } }, () => 'one')
  server.template('two', { uri: 'x://two/{id}', description: 'd', guard: { visible: admin } }, () => 'two')
  server.template('any', { uri: 'x://{+path}', description: 'd' }, ({ uri }) => `any of ${uri}`)
  const wire = new Wire(server)
  const read = async (uri: string) => (await wire.modern('resources/read', { uri })).error?.code ?? 'read'
  assert.equal([await read('x://one'), await read('x://two/1'), await read('x://three')], [-32602, -32602, 'read'])
})

test('a visible rule that throws hides the component, and is reported', async () => {
  const server = guarded({
    visible() {
      throw new Error('directory down')
    },
  })
  const seen = reports(server)
  const wire = new Wire(server, { head: by('admin') })
  assert.equal(await names(wire), ['open', 'open', 'open', 'open'])
  for (const reply of await reached(server, wire)) assert.is(reply.error?.code, -32602)
  assert.ok(seen.every(({ cause, where }) => (cause as Error).message === 'directory down' && where.startsWith('guard of server.')))
  assert.ok(seen.length > 0)
})

test('a visible rule that answers with a promise hides the component, whatever it promises', async () => {
  const server = guarded({ visible: (async () => true) as never })
  const seen = reports(server)
  const wire = new Wire(server)
  assert.is((await wire.call('secret')).error?.code, -32602)
  assert.match(messagesOf(seen).join(), 'not with a promise')
  const failing = guarded({ visible: (() => Promise.reject(new Error('no'))) as never })
  assert.is((await new Wire(failing).call('secret')).error?.code, -32602)
  await settled()
})

test('several rules must all agree, class rules first', async () => {
  const order: string[] = []
  const rule = (name: string, verdict: boolean): Guard => ({ visible: () => (order.push(name), verdict) })
  const server = guarded([rule('a', true), rule('b', false), rule('c', true)])
  await new Wire(server).call('secret')
  assert.equal(order.slice(0, 2), ['a', 'b'])
})

test('S-AUTH-06, S-AUTH-07: missing scopes are refused with one challenge that names them all', async () => {
  const server = guarded([{ requires: ['files:read'] }, { requires: ['files:write', 'files:read'] }])
  const wire = new Wire(server, { head: by('ada', ['files:read']) })
  for (const reply of await reached(server, wire)) {
    assert.is(reply.error?.code, 403, JSON.stringify(reply))
    assert.equal(reply.error?.data, { requiredScopes: ['files:read', 'files:write'] })
    const frame = wire.frames.find(({ id }) => id === reply.id)
    assert.is(frame?.status, 403)
    assert.is(frame?.headers?.['WWW-Authenticate'], 'Bearer error="insufficient_scope", scope="files:read files:write"')
  }
  assert.equal(await granted(wire), ['x://open'])
  assert.is((await names(wire)).length, 8, 'scopes do not hide')
  const enough = new Wire(server, { head: by('ada', ['files:write', 'more', 'files:read']) })
  assert.is(textOf(await enough.call('secret')), 'secret')
})

test('without a principal the answer is UNAUTHENTICATED', async () => {
  const server = guarded({ requires: ['files:read'] })
  const wire = new Wire(server)
  const reply = await wire.call('secret')
  assert.is(reply.error?.code, 401)
  const [frame] = wire.frames
  assert.is(frame?.status, 401)
  assert.is(frame?.headers?.['WWW-Authenticate'], 'Bearer scope="files:read"')
})

test('a scope that no challenge could name is refused at registration', () => {
  for (const scope of ['', 'a b', 'a"b', 'ä']) {
    assert.throws(
      () => guarded({ requires: [scope] }),
      (error: Error) => error.name === 'InvalidComponent' && error.message.includes('no scope'),
    )
  }
})

test('allow decides one call, with its validated arguments', async () => {
  const server = quiet()
  const seen: unknown[] = []
  const guard: Guard = {
    allow(args, ctx) {
      seen.push([args, ctx.principal?.id])
      const { n } = args as { n: number }
      return n < 0 ? `${n} is negative` : n < 100
    },
  }
  const input = Type.Object({ n: Type.Integer({ default: 1 }) })
  server.tool('count', { description: 'd', input, guard }, ({ n }) => n)
  const wire = new Wire(server, { head: by('ada') })
  assert.is(textOf(await wire.call('count')), '1')
  assert.equal(seen, [[{ n: 1 }, 'ada']])
  const refused = await wire.call('count', { n: 100 })
  assert.equal([refused.error?.code, refused.error?.message], [403, 'Not allowed'])
  assert.is((await wire.call('count', { n: -1 })).error?.message, '-1 is negative')
  assert.is((await wire.call('count', { n: 'x' })).result['isError'], true)
  assert.is(seen.length, 3, 'arguments that do not fit are never shown to a guard')
})

test('only a clear yes allows: nothing, an empty text and other values refuse', async () => {
  for (const verdict of [undefined, null, 0, 1, '', {}, Number.NaN]) {
    const server = guarded({ allow: (() => verdict) as never })
    const reply = await new Wire(server).call('secret')
    assert.equal([reply.error?.code, reply.error?.message], [403, 'Not allowed'])
  }
})

test('a guard that throws refuses, and its error is not told', async () => {
  const server = guarded({
    allow: async () => {
      throw new Error('ldap://secret is down')
    },
  })
  const seen = reports(server)
  const wire = new Wire(server)
  const reply = await wire.call('secret')
  assert.is(reply.error?.code, -32603)
  assert.not.match(JSON.stringify(reply), 'ldap')
  assert.equal(await granted(wire), ['x://open'])
  assert.ok(seen.every(({ cause }) => (cause as Error).message.includes('ldap')))
})

test('row 17: subscribing asks allow with the arguments of a read, and waits for it', async () => {
  const server = quiet()
  const seen: unknown[] = []
  const guard: Guard = {
    allow: async (args, ctx) => {
      await settled()
      seen.push([args, ctx.principal?.id])
      return (args as { n?: number }).n !== 13
    },
  }
  server.template('rows', { uri: 'rows://{n}', description: 'd', guard, params: Type.Object({ n: Type.Integer() }) }, () => 'row')
  const head = by('ada')
  const wire = new Wire(server, { head })
  wire.sendModern(1, 'subscriptions/listen', {
    notifications: { resourceSubscriptions: ['rows://1', 'rows://13', 'rows://x', 'other://1'] },
  })
  assert.equal(wire.received, [], 'nothing is acknowledged before the guards have spoken')
  const { params } = await wire.until(({ method }) => method === 'notifications/subscriptions/acknowledged')
  assert.equal(params['notifications'], { resourceSubscriptions: ['rows://1'] })
  assert.equal(seen, [
    [{ n: 1, uri: 'rows://1' }, 'ada'],
    [{ n: 13, uri: 'rows://13' }, 'ada'],
  ])
  const session = new Wire(server, { head })
  await session.initialize('2025-11-25')
  assert.equal((await session.request('resources/subscribe', { uri: 'rows://2' })).result, {})
  const refused = await session.request('resources/subscribe', { uri: 'rows://13' })
  assert.is(refused.error?.code, -32002)
  assert.equal(session.receiver.session?.subscriptions, ['rows://2'])
})

test('a guard that would have to ask the client first has not said yes to a subscription', async () => {
  const server = quiet()
  const guard: Guard = {
    allow: async (_args, ctx) => (await ctx.elicit('sure', { message: '?', schema: Type.Object({}) })).action === 'accept',
  }
  server.resource('r', { uri: 'x://r', description: 'd', guard }, () => 'r')
  const seen = reports(server)
  const wire = new Wire(server)
  wire.sendModern(
    1,
    'subscriptions/listen',
    { notifications: { resourceSubscriptions: ['x://r'], resourcesListChanged: true } },
    { capabilities: { elicitation: {} } },
  )
  const { params } = await wire.until(({ method }) => method === 'notifications/subscriptions/acknowledged')
  assert.equal(params['notifications'], { resourcesListChanged: true })
  assert.equal(seen, [])
})

test('row 19: what a caller may do follows from the body, never from a header', async () => {
  const server = guarded({ visible: admin })
  const head = { ...by('ada'), transport: 'http', headers: { get: () => 'open' } }
  assert.is((await new Wire(server, { head }).call('secret')).error?.code, -32602)
})

test('of several versions a caller gets the best that it may see', async () => {
  const server = quiet()
  const add = (version: string, guard: Guard | readonly Guard[] = []) =>
    server.tool('add', { description: version, version, guard }, () => version)
  add('1.0.0')
  server.tool('zero', { description: 'd' }, () => 0)
  add('2.0.0', { visible: admin })
  const [ada, root] = [new Wire(server, { head: by('ada') }), new Wire(server, { head: by('admin') })]
  const listed = async (wire: Wire) =>
    ((await wire.modern('tools/list')).result['tools'] as { description: string }[]).map(({ description }) => description)
  for (const [wire, version] of [
    [ada, '1.0.0'],
    [root, '2.0.0'],
  ] as const) {
    assert.equal(await listed(wire), [version, 'd'])
    assert.is(textOf(await wire.call('add')), version)
  }
  const wanted = { meta: { 'dev.oarlock/version': '2.0.0' } }
  assert.is((await ada.call('add', {}, wanted)).error?.code, -32602)
  assert.is(textOf(await root.call('add', {}, { meta: { 'dev.oarlock/version': '1.0.0' } })), '1.0.0')
})

test.run()
