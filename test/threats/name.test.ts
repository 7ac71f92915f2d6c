/** Names that mean something to JavaScript, names in another case, and names that header and body do not agree on. */
import { META } from '@oarlock/protocol'
import { raw } from '@oarlock/testing'
import { Server, Type } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, tool } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { houseProcess, next } from './process.ts'
import { closeAll, serve } from './served.ts'

const test = suite('names')
test.after.each(closeAll)

const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  '__lookupGetter__',
]

/** What every object has, before and after: whatever is added here was added for all. */
const prototypes = () => [Object.prototype, Array.prototype, Function.prototype].map(each => Object.getOwnPropertyNames(each).join())
const untouched = prototypes()
test.after.each(() => {
  assert.equal(prototypes(), untouched)
  assert.is(({} as { polluted?: unknown }).polluted, undefined)
})

test('row 15, T8: components by these names are not there: they are unknown, never found and never disabled', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const session = await openSession(port)
  for (const name of PROTOTYPE_NAMES) {
    for (const [method, params] of [
      ['tools/call', { name }],
      ['prompts/get', { name }],
      ['resources/read', { uri: name }],
    ] as const) {
      const { headers, body } = modern(method, params)
      const answer = await ask(port, { headers: { ...headers, 'mcp-name': name }, body })
      assert.equal([answer.status, answer.json.error.code], [200, -32602], `${method} ${name}`)
      const old = await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params } })
      assert.is(old.json.error.code, method === 'resources/read' ? -32002 : -32602)
    }
    const { headers, body } = modern(name)
    assert.is((await ask(port, { headers, body })).status, 404, name)
  }
  assert.equal(ran, [])
})

test('row 15, T8: a component may not be called so, nor anything outside the set of letters', async () => {
  for (const name of ['__proto__', 'a b', 'a/b', 'ü', '', 'x'.repeat(129), 'a\u202eb', '\u{e0041}']) {
    const server = new Server({ name: 'n', version: '1', log: false })
    const outcome = (() => {
      try {
        server.tool(name, {}, () => 'x')
        return 'served'
      } catch {
        return 'refused'
      }
    })()
    // `__proto__` consists of allowed letters: where it is served it is a name like any other.
    if (name !== '__proto__') assert.is(outcome, 'refused', JSON.stringify(name))
    else if (outcome === 'served') assert.equal((await raw(server).request('tools/call', { name })).error, undefined)
    await server.close()
  }
})

test("row 15, T8: such members of arguments, envelopes and capabilities are data, and reach nobody's prototype", async () => {
  const server = new Server({ name: 'n', version: '1', log: false })
  const seen: object[] = []
  server.tool('open', { input: { type: 'object' } }, (args, ctx) => {
    seen.push(args, ctx.meta)
    return { own: Object.keys(args), polluted: (args as { polluted?: unknown }).polluted ?? null }
  })
  const { port } = await serve(server)
  const poison = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}'
  const { headers, body } = tool('open')
  const poisoned = JSON.stringify(body)
    .replace('"arguments":{}', `"arguments":{${poison}}`)
    .replace('"_meta":{', `"_meta":{${poison},`)
    .replace(`"${META.capabilities}":{}`, `"${META.capabilities}":{${poison},"elicitation":{${poison}}}`)
  const { status, json } = await ask(port, { headers, body: poisoned })
  assert.is(status, 200)
  for (const each of seen) assert.is((each as { polluted?: unknown }).polluted, undefined)
  assert.not.match(JSON.stringify(json), /polluted":true/)
})

test('row 15, T8: nor do headers, log levels, cursors and completions by these names', async () => {
  const server = new Server({ name: 'n', version: '1', log: false })
  server.prompt('p', { args: Type.Object({ language: Type.Union([Type.Literal('ts'), Type.Literal('js')]) }) }, () => 'x')
  server.tool('headers', {}, (_, ctx) => JSON.stringify(PROTOTYPE_NAMES.map(name => typeof ctx.headers?.get(name))))
  const { port } = await serve(server)
  assert.equal(
    JSON.parse((await ask(port, tool('headers'))).json.result.content[0].text),
    PROTOTYPE_NAMES.map(() => 'undefined'),
  )
  const session = await openSession(port)
  const old = async (method: string, params: object) =>
    (await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params } })).json.error?.code
  for (const name of PROTOTYPE_NAMES) {
    assert.is(await old('logging/setLevel', { level: name }), -32602)
    assert.is(await old('tools/list', { cursor: name }), -32602)
    assert.is(await old('completion/complete', { ref: { type: name }, argument: { name: 'language', value: '' } }), -32602)
    assert.is(await old('completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name, value: '' } }), -32602)
    assert.is(await old('prompts/get', { name: 'p', arguments: { [name]: 'x' } }), -32602, 'language is missing')
  }
})

