import { Fault } from '@oarlock/protocol'
import { definePrompt, defineResource, defineTool, InvalidComponent, ToolError, type Middleware } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quiet, reports } from './stage.ts'
import { textOf, Wire } from './wire.ts'

const test = suite('layers')

test('a call goes through server, scopes, arguments, guards, class and member layers, in that order', async () => {
  const order: string[] = []
  const layer =
    (name: string): Middleware =>
    (_call, next) => (order.push(name), next())
  const server = quiet()
  server.use(layer('server'))
  server.use('tools/call', layer('server, tools/call'))
  server.use('prompts/get', layer('never'))
  const options = {
    description: 'd',
    input: Type.Object({ n: Type.Integer() }),
    use: layer('member'),
    guard: { allow: () => (order.push('allow'), true) },
  }
  const owner = { use: [layer('class')], guards: [{ allow: () => (order.push('class allow'), true) }] }
  server.offer({ components: () => [defineTool('work', options, () => order.push('work'), owner)] })
  const wire = new Wire(server)
  await wire.call('work', { n: 1 })
  assert.equal(order, ['server', 'server, tools/call', 'class allow', 'allow', 'class', 'member', 'work'])
  order.length = 0
  await wire.call('work', { n: 'x' })
  assert.equal(order, ['server', 'server, tools/call'])
})

test('components of every kind and origin get the same layers', async () => {
  const seen: string[] = []
  const server = quiet()
  server.use((call, next) => (seen.push(`${call.method} ${call.component?.name ?? '-'}`), next()))
  server.offer({
    components: () => [
      defineTool('t', { description: 'd' }, () => 't'),
      defineResource('r', { uri: 'x://r', description: 'd' }, () => 'r'),
    ],
  })
  server.template('m', { uri: 'x://{id}', description: 'd' }, () => 'm')
  server.offer({ components: () => [definePrompt('p', { description: 'd' }, () => 'p')] })
  const wire = new Wire(server)
  await wire.call('t')
  await wire.modern('resources/read', { uri: 'x://r' })
  await wire.modern('resources/read', { uri: 'x://other' })
  await wire.modern('prompts/get', { name: 'p' })
  await wire.modern('tools/list')
  await wire.modern('server/discover')
  assert.equal(seen, ['tools/call t', 'resources/read r', 'resources/read m', 'prompts/get p', 'tools/list -', 'server/discover -'])
})

test('middleware that comes later is around what was offered before', async () => {
  const server = quiet()
  server.tool('t', { description: 'd' }, () => 't')
  const wire = new Wire(server)
  assert.is(textOf(await wire.call('t')), 't')
  assert.is((await wire.modern('tools/list')).error, undefined)
  const seen: string[] = []
  server.use((call, next) => (seen.push(call.method), next()))
  await wire.call('t')
  await wire.modern('tools/list')
  assert.equal(seen, ['tools/call', 'tools/list'])
})

test('middleware changes results: of tools, and of lists', async () => {
  const server = quiet()
  server.tool('t', { description: 'd' }, () => 't')
  server.tool('hidden', { description: 'd' }, () => 'h')
  server.use('tools/call', async (_call, next) => ({ ...(await next()), _meta: { 'com.example/seen': true } }))
  server.use('tools/list', async (_call, next) => {
    const { tools, ...rest } = (await next()) as { tools: { name: string }[] }
    return { ...rest, tools: tools.filter(({ name }) => name !== 'hidden') }
  })
  const wire = new Wire(server)
  assert.is((await wire.call('t')).result['_meta'] !== undefined && textOf(await wire.call('t')), 't')
  assert.equal((await wire.call('t')).result['_meta'], {
    'com.example/seen': true,
    'io.modelcontextprotocol/serverInfo': { name: 'test', version: '1.0.0' },
  })
  assert.is(((await wire.modern('tools/list')).result['tools'] as unknown[]).length, 1)
})

test('what middleware throws is told as it would be from a handler, and masked otherwise', async () => {
  const server = quiet()
  const seen = reports(server)
  const throws =
    (error: unknown): Middleware =>
    () => {
      throw error
    }
  server.tool('fault', { description: 'd', use: throws(new Fault('FORBIDDEN', 'not on Sundays')) }, () => '')
  server.tool('tool', { description: 'd', use: throws(new ToolError('try later')) }, () => '')
  server.tool('other', { description: 'd', use: throws(new Error('secret')) }, () => '')
  const wire = new Wire(server)
  assert.is((await wire.call('fault')).error?.message, 'not on Sundays')
  assert.equal([textOf(await wire.call('tool')), (await wire.call('tool')).result['isError']], ['try later', true])
  const masked = await wire.call('other')
  assert.is(masked.error?.code, -32603)
  assert.not.match(JSON.stringify(masked), 'secret')
  assert.match(masked.error?.message as string, seen[0]?.correlationId as string)
})

test('a call without anything to wait for is answered at once', () => {
  const server = quiet()
  server.resource('r', { uri: 'x://r', description: 'd' }, () => 'r')
  const wire = new Wire(server)
  wire.sendModern(1, 'resources/read', { uri: 'x://r' })
  assert.is(wire.received.length, 1)
})

test('a timeout that is none is refused', () => {
  for (const timeout of [0, '0s'] as const) {
    assert.throws(
      () => quiet().tool('t', { description: 'd', timeout }, () => ''),
      (error: unknown) => error instanceof InvalidComponent,
    )
  }
  assert.throws(() => quiet().tool('t', { description: 'd', timeout: 'soon' as never }, () => ''), /not a duration/)
})

test.run()
