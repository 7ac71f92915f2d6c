import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { http, toFetch, toFetchSse, toNode, toNodeSse } from '@oarlock/http'
import { httpConnector } from '@oarlock/http/client'
import { TestService } from './service.ts'

const test = suite('names of options over HTTP')
const server = new TestService()

const refused = (make: (options: object) => unknown, options: object, message: string): void =>
  assert.throws(
    () => make(options),
    (error: unknown) => error instanceof TypeError && error.message === message,
  )

test('a misspelt option of http() is refused with the nearest: the server must not stand open', () => {
  refused(http, { authenticat: () => {} }, "'authenticat' is no option of http(). Did you mean 'authenticate'?")
  refused(http, { prt: 3 }, "'prt' is no option of http(). Did you mean 'port'?")
  refused(http, { sessions: { maxx: 1 } }, "'maxx' is no option of sessions of http(). Did you mean 'max'?")
  refused(http, { limits: { dept: 1 } }, "'dept' is no option of limits of http(). Did you mean 'depth'?")
  refused(http, { sse: { paht: '/sse' } }, "'paht' is no option of sse of http(). Did you mean 'path'?")
})

test('a misspelt option of a door is refused with the nearest', () => {
  for (const door of [toNode, toFetch, toNodeSse, toFetchSse]) {
    const of = `${door.name}()`
    const make = (options: object): unknown => door(server, options)
    refused(make, { alowedHosts: [] }, `'alowedHosts' is no option of ${of}. Did you mean 'allowedHosts'?`)
    refused(make, { sessions: { idel: 1 } }, `'idel' is no option of sessions of ${of}. Did you mean 'idle'?`)
  }
})

test('what is no length of time is refused at once, by the name of its option', () => {
  const NONE = "is not a duration: use milliseconds or text such as '500ms', '30s', '2m'"
  for (const name of ['bodyTimeout', 'keepAlive', 'stall', 'headersTimeout', 'keepAliveTimeout'])
    refused(http, { [name]: '5 s' }, `${name}: "5 s" ${NONE}`)
  for (const name of ['idle', 'retry']) refused(http, { sessions: { [name]: -1 } }, `sessions.${name}: -1 ${NONE}`)
  for (const door of [toNode, toFetch, toNodeSse, toFetchSse]) {
    const make = (options: object): unknown => door(server, options)
    refused(make, { stall: Number.NaN }, `stall: NaN ${NONE}`)
    refused(make, { sessions: { idle: 'long' } }, `sessions.idle: "long" ${NONE}`)
  }
  const make = (timeouts: object): unknown => httpConnector('http://localhost/mcp', { timeouts })
  for (const name of ['accept', 'close']) refused(make, { [name]: Infinity }, `timeouts.${name}: Infinity ${NONE}`)
})

test('row 17: a bound that is no number, which would bound nothing, is refused at once', () => {
  const NONE = 'must be a number that is not negative, or Infinity for no bound. It is'
  for (const name of ['bodyLimit', 'bufferLimit', 'maxConnections', 'maxHeaderSize'])
    refused(http, { [name]: Number.NaN }, `${name} ${NONE} NaN`)
  for (const door of [toNode, toFetch, toNodeSse, toFetchSse]) {
    const make = (options: object): unknown => door(server, options)
    refused(make, { bodyLimit: '4mb' }, `bodyLimit ${NONE} "4mb"`)
    refused(make, { limits: { depth: null } }, `limits.depth ${NONE} null`)
    for (const name of ['max', 'maxPerPrincipal', 'maxAnonymous', 'maxPerAddress'])
      refused(make, { sessions: { [name]: -1 } }, `sessions.${name} ${NONE} -1`)
    make({ bodyLimit: 0, sessions: { max: Infinity, maxAnonymous: undefined } })
  }
})

test('what cannot authenticate is refused at once, not when somebody asks', () => {
  for (const wrong of [Promise.resolve(() => {}), null, 'bearer', {}])
    refused(http, { authenticate: wrong }, 'authenticate of http() must be a function, such as bearer(verify)')
  refused(options => toNode(server, options), { authenticate: 1 }, 'authenticate of toNode() must be a function, such as bearer(verify)')
})

test('a misspelt option of httpConnector() is refused with the nearest', () => {
  const make = (options: object): unknown => httpConnector('http://localhost/mcp', options)
  refused(make, { header: {} }, "'header' is no option of httpConnector(). Did you mean 'headers'?")
  refused(make, { limits: { bach: 1 } }, "'bach' is no option of limits of httpConnector(). Did you mean 'batch'?")
  refused(make, { timeouts: { clos: 1 } }, "'clos' is no option of timeouts of httpConnector(). Did you mean 'close'?")
})

test.run()
