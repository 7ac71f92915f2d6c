import type { Extension } from '@oarlock/kernel'
import { Fault } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quiet } from './stage.ts'
import { Wire, type Json } from './wire.ts'

const test = suite('extension')
const ID = 'com.example/reports'
const reportsOf = (rest: Partial<Extension> = {}): Extension => ({
  id: ID,
  settings: { formats: ['pdf'] },
  methods: { 'reports/get': { handle: ({ id }, ctx) => ({ id, asked: ctx.peer.revision }) } },
  resultTypes: ['report'],
  ...rest,
})
const declared = { capabilities: { extensions: { [ID]: {} } } }

test('S-EXT-01, S-DISC-06: an extension is off unless given, and then advertised with its settings', async () => {
  const off = (await new Wire(quiet()).modern('server/discover')).result['capabilities'] as Json
  assert.is(off['extensions'], undefined)
  const server = quiet({ extensions: [reportsOf(), { id: 'com.example/plain' }] })
  const on = (await new Wire(server).modern('server/discover')).result['capabilities'] as Json
  assert.equal(on['extensions'], { [ID]: { formats: ['pdf'] }, 'com.example/plain': {} })
})

test('S-EXT-02: its methods are for clients that declare it', async () => {
  const server = quiet({ extensions: [reportsOf()] })
  const wire = new Wire(server)
  assert.is((await wire.modern('reports/get', { id: 5 }, declared)).result['id'], 5)
  const refused = await wire.modern('reports/get', { id: 5 })
  assert.is(refused.error?.code, -32021)
  assert.equal(refused.error?.data, { requiredCapabilities: { extensions: { [ID]: {} } } })
  assert.is((await new Wire(quiet()).modern('reports/get', { id: 5 }, declared)).error?.code, -32601)
})

test('its methods serve sessions too, through the same layers', async () => {
  const server = quiet({ extensions: [reportsOf()] })
  const seen: string[] = []
  server.use((call, next) => (seen.push(call.method), next()))
  const wire = new Wire(server)
  await wire.initialize('2025-11-25', { extensions: { [ID]: {} } })
  assert.equal((await wire.request('reports/get', { id: 1 })).result, { id: 1, asked: '2025-11-25' })
  assert.equal(seen, ['reports/get'])
})

test('S-MSG-19: a result type of its own passes as it is', async () => {
  const handle = () => ({ resultType: 'report', pages: 3 })
  const server = quiet({ extensions: [reportsOf({ methods: { 'reports/get': { handle } } })] })
  const { result } = await new Wire(server).modern('reports/get', {}, declared)
  assert.equal([result['resultType'], result['pages']], ['report', 3])
})

test('what its methods throw is told or masked like anything else', async () => {
  const failing = (error: unknown): Extension =>
    reportsOf({
      methods: {
        'reports/get': {
          handle() {
            throw error
          },
        },
      },
    })
  const call = async (error: unknown) => (await new Wire(quiet({ extensions: [failing(error)] })).modern('reports/get', {}, declared)).error
  assert.equal((await call(new Fault('INVALID_PARAMS', 'no such report')))?.message, 'no such report')
  const masked = await call(new Error('secret'))
  assert.is(masked?.code, -32603)
  assert.not.match(masked?.message as string, 'secret')
})

test('S-EXT-05: two that claim one id, method or result type are refused', () => {
  const other = (rest: Partial<Extension>): Extension => ({ id: 'com.example/other', ...rest })
  for (const rival of [reportsOf(), other({ methods: { 'reports/get': { handle: () => ({}) } } }), other({ resultTypes: ['report'] })]) {
    assert.throws(() => quiet({ extensions: [reportsOf(), rival] }), /already taken/)
  }
})

test('no extension claims what is the protocol’s; tasks became one', () => {
  for (const name of ['tools/call', 'ping', 'initialize', 'subscriptions/listen', 'notifications/progress']) {
    assert.throws(() => quiet({ extensions: [reportsOf({ methods: { [name]: { handle: () => ({}) } } })] }), /belongs to the protocol/)
  }
  assert.throws(() => quiet({ extensions: [reportsOf({ resultTypes: ['complete'] })] }), /already taken/)
  quiet({ extensions: [reportsOf({ methods: { 'tasks/get': { handle: () => ({}) } } })] })
})

test('S-EXT-01: an id needs a prefix and follows the grammar of _meta keys', () => {
  for (const id of [
    '',
    'reports',
    '/reports',
    'com.example/',
    '1com/x',
    'com..example/x',
    'com.example/-x',
    'com.exämple/x',
    'com.example/x y',
    'com-/x',
  ]) {
    assert.throws(() => quiet({ extensions: [{ id }] }), /must be a reverse-DNS prefix/, id)
  }
  for (const id of ['io.modelcontextprotocol/ui', 'com.example/a.b-c_d', 'x/y']) quiet({ extensions: [{ id }] })
})

test('S-EXT-04: extensions of the client that the server does not know are ignored', async () => {
  const server = quiet()
  server.tool('t', { description: 'd' }, () => 't')
  const reply = await new Wire(server).call('t', {}, { capabilities: { extensions: { 'com.example/unknown': { a: 1 } }, alien: {} } })
  assert.is(reply.error, undefined)
})

test.run()
