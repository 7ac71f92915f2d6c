/** The chunks of a stream, as they are on the wire, and who may stand between us and it. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, OutgoingMessage, ServerResponse } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createGunzip, createGzip } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toNode } from '../../src/index.ts'
import { methodsOf } from '../../src/node/chunks.ts'
import { type Open, serveBehind } from '../doors.ts'
import { type Held, progress, TestService } from '../service.ts'
import { ask, Raw, stream, tool } from '../wire.ts'

const test = suite('chunks')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

/** A door with something in front of it. */
async function open(service: TestService, front: (req: IncomingMessage, res: ServerResponse) => void = () => {}): Promise<number> {
  const served = await serveBehind(service, front)
  opened.push(served)
  return served.port
}

/** A stream on a bare socket, in one version of HTTP. */
async function raw(port: number, service: TestService, version = '1.1'): Promise<{ wire: Raw; held: Held }> {
  const { headers, body } = tool('hold')
  const text = JSON.stringify(body)
  const all = { ...headers, host: `127.0.0.1:${port}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const lines = Object.entries({ ...all, 'content-length': text.length }).map(([name, value]) => `${name}: ${value}\r\n`)
  const wire = new Raw(port).write(`POST /mcp HTTP/${version}\r\n${lines.join('')}\r\n${text}`)
  return { wire, held: await service.next() }
}

/** The chunks of an answer, each checked against its size. */
function chunksOf(received: string): readonly string[] {
  const head = received.indexOf('\r\n\r\n') + 4
  assert.match(received.slice(0, head), /\r\ntransfer-encoding: chunked\r\n/i)
  const chunks: string[] = []
  for (let at = head; at < received.length;) {
    const line = received.indexOf('\r\n', at)
    const size = Number.parseInt(received.slice(at, line), 16)
    assert.match(received.slice(at, line), /^[0-9a-f]+$/)
    at = line + 2 + size
    assert.is(received.slice(at, at + 2), '\r\n', 'what follows a chunk')
    at += 2
    chunks.push(Buffer.from(received.slice(line + 2, at - 2), 'latin1').toString())
  }
  return chunks
}

const PARTS = ['plain', 'zwölf', '日本', '😀', 'x'.repeat(40_000)]

async function tell(held: Held, wire: Raw): Promise<void> {
  for (const [index, part] of PARTS.entries()) {
    void held.notify(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data: `${index} ${part}` } }))
    await wire.until(new RegExp(`"${index} `))
  }
}

