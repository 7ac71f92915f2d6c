import { Fault } from '@oarlock/protocol'
import { ToolError, type ToolOptions } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesOf, quiet, reports } from '../stage.ts'
import { textOf, Wire, type Json, type Received } from '../wire.ts'

const test = suite('tools')
const SESSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const

function tool(options: Partial<ToolOptions>, run: (args: Json) => unknown) {
  const server = quiet()
  server.tool('t', { description: 'd', ...options }, args => run(args))
  return server
}

/** Calls the tool in every revision. */
async function everywhere(server: ReturnType<typeof quiet>, params: Json): Promise<Map<string, Received>> {
  const replies = new Map<string, Received>()
  for (const revision of SESSIONS) {
    const wire = new Wire(server)
    await wire.initialize(revision)
    replies.set(revision, await wire.request('tools/call', params))
  }
  return replies.set('2026-07-28', await new Wire(server).modern('tools/call', params))
}

test('S-TOOL-09, S-TOOL-10: arguments that do not fit are a result that says what is wrong, in every revision', async () => {
  const input = Type.Object({ name: Type.String(), count: Type.Integer({ minimum: 1 }) })
  let ran = 0
  const server = tool({ input }, () => (ran += 1))
  for (const [revision, reply] of await everywhere(server, { name: 't', arguments: { count: 0 } })) {
    assert.is(reply.result['isError'], true, revision)
    assert.match(textOf(reply), /^Invalid arguments for t:\n/)
    assert.match(textOf(reply), /name/)
    assert.match(textOf(reply), /count/)
  }
  assert.is(ran, 0)
})

test('row 5: at most five issues are named, whatever was sent', async () => {
  const server = tool({ input: Type.Object({ list: Type.Array(Type.Integer()) }) }, () => '')
  const reply = await new Wire(server).call('t', { list: Array.from({ length: 50_000 }, () => 'x'.repeat(20)) })
  assert.is(reply.result['isError'], true)
  assert.ok(JSON.stringify(reply).length < 8_192)
  assert.ok(textOf(reply).split('\n').length <= 7)
})

test('S-TOOL-08: a call without the name of a tool, or with arguments that are no object, is malformed', async () => {
  const server = tool({}, () => '')
  for (const params of [
    {},
    { name: 5 },
    { name: null },
    { name: 't', arguments: null },
    { name: 't', arguments: [] },
    { name: 't', arguments: 'x' },
  ]) {
    for (const reply of (await everywhere(server, params)).values()) assert.is(reply.error?.code, -32602)
  }
})

test('S-TOOL-29, S-TOOL-28: absent arguments are none, and a tool without input takes none', async () => {
  const server = tool({}, args => JSON.stringify(args))
  for (const reply of (await everywhere(server, { name: 't' })).values()) assert.is(textOf(reply), '{}')
  assert.is((await new Wire(server).call('t', { more: 1 })).result['isError'], true)
  const { tools } = (await new Wire(server).modern('tools/list')).result as { tools: { inputSchema: Json }[] }
  assert.equal(tools[0]?.inputSchema, { type: 'object', additionalProperties: false })
})

test('S-TOOL-07: an unknown tool is named with the one that was meant', async () => {
  const server = quiet()
  server.tool('resize_image', { description: 'd' }, () => '')
  for (const reply of (await everywhere(server, { name: 'resize_imge' })).values()) {
    assert.equal([reply.error?.code, reply.error?.message], [-32602, "Unknown tool 'resize_imge'. Did you mean 'resize_image'?"])
  }
})

test('T35: a name is repeated no longer than it has to be', async () => {
  const reply = await new Wire(tool({}, () => '')).call('n'.repeat(1_000_000))
  assert.ok(JSON.stringify(reply).length < 500)
})

test('defaults are filled in, unless the server says otherwise; strings become numbers only where asked', async () => {
  const input = Type.Object({ n: Type.Integer({ default: 7 }) })
  assert.is(textOf(await new Wire(tool({ input }, ({ n }) => n)).call('t')), '7')
  const strict = quiet({ defaults: false })
  strict.tool('t', { description: 'd', input }, ({ n }) => n)
  assert.is((await new Wire(strict).call('t')).result['isError'], true)
  assert.is((await new Wire(strict).call('t', { n: '5' })).result['isError'], true)
  const lenient = quiet({ coerce: true })
  lenient.tool('t', { description: 'd', input }, ({ n }) => typeof n)
  assert.is(textOf(await new Wire(lenient).call('t', { n: '5' })), 'number')
})

test('S-TOOL-13, S-TOOL-14: structured content conforms, is mirrored as text, and older revisions get the text', async () => {
  const server = tool({ output: Type.Object({ sum: Type.Number() }) }, () => ({ sum: 3 }))
  for (const [revision, reply] of await everywhere(server, { name: 't' })) {
    assert.is(textOf(reply), '{"sum":3}')
    assert.equal(reply.result['structuredContent'], revision < '2025-06-18' ? undefined : { sum: 3 }, revision)
    assert.is((reply.result['_meta'] as Json)['dev.oarlock/value'], 'json', revision)
  }
})

