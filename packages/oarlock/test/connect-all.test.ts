/** `connectAll` reads the files of hosts, keeps servers apart, and notices when one offers something else. */

import { connectAll, http, Server, type Clients, type ToolsChanged } from 'oarlock'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expand } from '../src/expand.ts'

const test = suite('connect-all')

const served = fileURLToPath(new URL('./served.ts', import.meta.url))
const command = { command: process.execPath, args: [...process.execArgv.filter(arg => !arg.startsWith('--inspect')), served] }

async function offering(name: string): Promise<{ server: Server; url: string }> {
  const server = new Server({ name, version: '1' })
  server.tool('greet', { description: 'Greets' }, (_args, ctx) => `${name} ${ctx.headers?.get('x-key') ?? ''}`.trim())
  const [listener] = await server.listen(http({ port: 0 }))
  return { server, url: (listener as NonNullable<typeof listener>).address }
}

async function names(clients: Clients): Promise<string[]> {
  return (await clients.tools()).map(({ name }) => name).toSorted()
}

async function refusal(config: object | string): Promise<string> {
  const thrown: unknown = await connectAll(config as never).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  assert.instance(thrown, TypeError)
  return (thrown as Error).message
}

for (const key of ['mcpServers', 'servers']) {
  test(`C-TOOL-05: servers under ${key} are connected over what they need, their tools told apart by alias`, async () => {
    const { server, url } = await offering('same name')
    const clients = await connectAll({
      [key]: { one: command, 'my two': { type: 'http', url, headers: { 'X-Key': '${KEY:-none}' } }, off: { command: 'x', disabled: true } },
    })
    assert.equal([...clients.failures], [])
    assert.equal(await names(clients), ['my_two__greet', 'one__greet'])
    assert.is(await clients.call('one__greet'), 'Hello')
    assert.is(await clients.call('my_two__greet'), 'same name none')
    assert.is((await clients.callRaw('one__greet')).content[0]?.type, 'text')
    await clients.close()
    await server.close()
  })
}

test('one failure does not hurt the others, says why, and can be mended', async () => {
  const { server, url } = await offering('good')
  const failed: string[] = []
  const env: Record<string, string> = {}
  const clients = await connectAll(
    JSON.stringify({
      mcpServers: {
        good: { url },
        missing: { command: '/no/such/program' },
        empty: {},
        unset: { url: '${SERVER_URL}' },
        'good!': { url },
        refused: { url: 'http://127.0.0.1:9/mcp' },
      },
    }),
    { env, onFailed: ({ alias }) => void failed.push(alias) },
  )
  assert.equal([...clients.clients.keys()].length, 1)
  assert.is(failed.length, 5)
  const why = (alias: string): string => String(clients.failures.get(alias))
  assert.match(why('missing'), 'does not exist')
  assert.match(why('empty'), 'neither a command nor a url')
  assert.match(why('unset'), '${SERVER_URL} has no value')
  assert.equal((await clients.tools()).length, 1)
  env['SERVER_URL'] = url
  assert.is(await clients.connect('unset'), true)
  assert.is(clients.failures.has('unset'), false)
  assert.is((await clients.call<string>('unset__greet')).length > 0, true)
  await clients.close()
  await server.close()
})

test('a server that never gets ready fails in time', async () => {
  const clients = await connectAll({ mcpServers: { mute: { command: 'sleep', args: ['60'] } } }, { startTimeout: 300 })
  assert.is(clients.failures.size, 1)
  await clients.close()
})

test('T31: what a server offers is fingerprinted, and a change is told, tool by tool', async () => {
  const { server, url } = await offering('rug')
  const changes: ToolsChanged[] = []
  let changed: () => void = () => {}
  const clients = await connectAll({ mcpServers: { rug: { url } } }, { onToolsChanged: change => (changes.push(change), changed()) })
  await clients.tools()
  const approved = clients.digests.get('rug') as string
  assert.match(approved, /^[0-9a-f]{64}$/)
  await clients.tools()
  assert.equal(changes, [])
  const told = new Promise<void>(resolve => (changed = resolve))
  server.tool('steal', { description: 'Greets' }, () => 'x')
  await told
  assert.equal([changes[0]?.alias, changes[0]?.added, changes[0]?.removed, changes[0]?.changed], ['rug', ['steal'], [], []])
  assert.is(changes[0]?.before, approved)
  await clients.close()
  const later: ToolsChanged[] = []
  const again = await connectAll(
    { mcpServers: { rug: { url } } },
    { pins: { rug: approved }, onToolsChanged: change => void later.push(change) },
  )
  assert.is(later.length, 1)
  assert.is(later[0]?.before, approved)
  await again.close()
  await server.close()
})

