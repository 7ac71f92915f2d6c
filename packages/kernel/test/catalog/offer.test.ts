import { fakeClock } from '@oarlock/protocol'
import {
  definePrompt,
  defineResource,
  defineTemplate,
  defineTool,
  FIELD,
  OFFERS,
  type Component,
  type Provider,
  type ProviderHost,
} from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesOf, promised, quiet, reports } from '../stage.ts'
import { settled, textOf, Wire } from '../wire.ts'

const test = suite('offer')
const tool = (name: string, returns = name): Component => defineTool(name, { description: name }, () => returns)
const names = (server: ReturnType<typeof quiet>): string[] => server.components.map(({ name }) => name).toSorted()

test('what has components of its own, by symbol or in its fields, can be offered', () => {
  const server = quiet()
  const field = (name: string) => ({ [FIELD]: (key: string) => tool(name === '' ? key : name) })
  server.offer({ [OFFERS]: () => [tool('decorated')] })
  server.offer({ add: field(''), sub: field('minus'), other: 5, nothing: null })
  server.offer([{ components: () => [tool('provided')] }, { mul: field('') }])
  assert.equal(names(server), ['add', 'decorated', 'minus', 'mul', 'provided'])
})

test('what offers nothing is refused with what could be', () => {
  const server = quiet()
  class Empty {}
  for (const [offered, text] of [
    [new Empty(), 'Empty offers nothing. Offer an instance'],
    [{}, 'Object offers nothing'],
    [null, 'null offers nothing'],
    ['text', 'text offers nothing'],
  ] as const) {
    assert.throws(() => server.offer(offered as never), new RegExp(text))
  }
})

test('an offer is changed in one step: clients hear of it once, and what stays keeps its place', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const changes: unknown[] = []
  const offer = server.offer({ components: () => [tool('a', 'old')] })
  server.tool('z', { description: 'd' }, () => 'z')
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  server.on('catalog.changed', ({ kinds }) => changes.push(kinds))
  offer.update({ components: () => [tool('a', 'new'), tool('b')] })
  clock.advance(50)
  assert.equal([changes, wire.methods], [[['tools']], ['notifications/tools/list_changed']])
  assert.is(textOf(await wire.request('tools/call', { name: 'a' })), 'new')
  const { tools } = (await wire.request('tools/list')).result as { tools: { name: string }[] }
  assert.equal(
    tools.map(({ name }) => name),
    ['a', 'z', 'b'],
  )
  assert.equal(
    offer.components.map(({ name }) => name),
    ['a', 'b'],
  )
})

test('when the new one cannot be served the old one stays, and nobody is told', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  server.tool('taken', { description: 'd' }, () => '')
  const offer = server.offer({ components: () => [tool('a')] })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  for (const bad of [tool('taken'), tool('no name!')]) assert.throws(() => offer.update({ components: () => [tool('b'), bad] }))
  clock.advance(50)
  assert.equal([names(server), wire.methods], [['a', 'taken'], []])
})

test('an offer that was removed is gone, and cannot be changed', async () => {
  const server = quiet()
  const offer = server.tool('a', { description: 'd' }, () => '')
  server.tool('b', { description: 'd' }, () => '')
  offer.remove()
  offer.remove()
  assert.equal(names(server), ['b'])
  assert.is((await new Wire(server).call('a')).error?.code, -32602)
  assert.throws(() => offer.update({ components: () => [tool('c')] }), /removed/)
  server.tool('a', { description: 'd' }, () => '')
})

test('one provider is offered once', () => {
  const server = quiet()
  const provider: Provider = { name: 'files', components: () => [tool('a')] }
  server.offer(provider)
  assert.throws(() => server.offer(provider), /offered already/)
})

test('a provider is attached when offered and detached when it goes, in order', async () => {
  const server = quiet()
  const log: string[] = []
  const [starting, stopping] = [promised(), promised()]
  const provider = (name: string): Provider => ({
    name,
    components: () => [tool('a')],
    async attach() {
      log.push(`${name} starts`)
      if (name === 'one') await starting.promise
      return async () => {
        log.push(`${name} stops`)
        if (name === 'one') await stopping.promise
      }
    },
  })
  const offer = server.offer(provider('one'))
  starting.resolve()
  await offer.ready
  offer.update(provider('two'))
  await settled()
  assert.equal(log, ['one starts', 'one stops'])
  stopping.resolve()
  await offer.ready
  await settled()
  assert.equal(log, ['one starts', 'one stops', 'two starts'])
  offer.remove()
  await settled()
  assert.is(log.at(-1), 'two stops')
})

