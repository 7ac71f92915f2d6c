/** What a door opens to, and how the server behind it comes to know of the door. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { register, serviceOf, type Listener, type Service, type Transport } from '@oarlock/protocol'

const test = suite('served')

class Bare implements Service {
  readonly revisions = []
  readonly reports: [unknown, string][] = []

  connect(): never {
    throw new Error('not here')
  }

  exchange(): undefined {}

  report(cause: unknown, where: string): void {
    this.reports.push([cause, where])
  }
}

class Listening extends Bare {
  listeners: Listener[] = []
  fails = false

  async listen(transport: Transport): Promise<void> {
    if (this.fails) throw new Error('The server is closed')
    this.listeners.push(await transport.listen(this))
  }
}

const door = (calls: string[]) => ({ stop: () => void calls.push('stop'), close: () => void calls.push('close') })

test('a service is its own, or that of who has one', () => {
  const service = new Bare()
  assert.is(serviceOf(service), service)
  assert.is(serviceOf({ service }), service)
})

test('where the server listens on transports, the door becomes one of them', async () => {
  const server = new Listening()
  const calls: string[] = []
  register({ service: server }, door(calls), 'here')
  await new Promise(resolve => setImmediate(resolve))
  const [listener] = server.listeners
  assert.is(listener?.address, 'here')
  listener?.stop()
  await listener?.close()
  assert.equal(calls, ['stop', 'close'])
})

test('a bare service is left alone', () => {
  register(new Bare(), door([]), 'here')
})

test('a server that does not take the door reports it', async () => {
  const server = new Listening()
  server.fails = true
  register(server, door([]), 'here')
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(
    server.reports.map(([cause, where]) => [(cause as Error).message, where]),
    [['The server is closed', 'here']],
  )
})

test.run()
