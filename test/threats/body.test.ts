/** Bodies and lines that are too big, too deep, too many, of the wrong kind, or not what they say: refused while they arrive, and nothing runs. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { toNode } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, openSession, Raw, tool } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { houseProcess, next, type Reply } from './process.ts'
import { closeAll, serve } from './served.ts'

const test = suite('bodies')
test.after.each(closeAll)

const MiB = 1024 * 1024
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const withArguments = (name: string, args: string) => {
  const { headers, body } = tool(name)
  return { headers, body: JSON.stringify(body).replace('"arguments":{}', `"arguments":${args}`) }
}

function head(port: number, fields: Record<string, string | number>): string {
  const { headers } = tool('echo')
  const all = {
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
    ...fields,
  }
  return `POST /mcp HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

test('row 4, T24: a body over 4 MiB is refused, whether it says so or not, and the server holds none of it', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const { headers, body } = tool('echo', { text: 'x'.repeat(4 * MiB) })
  assert.is((await ask(port, { headers, body })).status, 413)

  // Chunked, without a length: it is counted while it arrives.
  const raw = new Raw(port).write(head(port, { 'transfer-encoding': 'chunked' }))
  const chunk = `${MiB.toString(16)}\r\n${'x'.repeat(MiB)}\r\n`
  for (let sent = 0; sent < 6 && !raw.received.includes('413'); sent++) raw.write(chunk)
  assert.match(await raw.until(/\r\n\r\n\{.*\}/s), /^HTTP\/1\.1 413/)
  raw.end()
  assert.equal(ran, [])
  assert.is((await ask(port, tool('echo', { text: 'x'.repeat(3 * MiB) }))).status, 200)
})

test('row 4, T24: a Content-Length that lies gets no more than it says read', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const text = JSON.stringify(tool('echo', { text: 'x' }).body)

  // Longer than it says: the body is cut, and what follows is no request. Node ends such a connection before our answer is written.
  const short = new Raw(port).write(head(port, { 'content-length': text.length - 10 }) + text)
  assert.match(await short.until(/^HTTP\/1\.1 \d+/), /^HTTP\/1\.1 400/)
  await short.closed

  // Shorter than it says, and then the client leaves: nothing was asked.
  const long = new Raw(port).write(head(port, { 'content-length': text.length + 10 }) + text)
  assert.is((await ask(port, tool('admin'))).status, 200)
  long.end()
  await long.closed

  for (const length of ['-1', '1e3', '0x10', '10, 20', ' ']) {
    const raw = new Raw(port).write(head(port, { 'content-length': length }) + text)
    assert.match(await raw.until(/^HTTP\/1\.1 \d+/), /^HTTP\/1\.1 400/, length)
    raw.end()
  }
  // A length and chunks at once is how one request is smuggled inside another.
  const both = new Raw(port).write(head(port, { 'content-length': 5, 'transfer-encoding': 'chunked' }) + `0\r\n\r\n`)
  assert.match(await both.until(/^HTTP\/1\.1 \d+/), /^HTTP\/1\.1 400/)
  both.end()
  assert.equal(ran, ['admin'])
})

test('row 4, T24: a hundred messages in a batch are served, the hundred and first is one too many', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const headers = await openSession(port, '2025-03-26')
  const batch = (count: number) => Array.from({ length: count }, (_, id) => call('admin', {}, id))
  const good = await ask(port, { headers, body: batch(100) })
  assert.is(good.status, 200)
  assert.is(ran.splice(0).length, 100)
  const bad = await ask(port, { headers, body: batch(101) })
  assert.is(bad.status, 400)
  assert.is(bad.json.error.code, -32600)
  assert.equal(ran, [])
})

test('row 4, T23: half a million levels are refused before they are parsed, and twenty thousand in arguments too', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  for (const body of ['['.repeat(500_000), '{"a":'.repeat(500_000), `{"jsonrpc":"2.0","id":1,"method":"x","params":${nested(500_000)}}`]) {
    const { status, json } = await ask(port, { body })
    assert.equal([status, json.error.code], [400, -32600])
  }
  for (const depth of [65, 20_000]) {
    const { status, json } = await ask(port, withArguments('echo', `{"text":${nested(depth)}}`))
    assert.equal([status, json.error.code], [400, -32600], `${depth}`)
  }
  const session = await openSession(port)
  const body = JSON.stringify(call('echo')).replace('"arguments":{}', `"arguments":{"text":${nested(20_000)}}`)
  assert.is((await ask(port, { headers: session, body })).status, 400)
  assert.equal(ran, [])
})

test('row 4, T23: what a framework has parsed in front of us is held to the same depth and size', async () => {
  const { server, ran } = house()
  const door = toNode(server, { bodyLimit: MiB })
  // A framework whose own limits are generous.
  const front = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => door(req, res, JSON.parse(Buffer.concat(chunks).toString()) as unknown))
  })
  await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
  const { port } = front.address() as AddressInfo
  assert.is((await ask(port, tool('echo', { text: 'x' }))).status, 200)
  for (const depth of [65, 20_000, 200_000]) {
    for (const framing of [{}, { 'transfer-encoding': 'chunked' }]) {
      const { headers, body } = withArguments('echo', `{"text":${nested(depth)}}`)
      assert.is((await ask(port, { headers: { ...headers, ...framing }, body })).status, 400, `${depth} ${JSON.stringify(framing)}`)
    }
  }
  for (const framing of [{}, { 'transfer-encoding': 'chunked' }]) {
    const { headers, body } = tool('echo', { text: 'x'.repeat(2 * MiB) })
    assert.is((await ask(port, { headers: { ...headers, ...framing }, body })).status, 413)
  }
  assert.equal(ran, ['echo x'])
  await server.close()
  front.close()
  front.closeAllConnections()
})

test('row 4: a head over 16 KiB is refused', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const { headers, body } = tool('echo', { text: 'x' })
  assert.is((await ask(port, { headers: { ...headers, 'x-pad': 'x'.repeat(20_000) }, body })).status, 431)
  assert.equal(ran, [])
})

test('T24: a line of 256 MiB costs the process no memory to speak of, is answered, and the next line is served', async () => {
  const peer = houseProcess(['--expose-gc'])
  const rss = async () => {
    peer.write(`${JSON.stringify(tool('rss', {}, 'rss').body)}\n`)
    return Number((await next(peer)).result?.content?.[0]?.text)
  }
  await rss()
  const before = await rss()
  const chunk = Buffer.alloc(MiB, 'x')
  for (let i = 0; i < 256; i++) peer.write(chunk)
  peer.write('\n')
  assert.is((await next(peer)).error?.code, -32000)
  const grown = (await rss()) - before
  assert.ok(grown < 100 * MiB, `grew by ${Math.round(grown / MiB)} MiB`)
  for (const line of ['['.repeat(500_000), `{"a":${nested(100_000)}}`, `[${'0,'.repeat(101)}0]`]) {
    peer.write(`${line}\n`)
    assert.is((await next(peer)).error?.code, -32600)
  }
  assert.equal(await peer.end(), [0, null])
})

test('row 5: 2.9 MB of wrong items are refused in few words and little time, over HTTP and over stdio', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const numbers = `{"numbers":[${'"",'.repeat(966_666)}""]}`
  assert.ok(numbers.length > 2_890_000)
  for (const args of [numbers, `{"numbers":[${'{},'.repeat(966_666)}1]}`, `{${'"a":[],'.repeat(360_000)}"numbers":""}`]) {
    const before = process.cpuUsage()
    const { status, text, json } = await ask(port, withArguments('sum', args))
    const { user, system } = process.cpuUsage(before)
    assert.is(status, 200)
    assert.ok(json.result?.isError === true || json.error?.code === -32602)
    assert.ok(text.length < 8_192, `${text.length} characters`)
    // Of the work most is sending and parsing 2.9 MB; explaining each item took peers seconds.
    assert.ok(user + system < 1_500_000, `${(user + system) / 1000} ms of CPU`)
  }
  assert.equal(ran, [])

  const peer = houseProcess()
  peer.write(`${withArguments('sum', numbers).body}\n`)
  const reply: Reply = await next(peer)
  assert.ok(JSON.stringify(reply).length < 8_192)
  assert.ok(reply.result?.isError)
  await peer.end()
})

test('row 5: a few wrong items are named one by one, at most five', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const { json } = await ask(port, tool('sum', { numbers: Array.from({ length: 50 }, () => 'x') }))
  const named = (json.result.content[0].text as string).match(/numbers[./[]\d+/g) ?? []
  assert.ok(named.length > 0 && named.length <= 5, json.result.content[0].text)
})

test('T2: a body that a page may send without asking is refused, whatever is in it, and nothing runs', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const session = await openSession(port)
  const { headers, body } = tool('admin')
  const types = [
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/plain; application/json',
    'text/plain;type=application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'application/jsonx',
    'application/json-seq',
    'xapplication/json',
    'application/ json',
    'text/json',
    'application/json, text/plain',
    '',
    undefined,
  ]
  for (const type of types) {
    assert.is((await ask(port, { headers: { ...headers, 'content-type': type }, body })).status, 415, String(type))
    assert.is((await ask(port, { headers: { ...session, 'content-type': type }, body: call('admin') })).status, 415, String(type))
  }
  assert.equal(ran, [])
  for (const type of ['application/json', 'APPLICATION/JSON', 'application/json;charset=utf-8', 'application/json ; charset="utf-8"']) {
    assert.is((await ask(port, { headers: { ...headers, 'content-type': type }, body })).status, 200, type)
  }
})

test('T25: nothing is inflated: a bomb is refused by its name, and one without a name is no JSON', async () => {
  const { server, ran } = house()
  const { port } = await serve(server)
  const bomb = Buffer.from(JSON.stringify(tool('echo', { text: 'x'.repeat(32 * MiB) }).body))
  const { headers } = tool('echo')
  const packed = { gzip: gzipSync(bomb), 'x-gzip': gzipSync(bomb), deflate: deflateSync(bomb), br: brotliCompressSync(bomb) }
  for (const [encoding, body] of Object.entries(packed)) {
    assert.ok(body.length < 100_000)
    for (const name of [encoding, encoding.toUpperCase(), `${encoding}, ${encoding}`, `identity, ${encoding}`]) {
      assert.is((await ask(port, { headers: { ...headers, 'content-encoding': name }, body })).status, 415, name)
    }
    const unnamed = await ask(port, { headers, body })
    assert.equal([unnamed.status, unnamed.json.error.code], [400, -32700], encoding)
  }
  assert.equal(ran, [])
})

test.run()