test('a provider that is replaced or removed while it starts is stopped as soon as it has', async () => {
  const server = quiet()
  const log: string[] = []
  const slow = (name: string) => {
    const started = promised()
    const provider: Provider = {
      name,
      components: () => [tool('a')],
      attach: async () => (await started.promise, () => void log.push(`${name} stops`)),
    }
    return { provider, started }
  }
  const [one, two] = [slow('one'), slow('two')]
  const offer = server.offer(one.provider)
  offer.update(two.provider)
  offer.remove()
  two.started.resolve()
  one.started.resolve()
  await settled()
  assert.equal(log, ['one stops'], 'the second never started')
})

test('what a provider says after it went is not heard', async () => {
  const server = quiet()
  let changed = (): void => {}
  const offer = server.offer({ components: () => [tool('a')], attach: host => void (changed = () => host.changed()) })
  offer.remove()
  changed()
  await settled()
  assert.equal(names(server), [])
})

test('a provider that cannot start is reported, and its handle says so', async () => {
  const server = quiet()
  const seen = reports(server)
  const offer = server.offer({ name: 'db', components: () => [tool('a')], attach: () => Promise.reject(new Error('no such host')) })
  try {
    await offer.ready
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'no such host')
  }
  assert.equal([seen[0]?.where, names(server)], ['db', ['a']])
})

test('of several providers offered together, those that started are stopped when one cannot', async () => {
  const server = quiet()
  const log: string[] = []
  const fine = (name: string): Provider => ({ name, components: () => [tool(name)], attach: () => () => void log.push(`${name} stops`) })
  const offer = server.offer([
    fine('a'),
    { name: 'b', components: () => [tool('b')], attach: () => Promise.reject(new Error('no')) },
    fine('c'),
  ])
  await offer.ready.catch(() => {})
  assert.equal(log.toSorted(), ['a stops', 'c stops'])
})

test('a stop that fails is reported and does not keep the others from stopping', async () => {
  const server = quiet()
  const seen = reports(server)
  const log: string[] = []
  const failing: Provider = { components: () => [tool('a')], attach: () => () => Promise.reject(new Error('stuck')) }
  const offer = server.offer([failing, { components: () => [tool('b')], attach: () => () => void log.push('b stops') }])
  await offer.ready
  offer.remove()
  await settled()
  assert.equal([log, messagesOf(seen)[0]], [['b stops'], 'stuck'])
})

test('a provider tells that what its templates list changed: once for a burst, to those who follow the resources, until it is withdrawn', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const hosts: ProviderHost[] = []
  const template = defineTemplate('t', { uri: 'x://{id}', description: 'd', list: () => [] }, () => '')
  const offer = server.offer({ components: () => [template], attach: host => void hosts.push(host) })
  server.tool('a', { description: 'd' }, () => '')
  const [session, stream, other] = [new Wire(server), new Wire(server), new Wire(server)]
  const { capabilities } = (await session.initialize('2024-11-05')).result as { capabilities: { resources: object } }
  assert.equal(capabilities.resources, { subscribe: true, listChanged: true })
  stream.sendModern(1, 'subscriptions/listen', { notifications: { resourcesListChanged: true } })
  other.sendModern(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  await settled()
  const told = () => [session, stream, other].map(wire => wire.methods.filter(method => method.endsWith('list_changed')))
  hosts[0]?.changed()
  await settled()
  clock.advance(50)
  assert.equal(told(), [[], [], []], 'the same components as before are no change')
  for (let turn = 0; turn < 3; turn += 1) hosts[0]?.listChanged()
  clock.advance(50)
  const once = ['notifications/resources/list_changed']
  assert.equal(told(), [once, once, []])
  offer.update({ components: () => [template, tool('b')] })
  clock.advance(50)
  hosts[0]?.listChanged()
  clock.advance(50)
  assert.equal(told()[1], once, 'whoever was replaced is not heard')
})

