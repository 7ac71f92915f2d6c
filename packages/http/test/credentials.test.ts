/** `Authorization` holds one credential: repeated or joined, on whichever server a door stands, nobody guesses which was meant. */
import { createServer } from 'node:http'
import { Anonymous, apiKeys, bearer, eitherOf, hashApiKey, type Authenticate } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { http, toNode } from '../src/index.ts'
import { DOORS, serve } from './doors.ts'
import { TestService } from './service.ts'
import { modern, Raw } from './wire.ts'

const test = suite('credentials')
const closing: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closing.splice(0)) await close()
})

type Start = (service: TestService, authenticate?: Authenticate) => Promise<number>

/** Node keeps the first of several on a server that is made like any, and joins them on one that is told to; Fetch always joins them. */
const SERVERS: readonly (readonly [string, Start])[] = [
  ...[...DOORS].map(([name, open]): readonly [string, Start] => [
    name,
    async (service, authenticate) => {
      const { port, close } = await open(service, { authenticate })
      closing.push(close)
      return port
    },
  ]),
  [
    'node, joining',
    async (service, authenticate) => {
      const door = toNode(service, { authenticate })
      const { port, close } = await serve(createServer({ joinDuplicateHeaders: true }, door), door)
      closing.push(close)
      return port
    },
  ],
  [
    'http()',
    async (service, authenticate) => {
      const listener = await http({ port: 0, authenticate }).listen(service)
      closing.push(() => listener.close())
      return Number(new URL(listener.address).port)
    },
  ],
]

/** The status and the text of the answer to a request with these headers, each on a line of its own. */
async function send(port: number, lines: readonly string[]): Promise<{ status: number; text: string }> {
  const { headers, body } = modern('tools/list')
  const text = JSON.stringify(body)
  const all = [
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...lines,
  ]
  const raw = new Raw(port).write(`POST /mcp HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${text}`)
  await raw.closed
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(raw.received)?.[1]), text: raw.received }
}

const SEVERAL: readonly (readonly string[])[] = [
  ['Authorization: Basic dXNlcjpwYXNz', 'authorization: Bearer ann'],
  ['Authorization: Bearer ann', 'Authorization: Basic dXNlcjpwYXNz'],
  ['Authorization: Bearer ann', 'AUTHORIZATION: Bearer ann'],
  ['Authorization: Basic dXNlcjpwYXNz, Bearer ann'],
  ['Authorization: Digest username="a, b", realm="x" ,Bearer ann'],
]

for (const [name, start] of SERVERS) {
  test(`T10: ${name}: several credentials are refused before anybody is asked whose they are, never taken for nobody's`, async () => {
    const service = new TestService()
    const tokens = bearer(token => (token === 'ann' ? { id: 'ann' } : undefined), { optional: true })
    const keys = apiKeys(new Map(), { optional: true, header: 'Authorization' })
    const own: Authenticate = head => (head.headers?.get('authorization') === 'Bearer ann' ? { id: 'ann' } : new Anonymous())
    for (const authenticate of [tokens, keys, eitherOf(keys, tokens), own]) {
      const port = await start(service, authenticate)
      for (const lines of SEVERAL) {
        const { status, text } = await send(port, lines)
        assert.is(status, 400, lines.join(' | '))
        assert.match(text, 'Authorization holds one credential')
      }
    }
    const port = await start(service, tokens)
    assert.is((await send(port, [])).status, 200)
    assert.is((await send(port, ['Authorization: Basic dXNlcjpwYXNz'])).status, 200)
    assert.is((await send(port, ['Authorization: Digest username="a, Bearer b", realm="x"'])).status, 200)
    assert.is((await send(port, ['Authorization: Bearer ann'])).status, 200)
    const trusting = await start(service)
    for (const lines of SEVERAL) assert.is((await send(trusting, lines)).status, 200, 'where nobody is asked nobody looks')
  })

  test(`T10: ${name}: an API key that is repeated is no key`, async () => {
    const keys = new Map([['ci', { hash: await hashApiKey('ci.s3cret'), principal: { id: 'robot' } }]])
    const port = await start(new TestService(), apiKeys(keys, { optional: true }))
    assert.is((await send(port, ['X-API-Key: ci.s3cret'])).status, 200)
    for (const lines of [['X-API-Key: ci.s3cret', 'x-api-key: ci.s3cret'], ['X-API-Key: ci.s3cret, ci.s3cret']])
      assert.is((await send(port, lines)).status, 401)
  })
}

test.run()
