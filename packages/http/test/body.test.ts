/** Bodies that are too big, too slow, cut short, or read by somebody else; on bare sockets where a client would be too polite. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fakeClock, Sweep } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FetchTurn } from '../src/fetch/turn.ts'
import { toFetch, toNode } from '../src/index.ts'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { TestService } from './service.ts'
import { ask, Raw, tool } from './wire.ts'

const test = suite('body')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

const { headers: HEADERS, body: BODY } = tool('echo')
const TEXT = JSON.stringify(BODY)

function head(port: number, more: Record<string, string | number>): string {
  const all = { host: `127.0.0.1:${port}`, 'content-type': 'application/json', ...HEADERS, ...more }
  return `POST /mcp HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  test(`row 4, T24: ${name}: a body over the limit is 413 before anything parses it, and the client can read that`, async () => {
    const service = new TestService()
    const { port } = await open(service, { bodyLimit: 100_000 })
    const big = tool('echo', { text: 'x'.repeat(300_000) })
    const answer = await ask(port, big)
    assert.is(answer.status, 413)
    assert.is(answer.json.error.code, -32000)
    assert.is((await ask(port, tool('echo', { text: 'x'.repeat(90_000) }))).status, 200)
    assert.is(service.heads.length, 1)
  })

  test(`row 4, T24: ${name}: a chunked body without a length is counted while it arrives`, async () => {
    const { port } = await open(new TestService(), { bodyLimit: 100_000 })
    const raw = new Raw(port).write(head(port, { 'transfer-encoding': 'chunked' }))
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    for (let i = 0; i < 10; i++) raw.write(chunk)
    assert.match(await raw.until(/\r\n\r\n.*}/s), /^HTTP\/1\.1 413/)
    raw.end()
  })

  test(`T26: ${name}: a slow body gets 408, the connection closes, and others are served meanwhile`, async () => {
    const clock = fakeClock()
    const service = new TestService()
    const { port } = await open(service, { clock, bodyTimeout: 5000 })
    const raw = new Raw(port).write(head(port, { 'content-length': TEXT.length }) + TEXT.slice(0, 40))
    await raw.until(/^/)
    // Another request on the same endpoint shows that the first has been taken in.
    for (let i = 0; i < 3; i++) assert.is((await ask(port, { headers: HEADERS, body: BODY })).status, 200)
    clock.advance(6000)
    assert.match(await raw.until(/\r\n\r\n.*}/s), /^HTTP\/1\.1 408/)
    if (name === 'node') {
      assert.match(raw.received, /connection: close/i)
      clock.advance(3000)
      await raw.closed
    }
    assert.is((await ask(port, { headers: HEADERS, body: BODY })).status, 200)
    raw.end()
  })

  test(`${name}: a body that arrives byte by byte, split inside characters, is read like any other`, async () => {
    const { port } = await open(new TestService())
    const bytes = Buffer.from(JSON.stringify(tool('echo', { text: 'Grüße 🌍' }).body))
    const raw = new Raw(port).write(head(port, { 'content-length': bytes.length }))
    raw.socket.setNoDelay(true)
    for (const byte of bytes) {
      raw.write(Uint8Array.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.match(Buffer.from(await raw.until(/Gr.*}/s), 'latin1').toString(), /Grüße 🌍/)
    raw.end()
  })

  test(`${name}: a client that leaves in the middle of its body leaves nothing behind`, async () => {
    const clock = fakeClock()
    const service = new TestService()
    const { port } = await open(service, { clock })
    const raw = new Raw(port).write(head(port, { 'content-length': TEXT.length }) + TEXT.slice(0, 40))
    assert.is((await ask(port, { headers: HEADERS, body: BODY })).status, 200)
    raw.end()
    await raw.closed
    assert.is((await ask(port, { headers: HEADERS, body: BODY })).status, 200)
    clock.advance(60_000)
    clock.advance(60_000)
    assert.is(clock.pending, 0, 'nothing is watched any more')
    assert.is(service.reports.length, 0)
  })

  test(`${name}: requests follow each other on one connection, also after a refusal`, async () => {
    const { port } = await open(new TestService())
    const raw = new Raw(port)
    const one = head(port, { 'content-length': TEXT.length }) + TEXT
    raw.write(one.replace('"id":1', '"id":3'))
    await raw.until(/"id":3/)
    raw.write(one.replace('application/json', 'text/plain'))
    await raw.until(/415 Unsupported/)
    raw.write(one.replace('"id":1', '"id":4'))
    await raw.until(/"id":4/)
    raw.end()
  })
}

async function listening(handler: Parameters<typeof createServer>[1]): Promise<{ port: number; close(): void }> {
  const server = createServer(handler)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('node: a client that sends all before it reads still reads why it was refused, and is not cut off', async () => {
  const door = await DOORS.get('node')!(new TestService(), { bodyLimit: 100_000 })
  opened.push(door)
  const body = 'x'.repeat(20_000_000)
  const raw = new Raw(door.port)
  let broken: unknown
  raw.socket.on('error', error => {
    broken = error
  })
  raw.write(head(door.port, { 'content-length': body.length }))
  assert.match(await raw.until(/\r\n\r\n.*}/s), /^HTTP\/1\.1 413/)
  await new Promise(resolve => raw.socket.write(body, resolve))
  await raw.closed
  assert.is(broken, undefined)
})

test('row 4: node: a body that a framework has parsed is taken as it is, and measured all the same', async () => {
  const door = toNode(new TestService(), { bodyLimit: 1000 })
  let form: (text: string, bytes: Buffer) => unknown = text => JSON.parse(text)
  let given = false
  const server = await listening((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', chunk => chunks.push(chunk))
    req.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const body = form(bytes.toString(), bytes)
      if (given) door(req, res, body)
      else door(Object.assign(req, { body }), res)
    })
  })
  const what = tool('echo', { text: 'ü' })
  const big = tool('echo', { text: 'x'.repeat(2000) })
  for (const way of [false, true]) {
    given = way
    for (const one of [(text: string) => JSON.parse(text), (text: string) => text, (_: string, bytes: Buffer) => bytes]) {
      form = one
      assert.is((await ask(server.port, what)).json.result.content[0].text, 'ü')
      assert.is((await ask(server.port, big)).status, 413)
      assert.is((await ask(server.port, { ...big, headers: { ...big.headers, 'transfer-encoding': 'chunked' } })).status, 413)
    }
  }
  form = () => [1, 2]
  assert.is((await ask(server.port, what)).status, 400)
  form = () => undefined
  const lost = await ask(server.port, what)
  assert.is(lost.status, 400, 'a body that something has read and not kept is an error, not a wait')
  assert.match(lost.json.error.message, /has read the body/)
  server.close()
})

test('node: Express passes its next, which is not a body', async () => {
  const door = toNode(new TestService())
  const server = await listening((req, res) => door(req, res, () => assert.unreachable()))
  assert.is((await ask(server.port, tool('echo'))).status, 200)
  server.close()
})

test('fetch: a body that was parsed in front is taken as it is, and one that was read is refused', async () => {
  const door = toFetch(new TestService(), { bodyLimit: 1000 })
  const { headers, body } = tool('echo')
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
  const parsed = await door(new Request('http://localhost/mcp', init), { body })
  assert.is(parsed.status, 200)
  const big = await door(new Request('http://localhost/mcp', init), { body: tool('echo', { text: 'x'.repeat(2000) }).body })
  assert.is(big.status, 413)
  const read = new Request('http://localhost/mcp', init)
  await read.text()
  assert.is((await door(read)).status, 400)
  assert.is((await door(new Request('http://evil.example/mcp', init))).status, 403, 'the host of the URL counts where there is no header')
})

test('fetch: a body that something else holds is an error, not a wait', async () => {
  const door = toFetch(new TestService())
  for (const hold of [(request: Request) => void request.body?.getReader(), (request: Request) => request.text()]) {
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...HEADERS },
      body: TEXT,
    })
    await hold(request)
    const response = await door(request)
    assert.is(response.status, 400)
    assert.match(await response.text(), /has read the body/)
  }
})

test('fetch: whoever reads a body and throws is heard of, and the client is answered', async () => {
  const ground = { sweep: new Sweep(fakeClock()), bodyTimeoutMs: 1000, decode: () => '' }
  const turn = new FetchTurn(new Request('http://localhost/mcp', { method: 'POST', body: TEXT }), ground, undefined)
  const heard = new Promise(resolve => process.once('unhandledRejection', resolve))
  const text = (): never => {
    throw new Error('a bug')
  }
  turn.read(1000, { text, value: text, refused: text })
  assert.is((await turn.response).status, 500)
  assert.match(String(await heard), /a bug/)
})

test.run()
