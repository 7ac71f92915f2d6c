/** Servers that are not there: `connect` says so at once, and what to do about it. */
import { createServer, type AddressInfo } from 'node:net'
import { connect, http, Server, ws, type Target } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('unreachable')

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** What connecting fails with, which must not take the time that an answer may take. */
async function failure(target: Target): Promise<string> {
  const started = performance.now()
  const error: unknown = await connect(target).catch((cause: unknown) => cause)
  assert.instance(error, Error)
  assert.ok(performance.now() - started < 8000, `it took ${performance.now() - started} ms`)
  return (error as Error).message
}

test('nothing listens there', async () => {
  const port = await freePort()
  const where = `127.0.0.1:${port}/mcp`
  assert.is(await failure(`http://${where}`), `No answer from http://${where}: ECONNREFUSED (nothing listens there)`)
  assert.is(await failure(`ws://${where}`), `Cannot open a WebSocket to ws://${where}: ECONNREFUSED (nothing listens there)`)
  assert.is(await failure(`wss://${where}`), `Cannot open a WebSocket to wss://${where}: ECONNREFUSED (nothing listens there)`)
})

test('a port that is for something else', async () => {
  assert.match(await failure('ws://127.0.0.1:1/mcp'), 'Cannot open a WebSocket to ws://127.0.0.1:1/mcp')
  assert.match(await failure('http://127.0.0.1:1/mcp'), 'No answer from http://127.0.0.1:1/mcp: the platform speaks no HTTP on this port')
})

test('a program that is not there, or has nowhere to run', async () => {
  assert.match(await failure({ command: 'no-such-program' }), 'Cannot start no-such-program: no-such-program was not found in PATH')
  assert.match(await failure({ command: process.execPath, cwd: '/no/such/folder' }), 'the folder /no/such/folder does not exist')
})

test('a port that is taken, whichever transport wants it', async () => {
  const [first, second] = [new Server({ name: 'first', version: '1' }), new Server({ name: 'second', version: '1' })]
  const [listener] = await first.listen(ws({ port: 0 }))
  const port = Number(new URL(listener!.address).port)
  for (const transport of [http({ port }), ws({ port })]) {
    const error: unknown = await second.listen(transport).catch((cause: unknown) => cause)
    assert.match((error as Error).message, `port ${port} on 127.0.0.1 is taken; choose another, or 0 for any free one`)
  }
  await first.close()
  await second.close()
})

test.run()