test('a provider learns when the first client follows the list of resources, and when none does any more', async () => {
  const server = quiet()
  const log: boolean[] = []
  const provider = {
    components: () => [defineTemplate('t', { uri: 'x://{id}', description: 'd', list: () => [] }, () => '')],
    attach: (host: ProviderHost) => host.whenListFollowed(followed => log.push(followed)),
  }
  const offer = server.offer(provider)
  const [session, stream, tools] = [new Wire(server), new Wire(server), new Wire(server)]
  tools.sendModern(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  await settled()
  assert.equal(log, [])
  await session.initialize('2024-11-05')
  stream.sendModern(1, 'subscriptions/listen', { notifications: { resourcesListChanged: true } })
  await settled()
  assert.equal(log, [true])
  session.close()
  await settled()
  assert.equal(log, [true])
  stream.cancel(1)
  await settled()
  assert.equal(log, [true, false])
  stream.sendModern(2, 'subscriptions/listen', { notifications: { resourcesListChanged: true } })
  await settled()
  offer.remove()
  server.offer({ ...provider })
  await settled()
  assert.equal(log, [true, false, true, true], 'whoever comes later learns of it at once')
  stream.cancel(2)
  await settled()
  assert.equal(log.slice(4), [false], 'whoever is gone learns nothing')
})

test('what fails in a provider in the background is reported, and by whom', async () => {
  const server = quiet()
  const log: string[] = []
  server.on('error.reported', ({ cause, where }) => log.push(`${where}: ${(cause as Error).message}`))
  server.offer({ name: 'tickets', components: () => [], attach: host => host.report(new Error('gone'), 'polling') })
  await settled()
  assert.equal(log, ['tickets: polling: gone'])
})

test('a provider can ask who has a component of the same kind, name and version, so that what it supplies is not refused', async () => {
  const server = quiet()
  const hosts: ProviderHost[] = []
  const origins = { tool: 'the tool', resource: 'the resource', template: 'the template', prompt: 'the prompt' }
  server.offer({
    components: () => [
      defineTool('a', { description: 'd', version: '1' }, () => '', { origin: origins.tool }),
      defineResource('a', { uri: 'x://a' }, () => '', { origin: origins.resource }),
      defineTemplate('a', { uri: 'x://{a}', description: 'd' }, () => '', { origin: origins.template }),
      definePrompt('a', { description: 'd' }, () => '', { origin: origins.prompt }),
    ],
  })
  const mine = tool('mine')
  const offer = server.offer({ components: () => [mine], attach: host => void hosts.push(host) })
  const rival = (component: Component): string | undefined => hosts[0]?.rival(component)
  assert.equal(
    [
      rival(defineTool('a', { description: 'other', version: '1' }, () => '')),
      rival(defineResource('other', { uri: 'x://a' }, () => '')),
      rival(defineTemplate('other', { uri: 'x://{a}', description: 'd' }, () => '')),
      rival(definePrompt('a', { description: 'd' }, () => '')),
    ],
    Object.values(origins),
  )
  const free = [tool('a'), tool('b'), mine, tool('mine'), definePrompt('mine', { description: 'd' }, () => '')]
  assert.equal(free.map(rival), [undefined, undefined, undefined, undefined, undefined], 'another version, another name, and its own')
  offer.remove()
  assert.is(rival(definePrompt('a', { description: 'd' }, () => '')), undefined, 'to whoever is gone nothing is in the way')
})

test('providers that are offered together are rivals of each other, and of others together', async () => {
  const server = quiet()
  server.tool('taken', { description: 'd' }, () => '')
  const hosts: ProviderHost[] = []
  const part = (...names: readonly string[]): Provider => ({
    components: () => names.map(name => tool(name)),
    attach: host => void hosts.push(host),
  })
  server.offer([part('a'), part('b')])
  await settled()
  const told = (name: string) => hosts.map(host => host.rival(tool(name)))
  assert.equal(
    [told('a'), told('b'), told('c')],
    [
      [undefined, tool('a').origin],
      [tool('b').origin, undefined],
      [undefined, undefined],
    ],
  )
  assert.equal(told('taken'), ["server.tool('taken')", "server.tool('taken')"])
})

test.run()
