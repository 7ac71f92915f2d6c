import type { Extension, ListenFilter } from '@oarlock/kernel'
import { Fault, META, type JsonObject } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, messagesOf, quiet, reports } from './stage.ts'
import { settled, Wire, type Json } from './wire.ts'

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

/** An extension whose clients may listen to reports by id; everything about it is noted. */
function listening() {
  const log: string[] = []
  let tell: (method: string, params: JsonObject) => void = () => {}
  const reports: ListenFilter = {
    async accept(wanted, ctx) {
      if (!Array.isArray(wanted)) throw new Fault('INVALID_PARAMS', 'reports must be a list')
      log.push(`accept for ${ctx.principal?.id ?? 'nobody'}`)
      const granted = wanted.filter(id => id !== 'secret')
      if (granted.length === 0) return undefined
      const begin = (given: typeof tell) => {
        tell = given
        tell('notifications/reports', { id: 'at once' })
        return () => void log.push('stop')
      }
      return { granted, begin }
    },
  }
  return {
    extension: reportsOf({ filters: { reports } }),
    log,
    tell: (id: string) => tell('notifications/reports', { id, _meta: { own: 1 } }),
  }
}

const LISTEN = 'subscriptions/listen'
const ACK = 'notifications/subscriptions/acknowledged'

test('S-TX-24: an extension may add a filter to subscriptions: acknowledged first, marked with the subscription, stopped with it', async () => {
  const { extension, log, tell } = listening()
  const wire = new Wire(quiet({ extensions: [extension] }), { head: by('ada') })
  wire.sendModern('l', LISTEN, { notifications: { reports: ['a', 'secret'], unknown: true } }, declared)
  await settled()
  tell('a')
  assert.equal(wire.methods, [ACK, 'notifications/reports', 'notifications/reports'])
  assert.equal(wire.received[0]?.params['notifications'], { reports: ['a'] })
  const mark = { [META.subscription]: 'l' }
  assert.equal(
    wire.received.slice(1).map(({ params }) => params),
    [
      { id: 'at once', _meta: mark },
      { id: 'a', _meta: { own: 1, ...mark } },
    ],
  )
  wire.cancel('l')
  tell('late')
  assert.equal([log, wire.received.length], [['accept for ada', 'stop'], 3])
})

test('S-TX-17: a filter is for clients that declare its extension; what it refuses is refused; what it grants nothing of ends at once', async () => {
  const { extension, log } = listening()
  const server = quiet({ extensions: [extension] })
  const listen = (reports: unknown, options = declared) => new Wire(server).modern(LISTEN, { notifications: { reports } }, options)
  const undeclared = await listen(['a'], {} as typeof declared)
  assert.equal([undeclared.error?.code, undeclared.error?.data], [-32021, { requiredCapabilities: { extensions: { [ID]: {} } } }])
  assert.is((await listen('a')).error?.message, 'reports must be a list')
  assert.is((await listen(['secret'])).result['resultType'], 'complete')
  assert.equal(log, ['accept for nobody'])
  assert.is((await new Wire(quiet()).modern(LISTEN, { notifications: { reports: [] } }, declared)).error?.code, -32601)
})

test('a filter that fails to begin or to stop is reported, and the rest of the subscription goes on', async () => {
  const failing = (message: string) => () => {
    throw new Error(message)
  }
  const filters = {
    one: { accept: () => ({ granted: 1, begin: failing('no begin') }) },
    two: { accept: () => ({ granted: 2, begin: () => failing('no stop') }) },
    four: { accept: () => ({ granted: 4, begin: () => (async () => failing('no stop, slowly')()) as () => void }) },
    three: { accept: () => ({ granted: 5n as never, begin: () => () => {} }) },
  }
  const server = quiet({ extensions: [reportsOf({ filters })] })
  const seen = reports(server)
  server.resource('a', { uri: 'x://a', description: 'd' }, () => '')
  const wire = new Wire(server)
  wire.sendModern(1, LISTEN, { notifications: { one: true, two: true, four: true, resourceSubscriptions: ['x://a'] } }, declared)
  await settled()
  assert.equal(wire.received[0]?.params['notifications'], { resourceSubscriptions: ['x://a'], one: 1, two: 2, four: 4 })
  server.resourceUpdated('x://a')
  await wire.until(({ method }) => method === 'notifications/resources/updated')
  wire.close()
  await settled()
  assert.equal(messagesOf(seen), ['no begin', 'no stop', 'no stop, slowly'])
  assert.is((await new Wire(server).modern(LISTEN, { notifications: { three: true } }, declared)).error?.code, -32603)
})

test('a filter that the protocol has, or another extension, cannot be claimed', () => {
  const filter: ListenFilter = { accept: () => undefined }
  for (const name of ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged', 'resourceSubscriptions'])
    assert.throws(() => quiet({ extensions: [reportsOf({ filters: { [name]: filter } })] }), /belongs to the protocol/)
  const filters = { reports: filter }
  assert.throws(() => quiet({ extensions: [reportsOf({ filters }), { id: 'com.example/other', filters }] }), /already taken/)
})

test.run()
