/** `oarlock run`: what it serves, how, and what it says when it cannot. */
// time limit: 180 s
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { connect } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { child, fixture, oarlock, start } from './command.ts'

const test = suite('oarlock run')

test('classes are instantiated and offered together; what needs arguments or offers nothing is left out', async () => {
  const client = await connect(child(fixture('fields.ts')))
  assert.equal(
    (await client.tools()).map(tool => tool.name),
    ['add', 'fail'],
  )
  assert.equal(
    (await client.prompts()).map(prompt => prompt.name),
    ['review'],
  )
  assert.is(await client.call('add', { a: 1, b: 2 }), 3)
  assert.equal(client.server?.info?.name, '@oarlock/cli')
  await client.close()
})

test('T29: what the file prints while it is loaded does not reach standard output', async () => {
  const { out, err } = await oarlock('run', fixture('fields.ts'))
  assert.is(out, '')
  assert.match(err, /\[oarlock\] Standard output carries the protocol.*\nprinted while loading\n/)
})

test('an exported server is served as it is, the default one before others', async () => {
  const named = await connect(child(fixture('server.ts')))
  assert.is(named.server?.info?.name, 'workshop')
  assert.not((await named.tools()).some(tool => tool.name === 'never'))
  await named.close()
  const chosen = await connect(child(fixture('default.js')))
  assert.is(await chosen.call('who'), 'mine')
  await chosen.close()
})

test('a file without anything to serve, or with too much, is refused with what to write', async () => {
  const nothing = await oarlock('run', fixture('nothing.ts'))
  assert.equal([nothing.code, nothing.out], [1, ''])
  assert.match(nothing.err, 'nothing.ts has nothing to serve. It exports answer, run. Export a server')
  const several = await oarlock('run', fixture('several.js'))
  assert.is(several.code, 1)
  assert.match(several.err, 'exports several servers (one, two)')
  const missing = await oarlock('run', fixture('severl.js'))
  assert.is(missing.code, 2)
  assert.match(missing.err, "severl.js does not exist. Did you mean 'several.js'?")
})

test('an error in the file is shown with its place', async () => {
  const { code, err } = await oarlock('run', fixture('throws.ts'))
  assert.is(code, 1)
  assert.match(err, /Error: no database here\n.*throws\.ts:2/)
})

test('a file that serves itself is told so, and ends', async () => {
  const { code, out, err } = await oarlock('run', fixture('serves-itself.ts'))
  assert.equal([code, out], [1, ''])
  assert.match(
    err,
    'serves-itself.ts serves itself: export the server (export default server) and leave listen() out, or run it directly.\n',
  )
})

test('a port that is taken is told without a stack, and ends it, though the file keeps it busy', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const { code, err } = await oarlock('run', fixture('server.ts'), '--http', String(port))
  taken.close()
  assert.equal([code, err], [1, `port ${port} on 127.0.0.1 is taken; choose another, or 0 for any free one\n`])
})

test('S-STD-09: the end of input ends the process with 0, though the file keeps it busy', async () => {
  const { child, ended } = start(['run', fixture('server.ts')])
  child.stdin?.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
  const { code, out } = await ended
  assert.is(code, 0)
  assert.is((JSON.parse(out) as { id: number }).id, 1)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`S-STD-10: ${signal} ends it with 0`, async () => {
    const { child, ended } = start(['run', fixture('server.ts')])
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
    await new Promise(resolve => child.stdout?.once('data', resolve))
    child.kill(signal)
    assert.is((await ended).code, 0)
  })
}

test('--http serves over HTTP, says where, and leaves the standard streams alone', async () => {
  const { child, ended, said } = start(['run', fixture('server.ts'), '--http', '0'])
  await said('Listening on')
  child.stdin?.end()
  child.kill('SIGTERM')
  const { code, out, err } = await ended
  assert.equal([code, out], [0, ''])
  assert.match(err, /^workshop 2\.1\.0 offers 10 tools\.\nListening on http:\/\/127\.0\.0\.1:\d+\/mcp\n$/)
})

test('--stdio --http serves both from one server; the end of input leaves HTTP', async () => {
  const { child, ended, said } = start(['run', '--stdio', '--http', '0', fixture('server.ts')])
  let err = ''
  child.stderr?.on('data', text => (err += text))
  await said('Listening on')
  child.stdin?.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
  await said('"id":1')
  const client = await connect(/http:\S+/.exec(err)?.[0] ?? '')
  assert.is(await client.call('echo', { text: 'over HTTP' }), 'over HTTP')
  await client.close()
  child.kill('SIGTERM')
  assert.is((await ended).code, 0)
})

test('--ws serves over WebSocket', async () => {
  const { child, ended, said } = start(['run', fixture('server.ts'), '--ws', '0'])
  let err = ''
  child.stderr?.on('data', text => (err += text))
  await said('Listening on')
  const client = await connect(/ws:\S+/.exec(err)?.[0] ?? '')
  assert.is(await client.call('echo', { text: 'over WebSocket' }), 'over WebSocket')
  await client.close()
  child.kill('SIGTERM')
  const { code, out } = await ended
  assert.equal([code, out], [0, ''])
})

test('--http and --ws on one port are served beside each other', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await new Promise(resolve => taken.close(resolve))
  const { child, ended, said } = start(['run', fixture('server.ts'), '--http', String(port), '--ws', String(port)])
  await said(`Listening on http://127.0.0.1:${port}/mcp, and ws://127.0.0.1:${port}/mcp\n`)
  for (const scheme of ['http', 'ws']) {
    const client = await connect(`${scheme}://127.0.0.1:${port}/mcp`)
    assert.is(await client.call('echo', { text: scheme }), scheme)
    await client.close()
  }
  child.kill('SIGTERM')
  assert.is((await ended).code, 0)
})

test('a second signal does not wait for work', async () => {
  const { child, ended } = start(['run', fixture('server.ts')])
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait', arguments: {} } }
  const hello = {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  }
  child.stdin?.write(`${JSON.stringify(hello)}\n`)
  await new Promise(resolve => child.stdout?.once('data', resolve))
  child.stdin?.write(
    `{"jsonrpc":"2.0","method":"notifications/initialized"}\n${JSON.stringify(call)}\n${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' })}\n`,
  )
  await new Promise(resolve => child.stdout?.once('data', resolve))
  child.kill('SIGTERM')
  child.kill('SIGINT')
  assert.ok([130, 143].includes((await ended).code ?? 0))
})

test('ports, hosts and options that make no sense end with 2', async () => {
  const told = async (...args: string[]) => {
    const { code, err } = await oarlock('run', ...args)
    assert.is(code, 2, err)
    return err
  }
  assert.match(await told(fixture('server.ts'), '--http=99999'), 'port number, not 99999')
  assert.match(await told(fixture('server.ts'), '--http=x'), 'port number, not x')
  assert.match(await told(fixture('server.ts'), '--ws=70000'), '--ws takes a port number, not 70000')
  assert.match(await told(fixture('server.ts'), '--http', '0', '--host', '0.0.0.0'), '--allowed-hosts NAMES')
  assert.match(await told(fixture('server.ts'), '--htpp', '0'), "There is no option --htpp. Did you mean '--http'?")
  assert.match(await told(fixture('server.ts'), '--port=3456'), 'There is no option --port. Write --http 3456.\n')
  assert.match(await told(fixture('server.ts'), '--port', '3456'), 'There is no option --port. Write --http')
  assert.match(await told(fixture('server.ts'), 'more'), 'serves one file; what is more?')
  assert.match(await told(), 'FILE')
})

test.run()