test('T9: members in another case are other members, at every level', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const { headers, body } = tool('echo', { text: 'x' })
  const text = JSON.stringify(body)
  const send = async (from: string, to: string) => {
    assert.ok(text.includes(from), from)
    const { status, json } = await ask(port, { headers, body: text.replace(from, to) })
    return [status, json.error?.code ?? json.result?.isError]
  }
  assert.equal(await send('"jsonrpc"', '"JsonRpc"'), [400, -32600])
  assert.equal(await send('"method"', '"METHOD"'), [400, -32600])
  assert.equal(await send('"params"', '"Params"'), [400, -32602])
  assert.equal(await send('"name":"echo"', '"Name":"echo"'), [200, -32602])
  assert.equal(await send('"arguments"', '"Arguments"'), [200, true])
  assert.equal(await send('"text"', '"Text"'), [200, true])
  assert.equal(await send('"_meta"', '"_Meta"'), [400, -32602])
  assert.equal(await send('protocolVersion"', 'ProtocolVersion"'), [400, -32602])
  assert.equal(ran, [])
  // Beside the right member a wrong one changes nothing.
  assert.equal(await send('"text":"x"', '"TEXT":"y","text":"x"'), [200, undefined])
  assert.equal(ran.splice(0), ['echo x'])
  assert.equal(await send('"name":"echo"', '"NAME":"admin","name":"echo"'), [200, undefined])
  assert.equal(ran, ['echo x'])
})

test('row 19, T10: what runs is what the body names, and only where the headers agree', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const admin = tool('admin')
  const echo = tool('echo', { text: 'x' })
  const lies: Record<string, string>[] = [
    { 'mcp-name': 'echo' },
    { 'mcp-name': `=?base64?${btoa('echo')}?=` },
    { 'mcp-name': '' },
    { 'mcp-name': 'admin, echo' },
    { 'mcp-name': 'admin\t, admin' },
    { 'mcp-method': 'tools/list' },
    { 'mcp-method': 'tools/call, tools/list' },
    { 'mcp-protocol-version': '2025-11-25' },
  ]
  for (const lie of lies) {
    const { status, json } = await ask(port, { headers: { ...admin.headers, ...lie }, body: admin.body })
    assert.equal([status, json.error.code], [400, -32020], JSON.stringify(lie))
  }
  assert.equal(ran, [])
  // Other headers decide nothing, whatever they are called.
  const forged = {
    'mcp-tool': 'admin',
    'x-mcp-name': 'admin',
    'x-http-method-override': 'DELETE',
    'mcp-session-id': 'x',
    forwarded: 'for=1',
  }
  assert.is((await ask(port, { headers: { ...echo.headers, ...forged }, body: echo.body })).status, 200)
  assert.equal(ran, ['echo x'])
})

test('row 19, T10: a guard sees the tool of the body, whatever the header says, in a session too', async () => {
  const { server, ran } = house()
  const asked: string[] = []
  const denies = {
    allow: (_: unknown, ctx: { headers?: { get(name: string): string | undefined } | undefined }) => (
      asked.push(String(ctx.headers?.get('mcp-name'))),
      false
    ),
  }
  server.tool('secret', { guard: denies }, () => void ran.push('secret'))
  const { port } = await serve(server)
  const session = await openSession(port)
  // Sessions know no Mcp-Name, so a header of that name is only a header.
  const { json } = await ask(port, { headers: { ...session, 'mcp-name': 'echo', 'mcp-method': 'tools/list' }, body: call('secret') })
  assert.is(json.error.code, 403)
  assert.is((await ask(port, { headers: tool('echo').headers, body: tool('secret').body })).json.error.code, -32020)
  assert.equal([asked, ran], [['echo'], []])
})

test('row 20: of a key that is there twice the last one counts, for the header, the router, the validator and the tool', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const { headers, body } = tool('echo', { text: 'x' })
  const text = JSON.stringify(body)
  const twice = (key: string, first: string) => text.replace(`"${key}":`, `"${key}":${first},"${key}":`)
  const status = async (sent: string, more: Record<string, string> = {}) => {
    const { status, json } = await ask(port, { headers: { ...headers, ...more }, body: sent })
    return [status, json.error?.code]
  }
  // The wrong one first: the right one counts everywhere.
  for (const [key, first] of [
    ['jsonrpc', '"1.0"'],
    ['id', 'null'],
    ['method', '"tools/list"'],
    ['params', '7'],
    ['name', '"admin"'],
    ['arguments', '{"text":7}'],
    ['text', '7'],
    ['_meta', 'null'],
    [META.version, '"2099-01-01"'],
  ] as const) {
    assert.equal(await status(twice(key, first)), [200, undefined], key)
  }
  assert.equal(new Set(ran), new Set(['echo x']))
  // The wrong one last: nobody goes by the first.
  ran.length = 0
  const last = text.replace('"name":"echo"', '"name":"echo","name":"admin"').replace('{"text":"x"}', '{"text":"x"},"arguments":{}')
  assert.equal(await status(last), [400, -32020])
  assert.equal(await status(last, { 'mcp-name': 'admin' }), [200, undefined])
  assert.equal(ran, ['admin'])
})

test('row 20: it is the same over stdio', async () => {
  const peer = houseProcess()
  const line = JSON.stringify(tool('echo', { text: 'last' }).body)
  peer.write(`${line.replace('"text":', '"text":"first","text":').replace('"name":', '"name":"admin","name":')}\n`)
  assert.is((await next(peer)).result?.content?.[0]?.text, 'last')
  assert.equal(await peer.end(), [0, null])
})

test.run()