test('S-TOOL-15, S-TOOL-16: a structured value that is no object is text before 2026-07-28', async () => {
  const server = tool({ output: Type.Array(Type.Number()) }, () => [1, 2])
  for (const [revision, reply] of await everywhere(server, { name: 't' })) {
    assert.is(textOf(reply), '[1,2]')
    assert.equal(reply.result['structuredContent'], revision === '2026-07-28' ? [1, 2] : undefined, revision)
  }
})

test('S-TOOL-13: a result that does not fit its schema is never sent, and its author is told why', async () => {
  const server = tool({ output: Type.Object({ sum: Type.Number() }) }, () => ({ sum: 'secret' }))
  const seen = reports(server)
  for (const reply of (await everywhere(server, { name: 't' })).values()) {
    assert.is(reply.error?.code, -32603)
    assert.is(reply.error?.message, 't produced a result that does not fit its output schema')
  }
  assert.match(messagesOf(seen).join(), "server.tool('t') returned a value that does not fit its output schema:\n")
  assert.not.match(messagesOf(seen).join(), 'secret')
})

test('S-TOOL-17: an error of the tool need not fit the output schema', async () => {
  const content = [{ type: 'text', text: 'as a result' }]
  const returning = tool({ output: Type.Object({ sum: Type.Number() }) }, () => ({ content, isError: true }))
  for (const reply of (await everywhere(returning, { name: 't' })).values()) assert.equal(reply.result['content'], content)
  const server = tool({ output: Type.Object({ sum: Type.Number() }) }, () => {
    throw new ToolError('no such account', { content: [{ type: 'text', text: 'try again' }] })
  })
  for (const reply of (await everywhere(server, { name: 't' })).values()) {
    assert.equal(reply.result['content'], [
      { type: 'text', text: 'no such account' },
      { type: 'text', text: 'try again' },
    ])
    assert.is(reply.result['isError'], true)
  }
})

test('row 16: what a tool throws is a result with an id, and its text stays in the log', async () => {
  for (const thrown of [new Error('password is hunter2'), 'hunter2', { hunter2: 1 }, null, undefined]) {
    const server = tool({}, () => {
      throw thrown
    })
    const seen = reports(server)
    for (const [revision, reply] of await everywhere(server, { name: 't' })) {
      assert.is(reply.result['isError'], true, revision)
      assert.match(textOf(reply), /^t failed unexpectedly\. Error id: [0-9a-f]{8}-[0-9a-z]+$/)
      assert.not.match(JSON.stringify(reply), 'hunter2')
    }
    assert.is(seen.length, 5)
    assert.ok(seen.every(({ cause }) => cause === thrown))
    assert.is(new Set(seen.map(({ correlationId }) => correlationId)).size, 5)
  }
})

test('row 16: the cause of a fault stays in the log too', async () => {
  const server = tool({}, () => {
    throw new Fault('FORBIDDEN', 'Not today', { cause: new Error('hunter2') })
  })
  const seen = reports(server)
  const reply = await new Wire(server).call('t')
  assert.equal(reply.error, { code: 403, message: 'Not today' })
  assert.equal(messagesOf(seen), ['hunter2'])
})

test('a fault whose data are no JSON is masked, and answered', async () => {
  const server = tool({}, () => {
    throw new Fault('FORBIDDEN', 'Not today', { data: 10n as never })
  })
  const seen = reports(server)
  for (const reply of (await everywhere(server, { name: 't' })).values()) assert.is(reply.error?.code, -32603)
  assert.is(seen.length, 5)
  assert.is(server.busy, 0)
})

test('a result that is no JSON is masked, and answered', async () => {
  const circular: Json = {}
  circular['self'] = circular
  for (const value of [circular, 10n, () => 1, { content: [{ type: 'text', text: 'x' }], _meta: circular }]) {
    const server = tool({}, () => value)
    const reply = await new Wire(server).call('t')
    assert.ok(reply.error?.code === -32603 || reply.result['isError'] === true)
    assert.is(server.busy, 0)
  }
})

test('row 15, T8: names and arguments such as __proto__ are names and arguments and nothing else', async () => {
  const server = quiet()
  server.tool('t', { description: 'd', input: { type: 'object' } }, args => JSON.stringify(args))
  const wire = new Wire(server)
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    assert.is((await wire.call(name)).error?.code, -32602, name)
    assert.is((await wire.modern('prompts/get', { name })).error?.code, -32601)
  }
  wire.sendText(
    `{"jsonrpc":"2.0","id":"p","method":"tools/call","params":{"name":"t","arguments":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"__proto__":{"polluted":1}}}}`,
  )
  assert.match(textOf(await wire.until(({ id }) => id === 'p')), 'property name `__proto__` is not allowed')
  assert.is(textOf(await wire.call('t', { constructor: { prototype: 1 } })), '{"constructor":{"prototype":1}}')
  assert.is(({} as Json)['polluted'], undefined)
  for (const name of ['__proto__', 'constructor']) {
    server.tool(name, { description: 'd' }, () => `I am ${name}`)
    assert.is(textOf(await wire.call(name)), `I am ${name}`)
  }
})

