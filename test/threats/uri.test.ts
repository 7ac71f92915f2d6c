/** URIs and patterns made to take for ever: templates are matched in linear time, and what cannot be is refused when it is registered. */
import { MAX_URI_LENGTH } from '@oarlock/protocol'
import { Server } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, openSession, tool } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { closeAll, serve } from './served.ts'

const test = suite('URIs and patterns')
test.after.each(closeAll)

/** Templates on which matchers of others took seconds, as far as ours can be read in one way only. */
const TEMPLATES = [
  'x://{a}/{b}/{c}/{d}',
  'x://{+path}/end',
  'x://{a}-{b}.{c}{?q,r,s}',
  'x://list{/parts*}',
  'x://query{?all*}',
  'x://{a}{.ext}{#frag}',
]

/** URIs up to the longest, made of what the templates end or separate at. */
const ADVERSARIAL = ['/', 'a/', '-', '.', ',', '%41', '=', '&', '?q=', '/end', 'aaaaaaaa', '//', '%2F', ';'].map(piece => {
  const room = MAX_URI_LENGTH - 'x://'.length - 1
  return `x://${piece.repeat(Math.floor(room / piece.length))}!`
})

test('row 3, T22: URIs of the greatest length cost next to nothing, whatever they are made of', async () => {
  const server = new Server({ name: 'uris', version: '1', log: false })
  const offered = TEMPLATES.filter((uri, index) => {
    try {
      server.template(`t${index}`, { uri }, () => 'x')
      return true
    } catch {
      return false
    }
  })
  assert.ok(offered.length >= 4, offered.join(' '))
  const { port } = await serve(server)
  const session = await openSession(port)
  const before = process.cpuUsage()
  for (const uri of ADVERSARIAL) {
    for (const method of ['resources/read', 'resources/subscribe']) {
      const { status } = await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params: { uri } } })
      assert.is(status, 200)
    }
  }
  const { user, system } = process.cpuUsage(before)
  // Peers took 0.5 to 8 s for one URI of 400 characters; this is 28 requests with 8,192 each, both sides in this process.
  assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms of CPU`)
})

test('row 3, T22: a longer URI is not looked at', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  for (const length of [MAX_URI_LENGTH + 1, 1_000_000]) {
    const uri = `part://a/${'b'.repeat(length - 9)}`
    const { headers, body } = modern('resources/read', { uri })
    const { json, status } = await ask(port, { headers: { ...headers, 'mcp-name': length < 10_000 ? uri : 'x' }, body })
    assert.ok(json.error.code === -32602 || (status === 400 && json.error.code === -32020))
  }
  const session = await openSession(port)
  const read = async (length: number) => {
    const params = { uri: `part://a/${'b'.repeat(length - 9)}` }
    return (await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method: 'resources/read', params } })).json
  }
  assert.ok((await read(MAX_URI_LENGTH)).result, 'the longest that is allowed is read')
  assert.is((await read(MAX_URI_LENGTH + 1)).error.code, -32002)
  assert.is((await read(1_000_000)).error.code, -32002)
  assert.equal(ran, [])
})

test('row 3: templates that can be read in more than one way are refused when they are registered, with the reason', async () => {
  const server = new Server({ name: 'uris', version: '1', log: false })
  const ambiguous = [
    'x://{a}{b}',
    'x://{a}{b}{c}{d}',
    'x://{+a}{+b}',
    'x://{+a}/{+b}',
    'x://{/a*}{/b*}',
    `x://${'{v}/'.repeat(40)}`,
    `x://${'y'.repeat(3000)}`,
  ]
  for (const [index, uri] of ambiguous.entries()) {
    assert.throws(
      () => server.template(`t${index}`, { uri }, () => 'x'),
      (error: Error) => error.message.includes(`t${index}`) && error.message.length > 40,
      uri.slice(0, 40),
    )
  }
  assert.is(server.components.length, 0)
  await server.close()
})

test('T22: patterns that can run away are refused when the schema is registered', async () => {
  const server = new Server({ name: 'patterns', version: '1', log: false })
  for (const pattern of ['^(a+)+$', '(a|a)*b', '(.*a){20}', '^(([a-z])+.)+[A-Z]([a-z])+$', '(\\w+\\s?)*$', '(x+x+)+y']) {
    const input = { type: 'object', properties: { text: { type: 'string', pattern } } } as const
    assert.throws(() => server.tool('match', { input }, () => 'x'), /match/, pattern)
  }
  await server.close()
})

test('T22: a pattern that is allowed takes linear time on what is made to hurt it', async () => {
  const server = new Server({ name: 'patterns', version: '1', log: false })
  const properties = { text: { type: 'string', pattern: '^[a-z]+(?:-[a-z]+)*$' } } as const
  server.tool('match', { input: { type: 'object', properties } }, () => 'x')
  const { port } = await serve(server)
  const before = process.cpuUsage()
  for (const text of ['a'.repeat(1_000_000) + '!', 'a-'.repeat(500_000), '-'.repeat(1_000_000)]) {
    const { json } = await ask(port, tool('match', { text }))
    assert.ok(json.result.isError)
  }
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms of CPU`)
})

test.run()