test('each is as long as it says, in every script, and the connection serves the next request', async () => {
  const service = new TestService()
  const port = await open(service)
  const { wire, held } = await raw(port, service)
  await tell(held, wire)
  held.answer()
  const chunks = chunksOf(await wire.until(/\r\n0\r\n\r\n$/))
  assert.is(chunks.at(-1), '')
  const text = chunks.join('')
  for (const [index, part] of PARTS.entries()) assert.ok(text.includes(`"${index} ${part}"`), part.slice(0, 10))
  assert.match(text, /"held"/)
  wire.write(`GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  await wire.until(/\r\n0\r\n\r\nHTTP\/1\.1 4\d\d /)
  wire.end()
})

test('HTTP/1.0 knows no chunks: it gets the events as they are, and the end of the connection', async () => {
  const service = new TestService()
  const { wire, held } = await raw(await open(service), service, '1.0')
  await tell(held, wire)
  held.answer()
  await wire.closed
  const body = wire.received.slice(wire.received.indexOf('\r\n\r\n') + 4)
  assert.not.match(wire.received, /transfer-encoding/i)
  assert.match(body, /^event: message\ndata: \{[^]*"held"[^]*\n\n$/)
  assert.is(body.split('\n\n').length, PARTS.length + 2, 'one event for each message, and nothing else')
})

test('what others write to the response, or how they end it, is coded by Node', async () => {
  const service = new TestService()
  let response: ServerResponse | undefined
  const port = await open(service, (_, res) => (response = res))
  const { wire, held } = await raw(port, service)
  await tell(held, wire)
  response?.write(': from elsewhere\n\n')
  response?.end()
  const chunks = chunksOf(await wire.until(/\r\n0\r\n\r\n$/))
  assert.equal(chunks.slice(-2), [': from elsewhere\n\n', ''])
  wire.end()
})

test('compression in front of the door gets events, not chunks', async () => {
  const service = new TestService()
  const port = await open(service, (_, res) => {
    const gzip = createGzip()
    const { write, end, writeHead } = res
    gzip.on('data', (data: Buffer) => write.call(res, data, 'utf8'))
    gzip.on('end', () => end.call(res, undefined, 'utf8'))
    res.writeHead = ((status: number, headers: string[]) =>
      writeHead.call(res, status, [...headers, 'Content-Encoding', 'gzip'] as never)) as never
    res.write = ((text: string) => {
      gzip.write(text)
      return gzip.flush() ?? true
    }) as never
    res.end = ((text?: string) => (gzip.end(text), res)) as never
  })
  const response = stream(port, tool('hold'))
  const held = await service.next()
  void held.notify(progress(1))
  const events = await response
  assert.is(events.headers['content-encoding'], 'gzip')
  const gunzip = createGunzip()
  events.res.pipe(gunzip)
  let text = ''
  for await (const piece of gunzip) {
    if (text === '') held.answer()
    text += piece
  }
  assert.match(text, /^event: message\ndata: \{[^\n]*progress[^\n]*\}\n\nevent: message\ndata: \{[^\n]*"held"[^\n]*\n\n$/)
})

test('HTTP/2 has frames of its own', async () => {
  const service = new TestService()
  const door = toNode(service)
  const server = createHttp2Server((req, res) => door(req as never, res as never))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = connectHttp2(`http://127.0.0.1:${port}`)
  const { headers, body } = tool('hold')
  const request = client.request({
    ':method': 'POST',
    ':path': '/mcp',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  })
  request.end(JSON.stringify(body))
  const held = await service.next()
  void held.notify(progress(1))
  let text = ''
  request.setEncoding('utf8')
  for await (const piece of request) {
    if (text === '') setImmediate(() => held.answer())
    text += piece
  }
  assert.match(text, /^event: message\ndata: \{[^\n]*progress[^\n]*\}\n\nevent: message\ndata: \{[^\n]*"held"[^\n]*\n\n$/)
  client.close()
  door.close()
  await new Promise(resolve => server.close(resolve))
})

test('each part reaches the socket as one piece', async () => {
  const service = new TestService()
  const pieces: string[] = []
  const port = await open(service, (_, { socket }) => {
    if (socket === null || Object.hasOwn(socket, 'write')) return
    const { write } = socket
    socket.write = (piece: string | Uint8Array, ...rest: never[]) => {
      if (piece.length > 0) pieces.push(Buffer.from(piece).toString())
      return write.call(socket, piece, ...rest)
    }
  })
  const { wire, held } = await raw(port, service)
  for (const number of [1, 2]) {
    void held.notify(progress(number))
    await wire.until(new RegExp(`"progress":${number}`))
  }
  held.answer()
  await wire.until(/\r\n0\r\n\r\n$/)
  const [first = '', second = '', third = '', ...last] = pieces
  assert.match(first, /^HTTP\/1\.1 200 [^]*\r\n\r\n[0-9a-f]+\r\nevent: message\ndata: \{[^\n]*"progress":1[^\n]*\}\n\n\r\n$/)
  assert.match(second, /^[0-9a-f]+\r\nevent: message\ndata: \{[^\n]*"progress":2[^\n]*\}\n\n\r\n$/)
  assert.match(third, /^[0-9a-f]+\r\nevent: message\ndata: \{[^\n]*"held"[^\n]*\}\n\n\r\n$/)
  assert.is(last.join(''), '0\r\n\r\n')
  wire.end()
})

for (const Message of [OutgoingMessage, ServerResponse])
  test(`a patch of ${Message.name} gets events, not chunks`, async () => {
    // Before the first stream, too late for it: in both cases it stands in between.
    const service = new TestService()
    const port = await open(service)
    const before = await raw(port, service)
    before.held.answer()
    await before.wire.until(/"held"/)
    before.wire.end()
    const own = Object.getOwnPropertyDescriptor(Message.prototype, 'write')
    const { write } = Message.prototype
    const seen: unknown[] = []
    Message.prototype.write = function (this: OutgoingMessage, text: string, ...rest: never[]) {
      seen.push(text)
      return write.apply(this, [text, ...rest] as never)
    } as never
    try {
      const { wire, held } = await raw(port, service)
      void held.notify(progress(1))
      await wire.until(/"progress":1/)
      held.answer()
      await wire.until(/\r\n0\r\n\r\n$/)
      assert.is(seen.length, 2)
      for (const text of seen) assert.match(String(text), /^event: message\ndata: \{[^\n]*\}\n\n$/)
      wire.end()
    } finally {
      if (own === undefined) Reflect.deleteProperty(Message.prototype, 'write')
      else Object.defineProperty(Message.prototype, 'write', own)
    }
  })

test('headers and trailers of others leave as Node sends them', async () => {
  for (const script of ['plain', 'zwölf']) {
    const service = new TestService()
    const port = await open(service, (_, res) => {
      res.setHeader('X-Who', 'zwölf')
      res.setHeader('Trailer', 'X-Sum')
      res.addTrailers({ 'X-Sum': '1' })
    })
    const { wire, held } = await raw(port, service)
    void held.notify(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data: script } }))
    await wire.until(/notifications\/message/)
    held.answer()
    await wire.until(/\r\n0\r\nX-Sum: 1\r\n\r\n$/)
    assert.match(wire.received, /\r\nX-Who: zw\xf6lf\r\n/)
    assert.ok(Buffer.from(wire.received, 'latin1').toString().includes(`"${script}"`))
    wire.end()
  }
})

test('nobody is told of a response that there is not', async () => {
  const told: unknown[] = []
  const listener = (message: unknown): void => void told.push(message)
  subscribe('http.server.response.created', listener)
  methodsOf(OutgoingMessage)
  unsubscribe('http.server.response.created', listener)
  assert.equal(told, [])
})

test('messages that cannot be coded from outside are left alone', () => {
  const { write, end } = methodsOf(OutgoingMessage)
  assert.is(write, ServerResponse.prototype.write)
  assert.is(end, ServerResponse.prototype.end)
  assert.equal(methodsOf(undefined), {}, 'no such thing')
  assert.equal(methodsOf(Object as never), {}, 'something else')
  class Stubborn extends OutgoingMessage {
    override write(...args: never[]): boolean {
      this.chunkedEncoding = true
      return super.write(...(args as unknown as [string]))
    }
  }
  assert.equal(methodsOf(Stubborn as never), {}, 'coded twice')
})

test('a whole answer has a length and no chunks', async () => {
  const answer = await ask(await open(new TestService()), tool('echo'))
  assert.is(answer.headers['transfer-encoding'], undefined)
  assert.is(Number(answer.headers['content-length']), answer.text.length)
})

test.run()
