/** What goes wrong inside stays inside: peers get an id, the log gets the error, and nobody can forge a line of either. */
import { META } from '@oarlock/protocol'
import { Server, Type } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, openSession, tool } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { houseProcess, next } from './process.ts'
import { closeAll, serve } from './served.ts'

const test = suite('secrets and logs')
test.after.each(closeAll)

const SECRET = 'hunter2-at-db.internal'

class Leak extends Error {
  readonly connection = `postgres://admin:${SECRET}@db`
}

const leak = (): never => {
  throw new Leak(`cannot reach ${SECRET}`, { cause: new Error(`cause ${SECRET}`) })
}

/** Everything that may throw, throws. */
function leaky(): { server: Server; log: string[] } {
  const server = new Server({ name: 'leaky', version: '1', log: false })
  const log: string[] = []
  server.on('error.reported', ({ correlationId, cause }) => {
    const { message, cause: deeper } = cause as Error
    log.push(`${correlationId} ${message} ${String((deeper as Error | undefined)?.message)}`)
  })
  server.tool('throws', {}, leak)
  server.tool('rejects', {}, () => Promise.reject(new Leak(SECRET)))
  server.tool('generator', {}, async function* () {
    yield 1
    leak()
  })
  server.tool('no_json', {}, () => ({ [SECRET]: 1n }))
  server.tool('wrong_output', { output: Type.Object({ n: Type.Number() }) }, () => ({ n: SECRET }) as never)
  server.tool('not_even_an_error', {}, () => {
    // oxlint-disable-next-line no-throw-literal
    throw { secret: SECRET }
  })
  server.tool('guarded', { guard: { allow: leak } }, () => 'x')
  server.resource('page', { uri: 'leak://page' }, leak)
  server.template('part', { uri: 'leak://part/{name}' }, leak)
  server.prompt('prompt', { args: Type.Object({ a: Type.Optional(Type.String()) }), complete: { a: leak } }, leak)
  server.use('tools/list', leak)
  return { server, log }
}

const CALLS: readonly (readonly [method: string, params: Record<string, unknown>])[] = [
  ...['throws', 'rejects', 'generator', 'no_json', 'wrong_output', 'not_even_an_error', 'guarded'].map(
    name => ['tools/call', { name, arguments: {} }] as const,
  ),
  ['resources/read', { uri: 'leak://page' }],
  ['resources/read', { uri: 'leak://part/x' }],
  ['prompts/get', { name: 'prompt' }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'prompt' }, argument: { name: 'a', value: '' } }],
  ['tools/list', {}],
]

test('row 16: whatever throws, the wire carries an id and no secret, and the log carries the same id and the error', async () => {
  const { server, log } = leaky()
  const { port } = await serve(server)
  const session = await openSession(port)
  for (const [method, params] of CALLS) {
    const { headers, body } = modern(method, params)
    const named = typeof params['uri'] === 'string' ? { ...headers, 'mcp-name': params['uri'] } : headers
    const answers = [
      await ask(port, { headers: named, body }),
      await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params } }),
    ]
    for (const { text } of answers) {
      const label = `${method} ${JSON.stringify(params)} ${text}`
      assert.not.match(text, /hunter2|postgres|db\.internal|Leak|node:|\.ts:|\\n *at /, label)
      const id = /Error id: ([\w-]+)/.exec(text)?.[1]
      if (id === undefined) {
        assert.match(text, /does not fit its output schema/, label)
        assert.ok(log.length > 0)
      } else
        assert.ok(
          log.some(line => line.startsWith(`${id} `)),
          label,
        )
    }
  }
  assert.ok(log.filter(line => line.includes(SECRET)).length >= CALLS.length, 'the log has them')
})

test('row 16: what authentication throws is not told, and lets nobody in', async () => {
  const { server, ran, reported } = house()
  const { port } = await serve(server, { authenticate: leak })
  const { status, text } = await ask(port, tool('admin'))
  assert.is(status, 500)
  assert.not.match(text, /hunter2/)
  assert.equal(ran, [])
  assert.match(JSON.stringify(reported.map(event => String((event as { cause: unknown }).cause))), /hunter2/)
})

