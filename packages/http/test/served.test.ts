/** Doors and the server they open to: closing the server closes them. */
import type { Listener, Transport } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toFetch, toNode } from '../src/index.ts'
import { Deferred, TestService } from './service.ts'
import { tool } from './wire.ts'

const test = suite('served')

/** A service that listens on transports, as a `Server` does. */
class Listening extends TestService {
  readonly listeners: Listener[] = []
  closed = false

  async listen(transport: Transport): Promise<void> {
    if (this.closed) throw new Error('The server is closed')
    this.listeners.push(await transport.listen(this))
  }
}

function request(): Request {
  const { headers, body } = tool('echo')
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

test('a door of a server is stopped and closed with it', async () => {
  const service = new Listening()
  const door = toFetch(service)
  toNode({ service })
  assert.is((await door(request())).status, 200)
  assert.equal(
    service.listeners.map(({ address }) => address),
    ['http (fetch)', 'http (node)'],
  )
  service.listeners[0]!.stop()
  assert.is((await door(request())).status, 503)
  for (const listener of service.listeners) await listener.close()
})

test('a door of a closed server says so in its log', async () => {
  const service = new Listening()
  service.closed = true
  const reported = new Deferred<string>()
  service.report = (cause, where) => reported.resolve(`${where}: ${String(cause)}`)
  toFetch(service)
  assert.is(await reported.promise, 'http (fetch): Error: The server is closed')
})

test('a service that cannot listen is served all the same', async () => {
  const door = toFetch({ service: new TestService() })
  assert.is((await door(request())).status, 200)
  door.close()
  assert.is((await door(request())).status, 503)
})

test.run()
