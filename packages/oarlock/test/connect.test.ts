/** `connect` takes a URL, a command, a server object or a connector, and says what it can take otherwise. */

import { connect, connectorFor, http, Server, type Client, type Target } from 'oarlock'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('connect')

function greeter(): Server {
  const server = new Server({ name: 'greeter', version: '1.0.0' })
  server.tool('greet', { description: 'Greets' }, () => 'Hello')
  return server
}

async function greets(target: Target, expected: string): Promise<void> {
  const client: Client = await connect(target)
  try {
    assert.is(client.transport, expected)
    assert.is(await client.call('greet'), 'Hello')
  } finally {
    await client.close()
  }
}

test('a server object is connected in memory', async () => {
  await greets(greeter(), 'memory')
})

test('a URL is connected over HTTP, as text or as an object', async () => {
  const server = greeter()
  const [listener] = await server.listen(http({ port: 0 }))
  const address = (listener as NonNullable<typeof listener>).address
  await greets(address, 'http')
  await greets(new URL(address), 'http')
  await server.close()
})

test('a command is started and spoken to over stdio', async () => {
  const file = fileURLToPath(new URL('./served.ts', import.meta.url))
  await greets({ command: process.execPath, args: [...process.execArgv, file], stderr: 'ignore' }, 'stdio')
})

test('a connector is used as it is', async () => {
  await greets(await connectorFor(greeter()), 'memory')
})

test('anything else is refused with what can be connected', async () => {
  for (const target of ['ftp://example.com/', {}, { url: 'http://localhost/' }]) {
    const refusal = await connect(target as Target).catch((error: unknown) => error)
    assert.instance(refusal, TypeError)
  }
})

test('a text that is no URL is told from one, with what can be connected, and without a password in it', async () => {
  const told = async (target: unknown) => ((await connect(target as Target).catch((error: unknown) => error)) as Error).message
  assert.match(await told('calculator'), "'calculator' is no URL; connect takes a URL ('http://localhost:3000/mcp', 'ws://…'), a command")
  assert.match(await told('localhost:3000/mcp'), "'localhost:3000/mcp' is no URL; is it http://localhost:3000/mcp?")
  assert.match(await told(undefined), 'undefined cannot be connected to: connect takes a URL')
  assert.match(await told({}), 'This object cannot be connected to: connect takes a URL')
  assert.not.match(await told('http://me:secret@[x/'), 'secret')
})

test('nothing at a path, nobody at a port, no such host and no TLS are told in the message, with where', async () => {
  const server = greeter()
  const [listener] = await server.listen(http({ port: 0 }))
  const { address } = listener as NonNullable<typeof listener>
  const told = async (target: string) => ((await connect(target).catch((error: unknown) => error)) as Error).message
  const elsewhere = address.replace('/mcp', '/other')
  assert.match(await told(`${elsewhere}?token=abc`), `${elsewhere} answered with HTTP status 404`)
  assert.match(await told(`${elsewhere}?token=abc`), `is the path of ${elsewhere} right? Oarlock serves at /mcp`)
  assert.not.match(await told(`${elsewhere}?token=abc`), 'abc')
  const secure = address.replace('http', 'https')
  assert.match(
    await told(secure),
    `No answer from ${secure}: ERR_SSL_WRONG_VERSION_NUMBER (it does not speak TLS; is it http:// or ws://?)`,
  )
  assert.match(await told('http://nowhere.invalid/mcp'), /No answer from http:\/\/nowhere\.invalid\/mcp: (ENOTFOUND|EAI_AGAIN) \(/)
  // Not the port that was in use: a connection to it may be kept, and ends otherwise.
  const [closed] = await server.listen(http({ port: 0 }))
  await server.close()
  const left = (closed as NonNullable<typeof closed>).address
  assert.is(await told(left), `No answer from ${left}: ECONNREFUSED (nothing listens there)`)
})

test('a command that ends at once is told with its exit code and why, once', async () => {
  const target = { command: process.execPath, args: ['-e', 'console.error("no database"); process.exit(3)'], stderr: () => {} }
  const { message } = (await connect(target).catch((error: unknown) => error)) as Error
  assert.match(message, /was closed by the other side: The server process ended with exit code 3: no database$/)
})

test.run()