test('row 16, T28: in a process with the default log the secret is on standard error alone, and credentials are not even there', async () => {
  const peer = houseProcess()
  const secrets = ['Authorization: Bearer abcdefgh12345678', 'password=topsecret', 'Cookie: session=abcdef']
  for (const [index, text] of [SECRET, ...secrets].entries()) {
    peer.write(`${JSON.stringify(tool('throw', { text }, index).body)}\n`)
    const reply = await next(peer)
    assert.ok(reply.result?.isError)
    assert.not.match(JSON.stringify(reply), /hunter2|abcdef|topsecret/)
    const id = /Error id: ([\w-]+)/.exec(reply.result?.content?.[0]?.text ?? '')?.[1] as string
    await peer.until(() => peer.errors.includes(id))
  }
  assert.equal(await peer.end(), [0, null])
  assert.match(peer.errors, /hunter2/)
  assert.not.match(peer.errors, /abcdef|topsecret/)
  assert.not.match(peer.output, /hunter2|abcdef|topsecret/)
})

test('T28: text of a peer cannot forge a line of the log, nor reach the terminal behind it', async () => {
  const peer = houseProcess()
  const forged = 'x\n{"level":"error","where":"forged"}\r\n\u001b[2J\u001b]0;owned\u0007\u2028\u0000\u007f\u009b2J'
  peer.write(`${JSON.stringify(tool('throw', { text: forged }).body)}\n`)
  await next(peer)
  assert.equal(await peer.end(), [0, null])
  const lines = peer.errors.trimEnd().split('\n')
  const written = lines.filter(line => line.includes('forged'))
  assert.is(written.length, 1)
  assert.is((JSON.parse(written[0] as string) as { where: string }).where.includes('forged'), false)
  // oxlint-disable-next-line no-control-regex
  assert.not.match(peer.errors, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/)
})

test('T29: whatever a tool prints, standard output carries nothing but messages', async () => {
  const peer = houseProcess()
  for (let id = 1; id <= 3; id++) {
    peer.write(`${JSON.stringify(tool('chat', { text: `number ${id}` }, id).body)}\n`)
    assert.is((await next(peer)).id, id)
  }
  assert.equal(await peer.end(), [0, null])
  const lines = peer.output.trimEnd().split('\n')
  assert.is(lines.length, 3)
  for (const line of lines) assert.is((JSON.parse(line) as { jsonrpc: string }).jsonrpc, '2.0')
  for (const text of ['printed before it listens', 'logged number 2', 'informed number 2', 'written number 3', 'bytes number 3']) {
    assert.ok(peer.errors.includes(text), text)
  }
  assert.is(peer.errors.split('[oarlock]').length - 1, 1, 'and there is one warning')
})

test('T35: a megabyte of name comes back as a hundred characters, wherever it stands', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const session = await openSession(port)
  const long = 'y'.repeat(1024 * 1024)
  const requests: [method: string, params: object][] = [
    [long, {}],
    ['tools/call', { name: long }],
    ['tools/call', { name: 'echo', arguments: { [long]: 1 } }],
    ['tools/call', { name: 'echo', arguments: { text: { [long]: long } } }],
    ['tools/call', { name: 'sum', arguments: { numbers: [long, long] } }],
    ['tools/call', { name: 'echo', arguments: { text: 'x' }, requestState: long }],
    ['tools/call', { name: long, _meta: { [META.logLevel]: long } }],
    ['prompts/get', { name: long }],
    ['prompts/get', { name: 'review', arguments: { [long]: long } }],
    ['resources/read', { uri: `page://${long}` }],
    ['tools/list', { cursor: long }],
    ['logging/setLevel', { level: long }],
    ['resources/subscribe', { uri: long }],
    ['initialize', { protocolVersion: long }],
  ]
  for (const [method, params] of requests) {
    const { text, status } = await ask(port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params } })
    // A URI is repeated as long as URIs may be (8 KiB).
    assert.ok(
      text.length < (method.startsWith('resources/') ? 20_000 : 2_000),
      `${method.slice(0, 20)}: ${status}, ${text.length} characters`,
    )
  }
  const { body } = modern(long)
  for (const headers of [{}, { 'mcp-method': 'x'.repeat(10_000) }]) {
    const { text } = await ask(port, { headers: { 'mcp-protocol-version': '2026-07-28', ...headers }, body })
    assert.ok(text.length < 1_000, `${text.length} characters`)
  }
})

test('T35: it is the same over stdio', async () => {
  const peer = houseProcess()
  const long = 'y'.repeat(1024 * 1024)
  for (const body of [
    modern(long).body,
    tool(long).body,
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: long } },
  ]) {
    peer.write(`${JSON.stringify(body)}\n`)
    assert.ok(JSON.stringify(await next(peer)).length < 1_000)
  }
  await peer.end()
})

test.run()
