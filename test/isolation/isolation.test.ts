/**
 * Many clients, one server, every transport and revision at once, the same ids: what belongs to one must never reach another. Over stdio a process
 * serves one client, so that those who share the server there do so through processes of their own, as through any gateway.
 */
// time limit: 180 s
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { httpConnector } from '@oarlock/http/client'
import { memoryConnector, REVISIONS, type Connector, type Revision } from '@oarlock/protocol'
import { connectorTo } from '@oarlock/testing'
import { http, type Server } from 'oarlock'
import { stdio } from '@oarlock/stdio'
import { ws } from '@oarlock/ws'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../packages/protocol/test/random.ts'
import { crowd, KINDS } from './crowd.ts'
import { Guest } from './guest.ts'

const test = suite('isolation')

const CLIENTS = 64
const CALLS = 160
const TRANSPORTS = ['http', 'ws', 'memory', 'stdio process', 'http', 'stdio', 'sse', 'ws'] as const
const RELAY = fileURLToPath(new URL('./fixtures/relay.ts', import.meta.url))

/** A machine that has much else to do is not what this is about. */
const timeouts = { accept: 120_000 }

type Target = Connector | { command: string; args: string[] }

/** Opens every door of the server; returns how to reach it through each. */
async function doors(
  server: Server,
): Promise<{ readonly to: (transport: (typeof TRANSPORTS)[number]) => Target | Promise<Target>; close: () => void }> {
  const [overHttp, overWs] = await server.listen(http({ port: 0, sse: true }), ws({ port: 0 }))
  const address = overHttp?.address as string
  const sockets = createServer(socket => void server.listen(stdio({ input: socket, output: socket, signals: false })))
  sockets.listen(0, '127.0.0.1')
  await once(sockets, 'listening')
  const { port } = sockets.address() as AddressInfo
  const to = (transport: (typeof TRANSPORTS)[number]): Target | Promise<Target> => {
    switch (transport) {
      case 'http':
        return httpConnector(address, { timeouts })
      case 'sse':
        return httpConnector(new URL('/sse', address), { sse: 'only', timeouts })
      case 'ws':
        return wsConnector(overWs?.address as string)
      case 'memory':
        return memoryConnector(server)
      case 'stdio':
        return connectorTo(server, 'stdio')
      case 'stdio process':
        return { command: process.execPath, args: [RELAY, String(port)] }
    }
  }
  return { to, close: () => void sockets.close() }
}

/** Resolves when no call runs any more: those that were cancelled come to their end after their clients stopped waiting. */
async function idle(server: Server): Promise<void> {
  const until = Date.now() + 20_000
  while (server.busy > 0 && Date.now() < until) await new Promise(setImmediate)
  assert.is(server.busy, 0, 'calls that never end')
}

test(`row 1, T7: ${CLIENTS} clients with the same ids make ${CLIENTS * CALLS} calls over every transport, and each hears its own only`, async () => {
  const random = new Random(7)
  const below = (bound: number): number => random.below(bound)
  const wait = () => new Promise<void>(resolve => setTimeout(resolve, below(5)))
  const { server, tokens, aborted } = crowd(wait)
  const foreign: string[] = []
  server.on('error.reported', ({ where, cause }) => foreign.push(`reported at ${where}: ${String(cause)}`))
  const { to, close } = await doors(server)
  const guests = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const transport = TRANSPORTS[index % TRANSPORTS.length] as (typeof TRANSPORTS)[number]
      const revision =
        transport === 'sse' ? '2024-11-05' : (REVISIONS[Math.floor(index / TRANSPORTS.length) % REVISIONS.length] as Revision)
      return Guest.open(await to(transport), { who: `client-${index}`, revision, calls: CALLS, below, foreign })
    }),
  )
  await Promise.all(guests.map(guest => guest.work()))

  assert.equal(foreign, [])
  await idle(server)
  const cancelled = guests.reduce((sum, guest) => sum + guest.cancelled, 0)
  const slow = (CLIENTS * CALLS) / KINDS.length
  assert.ok(
    cancelled > slow / 4 && aborted() > slow / 8,
    `${cancelled} of ${slow} slow calls were cancelled, ${aborted()} handlers heard of it`,
  )
  const shared = [...tokens.values()].filter(users => users.size === CLIENTS).length
  assert.ok(shared > CALLS / 2, `${shared} ids were used by all clients`)

  await Promise.all(guests.map(guest => guest.close()))
  close()
  await server.close({ within: '5s' })
})

test.run()