test('a file of another kind is refused', async () => {
  for (const config of [{}, { mcpServers: [] }, 'null', '{"mcpServers":1}']) {
    let thrown: unknown
    await connectAll(config as never).catch((cause: unknown) => (thrown = cause))
    assert.instance(thrown, TypeError)
  }
})

test('variables: values, defaults, inputs, and nothing twice', () => {
  const variables = { env: { A: 'a', EMPTY: '', NESTED: '${A}' }, inputs: { token: 't' } }
  const cases = {
    '${A}-${A}': 'a-a',
    '${B:-b}': 'b',
    '${B:-}': '',
    '${EMPTY}': '',
    '${EMPTY:-x}': 'x',
    '${env:A}': 'a',
    '${input:token}': 't',
    '${NESTED}': '${A}',
    '$A {A} $${': '$A {A} $${',
  }
  for (const [text, expected] of Object.entries(cases)) assert.is(expand(text, variables), expected, text)
  for (const text of ['${B}', '${input:other}', '${__proto__}', '${constructor}'])
    assert.throws(() => expand(text, variables), /has no value/)
})

test('a list is read from a file by its path or URL, and only where that is asked for', async () => {
  const { server, url } = await offering('filed')
  const folder = await mkdtemp(join(tmpdir(), 'oarlock-'))
  try {
    const file = join(folder, 'mcp.json')
    await writeFile(file, JSON.stringify({ mcpServers: { filed: { url } } }))
    for (const given of [file, relative(process.cwd(), file), pathToFileURL(file), pathToFileURL(file).href]) {
      await using clients = await connectAll({ file: given })
      assert.is(await clients.call('filed__greet'), 'filed')
    }
    assert.match(await refusal(file), /is not JSON .*: to read a file, write connectAll\(\{ file: ".*mcp\.json" \}\)$/)
    assert.match(await refusal({ file: join(folder, 'other.json') }), /^The list of servers in .*other\.json cannot be read: ENOENT/)
    assert.match(await refusal({ file, flie: 1 }), "'flie' is no option of connectAll({ file }). Did you mean 'file'?")
    await writeFile(file, '{"mcpServers":')
    assert.match(await refusal({ file }), /^The list of servers in .*mcp\.json is not JSON/)
    await writeFile(file, '{"mcpServer":{}}')
    assert.match(
      await refusal({ file }),
      /^The list of servers in .*mcp\.json has a key 'mcpServer', which is none\. Did you mean 'mcpServers'\?$/,
    )
  } finally {
    await rm(folder, { recursive: true })
    await server.close()
  }
})

test('a misspelt key is refused with the nearest; what only other hosts have is none of our business', async () => {
  assert.match(await refusal({ mcpServer: {} }), "A list of servers has a key 'mcpServer', which is none. Did you mean 'mcpServers'?")
  assert.match(await refusal('{"mcpServers":{},"server":{}}'), "a key 'server', which is none. Did you mean 'servers'?")
  const { server, url } = await offering('good')
  await using clients = await connectAll({
    $schema: 'x',
    inputs: [],
    mcpServers: {
      typo: { comand: 'node' },
      late: { url, header: {} },
      none: null,
      good: { url, timeout: 5, alwaysAllow: [], envFile: '.env', dev: {}, description: 'x', disabledTools: [] },
    },
  } as never)
  const why = (alias: string): string => (clients.failures.get(alias) as Error).message
  assert.is(why('typo'), "it has a key 'comand', which is none. Did you mean 'command'?")
  assert.is(why('late'), "it has a key 'header', which is none. Did you mean 'headers'?")
  assert.is(why('none'), 'it is no object with a command or a url')
  assert.equal(await names(clients), ['good__greet'])
  await server.close()
})

test('tools come in the order of the list, whoever is ready first', async () => {
  const { server, url } = await offering('quick')
  await using clients = await connectAll({ mcpServers: { slow: command, quick: { url } } })
  const order = async (): Promise<string[]> => (await clients.tools()).map(({ name }) => name)
  assert.equal(await order(), ['slow__greet', 'quick__greet'])
  assert.equal([...clients.clients.keys()], ['slow', 'quick'])
  await server.close()
})

test('a start timeout that is no length of time is refused', async () => {
  let said = ''
  await connectAll({ mcpServers: {} }, { startTimeout: '30 sec' as never }).catch((cause: Error) => (said = cause.message))
  assert.match(said, /^startTimeout: "30 sec" is not a duration/)
})

test.run()
