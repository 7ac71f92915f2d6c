/** A person signs in while a WebSocket is opened: whoever waits for the connection does not run out of time. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '@oarlock/client'
import { Server } from '@oarlock/kernel'
import { bearer, fakeClock, TimedOut, type Authorizer } from '@oarlock/protocol'
import { ws } from '../src/index.ts'
import { wsConnector } from '../src/client.ts'

const test = suite('sign-in')

interface Scene {
  readonly client: Client
  readonly clock: ReturnType<typeof fakeClock>
  /** Cuts the connection, after which the token is good no more. */
  cut(): Promise<void>
  /** Resolves when somebody has to sign in, to how to do it. */
  asked(): Promise<() => void>
  close(): Promise<void>
}

async function scene(maxTimeout?: number): Promise<Scene> {
  let good = 'first'
  let token = 'first'
  let asked = Promise.withResolvers<() => void>()
  const auth: Authorizer = {
    headers: () => ({ Authorization: `Bearer ${token}` }),
    async answered(_request, _sent, { status }) {
      if (status !== 401) return false
      const { promise, resolve } = Promise.withResolvers<void>()
      asked.resolve(resolve)
      await promise
      token = good
      return true
    },
  }
  const server = new Server({ name: 's', version: '1', log: false })
  server.resource('note', { uri: 'note://one' }, () => 'one')
  const transport = ws({ port: 0, closeTimeout: 50, authenticate: bearer(shown => (shown === good ? { id: 'ann' } : undefined)) })
  const [listener] = await server.listen(transport)
  const clock = fakeClock()
  const client = await Client.open(wsConnector(listener!.address, { auth }), { clock, timeout: 5000, maxTimeout, heal: { firstWait: 1 } })
  return {
    client,
    clock,
    async cut() {
      const closed = new Promise(resolve => client.on('connection.closed', resolve))
      const port = Number(new URL(listener!.address).port)
      good = 'second'
      await listener!.close()
      await closed
      await server.listen(ws({ port, authenticate: bearer(shown => (shown === good ? { id: 'ann' } : undefined)) }))
    },
    asked: () => asked.promise,
    async close() {
      await client.close()
      await server.close({ within: 0 })
      asked = Promise.withResolvers()
    },
  }
}

test('a request that waits for the connection, which waits for a person, is done in the end', async () => {
  const { client, clock, cut, asked, close } = await scene()
  await cut()
  const read = client.read('note://one')
  clock.advance(1)
  const signIn = await asked()
  clock.advance(300_000)
  signIn()
  assert.is((await read)[0]?.uri, 'note://one')
  await close()
})

test('up to the limit', async () => {
  const { client, clock, cut, asked, close } = await scene(60_000)
  await cut()
  const read = client.read('note://one').catch((cause: unknown) => cause)
  clock.advance(1)
  const signIn = await asked()
  clock.advance(61_000)
  assert.ok(TimedOut.is(await read))
  signIn()
  assert.is((await client.read('note://one'))[0]?.uri, 'note://one')
  await close()
})

test.run()