test('row 20: of a key that is there twice the last counts, everywhere alike', async () => {
  const server = quiet()
  for (const name of ['one', 'two'])
    server.tool(name, { description: 'd', input: { type: 'object' } }, args => `${name} ${JSON.stringify(args)}`)
  const wire = new Wire(server)
  wire.sendText(
    '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list","method":"tools/call","params":{"name":"one","name":"two","arguments":{"a":1,"a":2},"_meta":{"io.modelcontextprotocol/protocolVersion":"2099-01-01","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}',
  )
  const reply = await wire.until(({ id }) => id === 2)
  assert.is(textOf(reply), 'two {"a":2}')
})

test('x-mcp-header: arguments are held against their headers where there are headers', async () => {
  const server = quiet()
  const input = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
  server.tool('t', { description: 'd', input }, () => 'ok')
  const call = (headers: Record<string, string>, args: Json, transport = 'http') => {
    const view = { get: (name: string) => headers[name.toLowerCase()] }
    return new Wire(server, { head: { transport, headers: view } }).call('t', args)
  }
  assert.is(textOf(await call({ 'mcp-param-region': 'eu' }, { region: 'eu' })), 'ok')
  for (const headers of [{}, { 'mcp-param-region': 'us' }]) assert.is((await call(headers, { region: 'eu' })).error?.code, -32020)
  assert.is(textOf(await call({}, {})), 'ok')
  assert.is(textOf(await call({}, { region: 'eu' }, 'ws')), 'ok')
})

test('S-TOOL-04, S-TOOL-26: each tool is listed with what its revision knows of it', async () => {
  const server = tool(
    {
      title: 'T',
      output: Type.Object({}),
      annotations: { readOnlyHint: true },
      icons: [{ src: 'https://example.com/i.png' }],
      meta: { 'com.example/a': 1 },
    },
    () => ({}),
  )
  for (const revision of SESSIONS) {
    const wire = new Wire(server)
    await wire.initialize(revision)
    const [listed] = (await wire.request('tools/list')).result['tools'] as [Json]
    assert.is(listed['name'], 't')
    assert.is('annotations' in listed, revision >= '2025-03-26')
    assert.is('outputSchema' in listed, revision >= '2025-06-18')
    assert.is('icons' in listed, revision >= '2025-11-25')
  }
})

test("schema: 'portable' lists what the most clients understand, and still checks by what was written", async () => {
  const input = {
    type: 'object',
    $defs: { id: { type: ['string', 'integer'] } },
    properties: { id: { $ref: '#/$defs/id' }, list: { type: 'array' } },
    anyOf: [{ required: ['id'] }, { required: ['list'] }],
  }
  const listed = async (server: ReturnType<typeof quiet>) =>
    ((await new Wire(server).modern('tools/list')).result['tools'] as [{ inputSchema: Json }])[0].inputSchema
  const plain = quiet()
  const portable = quiet({ schema: 'portable' })
  for (const server of [plain, portable]) server.tool('t', { description: 'd', input }, () => 'ok')
  assert.equal(await listed(plain), input)
  const rewritten = await listed(portable)
  assert.not.match(JSON.stringify(rewritten), /\$ref|\$defs/)
  assert.is(rewritten['anyOf'], undefined)
  assert.equal((rewritten['properties'] as { list: Json }).list, { type: 'array', items: {} })
  assert.is((await new Wire(portable).call('t', {})).result['isError'], true)
  assert.is(textOf(await new Wire(portable).call('t', { id: 5 })), 'ok')
  assert.ok((await plain.check()).length > (await portable.check()).length)
})

test('what cannot be served is refused with the component’s name', () => {
  const server = quiet()
  const add = (name: string, options: Json) => () => server.tool(name, { description: 'd', ...options }, () => '')
  assert.throws(add('no spaces', {}), /server\.tool\('no spaces'\): the name "no spaces" must be 1 to 128 characters/)
  assert.throws(add('', {}), /must be 1 to 128/)
  assert.throws(add('t', { input: { type: 'string' } }), /server\.tool\('t'\): input schema \/type/)
  assert.throws(add('t', { input: { type: 'object', properties: { a: { $ref: '#/$defs/none' } } } }), /server\.tool\('t'\)/)
  assert.throws(add('t', { input: 5 }), /server\.tool\('t'\): A schema must be an object/)
})

test.run()
