import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '@oarlock/protocol'
import { ToolError, type CallFinished } from '@oarlock/kernel'
import { Type } from 'typebox'
import { by, quiet, reports } from './stage.ts'
import { settled, Wire } from './wire.ts'

const test = suite('events')

test('how each call ended is told, with who called what', async () => {
  const server = quiet()
  const seen: CallFinished[] = []
  server.on('call.finished', event => seen.push(event))
  server.tool('fine', { description: 'd' }, () => 'ok')
  server.tool('error', { description: 'd' }, () => {
    throw new ToolError('no')
  })
  server.tool('fault', { description: 'd' }, () => {
    throw new Fault('FORBIDDEN')
  })
  server.tool('ask', { description: 'd' }, (_args, ctx) => ctx.elicit('k', { message: '?', schema: Type.Object({}) }))
  server.resource('r', { uri: 'x://r', description: 'd' }, () => {
    throw new Error('down')
  })
  const wire = new Wire(server, { head: by('ada') })
  for (const name of ['fine', 'error', 'fault', 'ask', 'nothing']) await wire.call(name, {}, { capabilities: { elicitation: {} } })
  await wire.modern('resources/read', { uri: 'x://r' })
  await wire.modern('tools/list')
  assert.equal(
    seen.map(({ method, name, end, fault }) => [method, name, end, fault]),
    [
      ['tools/call', 'fine', 'complete', undefined],
      ['tools/call', 'error', 'tool-error', undefined],
      ['tools/call', 'fault', 'fault', 'FORBIDDEN'],
      ['tools/call', 'ask', 'asking', undefined],
      ['tools/call', 'nothing', 'fault', 'TOOL_NOT_FOUND'],
      ['resources/read', 'x://r', 'fault', 'INTERNAL_ERROR'],
      ['tools/list', undefined, 'complete', undefined],
    ],
  )
  assert.ok(
    seen.every(
      ({ principal, peer, ms, head }) => principal?.id === 'ada' && peer.revision === '2026-07-28' && ms >= 0 && head.transport === 'test',
    ),
  )
  assert.is(new Set(seen.map(({ correlationId }) => correlationId)).size, seen.length)
})

test('what is masked can be found by the id that the client was told', async () => {
  const server = quiet()
  const seen = reports(server)
  const finished: CallFinished[] = []
  server.on('call.finished', event => finished.push(event))
  server.tool('t', { description: 'd' }, () => {
    throw new Error('down')
  })
  const reply = await new Wire(server).call('t')
  const id = seen[0]?.correlationId as string
  assert.match(JSON.stringify(reply), id)
  assert.is(finished[0]?.correlationId, id)
  assert.is(seen[0]?.where, "server.tool('t')")
})

test('a listener that throws, or rejects, is reported and hurts nobody', async () => {
  const server = quiet()
  const heard: string[] = []
  server.on('call.finished', () => {
    throw new Error('soon')
  })
  const late = (): unknown => settled().then(() => Promise.reject(new Error('late')))
  server.on('call.finished', late)
  server.on('call.finished', ({ method }) => heard.push(method))
  const seen = reports(server)
  server.on('error.reported', () => {
    throw new Error('not heard of')
  })
  server.tool('t', { description: 'd' }, () => 't')
  const reply = await new Wire(server).call('t')
  assert.is(reply.error, undefined)
  await settled()
  await settled()
  assert.equal(heard, ['tools/call'])
  assert.equal(
    seen.map(({ cause, where }) => [(cause as Error).message, where]),
    [
      ['soon', 'listener of call.finished'],
      ['late', 'listener of call.finished'],
    ],
  )
})

test('a listener can be taken away', async () => {
  const server = quiet()
  let count = 0
  const stop = server.on('catalog.changed', () => (count += 1))
  server.tool('a', { description: 'd' }, () => '')
  stop()
  server.tool('b', { description: 'd' }, () => '')
  assert.is(count, 1)
})

test('connections, sessions and subscriptions are opened once and closed once', async () => {
  const server = quiet()
  server.tool('t', { description: 'd' }, () => '')
  const log: string[] = []
  for (const event of [
    'connection.opened',
    'connection.closed',
    'session.opened',
    'session.closed',
    'subscription.opened',
    'subscription.closed',
  ] as const) {
    server.on(event, () => log.push(event))
  }
  const wire = new Wire(server)
  await wire.modern('server/discover')
  await wire.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } })
  assert.equal(log, ['connection.opened'])
  wire.send({ method: 'notifications/initialized' })
  wire.send({ method: 'notifications/initialized' })
  wire.sendModern('l', 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  wire.cancel('l')
  wire.sendModern('m', 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  wire.close()
  wire.close()
  assert.equal(log, [
    'connection.opened',
    'session.opened',
    'subscription.opened',
    'subscription.closed',
    'subscription.opened',
    'subscription.closed',
    'session.closed',
    'connection.closed',
  ])
})

test('a session that never said it was ready was never open', async () => {
  const server = quiet()
  const log: string[] = []
  server.on('session.opened', () => log.push('opened'))
  server.on('session.closed', () => log.push('closed'))
  const wire = new Wire(server)
  await wire.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } })
  wire.close()
  assert.equal(log, [])
})

test('S-LEG-12: a client that has other roots is heard', async () => {
  const server = quiet()
  const seen: unknown[] = []
  server.on('roots.changed', ({ session, peer }) => seen.push([session, peer.revision]))
  const wire = new Wire(server, { head: { transport: 'test', session: 's1' } })
  wire.send({ method: 'notifications/roots/list_changed' })
  await wire.initialize('2025-06-18', { roots: { listChanged: true } })
  wire.send({ method: 'notifications/roots/list_changed' })
  assert.equal(seen, [['s1', '2025-06-18']])
})

test('payloads can be written to a log as JSON', async () => {
  const server = quiet()
  server.tool('t', { description: 'd' }, () => '')
  const texts: string[] = []
  for (const event of ['call.finished', 'session.opened', 'session.closed', 'subscription.opened', 'connection.opened'] as const) {
    server.on(event, (payload: object) => texts.push(JSON.stringify(payload)))
  }
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  await wire.request('tools/call', { name: 't', arguments: { password: 'hunter2' } })
  await wire.call('t', { password: 'hunter2' })
  wire.sendModern('l', 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  wire.close()
  assert.is(texts.length, 6)
  assert.not.match(texts.join(), 'hunter2')
})

test.run()
