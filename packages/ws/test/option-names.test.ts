import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server } from '@oarlock/kernel'
import { toUpgrade, ws } from '@oarlock/ws'
import { wsConnector } from '@oarlock/ws/client'

const test = suite('names of options over WebSocket')

const refused = (make: (options: object) => unknown, options: object, message: string): void =>
  assert.throws(
    () => make(options),
    (error: unknown) => error instanceof TypeError && error.message === message,
  )

test('a misspelt option is refused with the nearest: the server must not stand open', () => {
  const server = new Server({ name: 'test', version: '1.0.0' })
  const door = (options: object): unknown => toUpgrade(server, options)
  const connector = (options: object): unknown => wsConnector('ws://localhost/mcp', options)
  refused(ws, { authenticat: () => {} }, "'authenticat' is no option of ws(). Did you mean 'authenticate'?")
  refused(ws, { prt: 3 }, "'prt' is no option of ws(). Did you mean 'port'?")
  refused(door, { alowedHosts: [] }, "'alowedHosts' is no option of toUpgrade(). Did you mean 'allowedHosts'?")
  refused(connector, { tokn: 'x' }, "'tokn' is no option of wsConnector(). Did you mean 'token'?")
  for (const [make, of] of [
    [ws, 'ws()'],
    [door, 'toUpgrade()'],
    [connector, 'wsConnector()'],
  ] as const)
    refused(make, { limits: { dept: 1 } }, `'dept' is no option of limits of ${of}. Did you mean 'depth'?`)
})

test('row 17: a bound that is no number, which would bound nothing, is refused at once', () => {
  const NONE = 'must be a number that is not negative, or Infinity for no bound. It is'
  const door = (options: object): unknown => toUpgrade(new Server({ name: 'test', version: '1.0.0' }), options)
  const names = [
    'maxPayload',
    'maxStrikes',
    'messagesPerSecond',
    'bufferLimit',
    'maxSockets',
    'maxPerPrincipal',
    'maxAnonymous',
    'maxPerAddress',
  ]
  for (const make of [ws, door]) {
    for (const name of names) refused(make, { [name]: Number.NaN }, `${name} ${NONE} NaN`)
    refused(make, { limits: { batch: '9' } }, `limits.batch ${NONE} "9"`)
    make({ maxSockets: Infinity, maxStrikes: 0 })
  }
  refused(ws, { maxHeaderSize: '16k' }, `maxHeaderSize ${NONE} "16k"`)
})

test('what cannot authenticate is refused at once, not when somebody asks', () => {
  const door = (options: object): unknown => toUpgrade(new Server({ name: 'test', version: '1.0.0' }), options)
  refused(ws, { authenticate: Promise.resolve() }, 'authenticate of ws() must be a function, such as bearer(verify)')
  refused(door, { authenticate: null }, 'authenticate of toUpgrade() must be a function, such as bearer(verify)')
})

test('lengths of time are text or milliseconds; a wrong one is refused by its name', async () => {
  const server = new Server({ name: 'test', version: '1.0.0' })
  for (const [option, wrong] of [
    ['connectTimeout', '30 s'],
    ['heartbeat', true],
    ['closeTimeout', -1],
  ] as const)
    assert.throws(() => wsConnector('ws://localhost/mcp', { [option]: wrong }), new RegExp(`^${option}: .* is not a duration`))
  for (const option of ['stall', 'heartbeat', 'pong', 'idle', 'handshakeTimeout', 'closeTimeout', 'headersTimeout']) {
    const refusal: unknown = await server.listen(ws({ port: 0, [option]: 'soon' })).catch((cause: unknown) => cause)
    assert.match(String(refusal), new RegExp(`TypeError: ${option}: "soon" is not a duration`))
  }
  const [listener] = await server.listen(ws({ port: 0, stall: '30s', heartbeat: 1000, idle: '1h', headersTimeout: '5s' }))
  assert.ok(listener)
  await server.close()
})

test.run()
