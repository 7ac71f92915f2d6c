/** Headers that the host set before we answer: they leave with the same bytes, whatever the answer is. */
import { createServer } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toNode } from '../src/index.ts'
import { serve, type Open } from './doors.ts'
import { TestService } from './service.ts'
import { call, openSession, Raw, tool } from './wire.ts'

const test = suite('headers of the host')
const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

/** As UTF-8 these are more bytes than characters, so that another encoding of the head shows. */
const VALUE = 'café £5 ÿ'

async function open(): Promise<number> {
  const door = toNode(new TestService())
  const server = createServer((req, res) => {
    res.setHeader('X-Library', VALUE)
    if (req.url === '/plain') res.end('x'.repeat(20_000))
    else door(req, res)
  })
  const served = await serve(server, door)
  opened.push(served)
  return served.port
}

/** The bytes of the header beside an answer, and the answer's body. */
async function answer(port: number, what: { headers: object; body: unknown }, path = '/mcp'): Promise<{ value: string; body: string }> {
  const text = JSON.stringify(what.body)
  const fields = {
    Host: 'localhost',
    Connection: 'close',
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'Content-Length': Buffer.byteLength(text),
    ...what.headers,
  }
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  const raw = new Raw(port).write(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n${text}`)
  await raw.closed
  const [fieldsOf = '', ...rest] = raw.received.split('\r\n\r\n')
  return { value: /^X-Library: (.*)$/m.exec(fieldsOf)?.[1] ?? '', body: rest.join('\r\n\r\n') }
}

test('beside answers of every size and alphabet they are the bytes that Node itself sends', async () => {
  const port = await open()
  const plain = await answer(port, { headers: {}, body: {} }, '/plain')
  assert.is(Buffer.from(plain.value, 'latin1').toString(), VALUE)
  const session = await openSession(port)
  for (const text of ['short', 'x'.repeat(3_000), 'x'.repeat(5_000), 'x'.repeat(200_000), 'ü'.repeat(5_000), `${'x'.repeat(5_000)}🌍`]) {
    for (const asked of [tool('echo', { text }), { headers: session, body: call('echo', { text }) }]) {
      const { value, body } = await answer(port, asked)
      assert.is(value, plain.value, `${text.length} characters`)
      assert.is(JSON.parse(Buffer.from(body, 'latin1').toString()).result.content[0].text, text)
    }
  }
})

test.run()
