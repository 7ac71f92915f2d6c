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

test.run()
