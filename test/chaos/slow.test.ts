/** Peers that never read, on either side: what waits for them is bounded, and nobody else notices. */
// time limit: 120 s
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Client } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { META, TimedOut } from '@oarlock/protocol'
import { stdioConnector } from '@oarlock/stdio/client'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Raw as RawHttp } from '../../packages/http/test/wire.ts'
import { opened as openedWs } from '../../packages/ws/test/wire.ts'
import { fixture, run } from './fixture.ts'

const test = suite('slow')

const MIB = 1024 * 1024

interface Memory {
  readonly rss: number
  readonly begun: number
}

interface Flooder {
  readonly port: number
  memory(): Promise<Memory>
  close(): Promise<void>
}

async function flooder(): Promise<Flooder> {
  const child = fork(fixture('flooder'), { execArgv: [...run] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    async memory() {
      child.send('memory')
      return ((await once(child, 'message')) as [Memory])[0]
    },
    async close() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

const paramsOf = (name: string): Record<string, unknown> => ({
  name,
  arguments: {},
  _meta: {
    [META.version]: '2026-07-28',
    [META.capabilities]: {},
    [META.clientInfo]: { name: 'deaf', version: '0' },
    [META.logLevel]: 'debug',
    progressToken: 1,
  },
})

/** Asks, and reads nothing of what is said. */
const DEAF = {
  http(port: number, name: string): Socket {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: paramsOf(name) })
    const headers = [
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      'MCP-Protocol-Version: 2026-07-28',
      'Mcp-Method: tools/call',
      `Mcp-Name: ${name}`,
      `Content-Length: ${body.length}`,
    ]
    const raw = new RawHttp(port)
    raw.socket.pause()
    raw.write(`POST /mcp HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
    return raw.socket
  },
  async ws(port: number, name: string): Promise<Socket> {
    const raw = await openedWs(port)
    raw.pause()
    raw.request(1, 'tools/call', paramsOf(name))
    return raw.socket
  },
}

for (const [wire, deaf] of Object.entries(DEAF)) {
  for (const tool of ['shout', 'tell']) {
    test(`row 18: ${wire}: 20 clients that never read what a tool ${tool}s cost the server little, and others nothing`, async () => {
      const server = await flooder()
      const url = `${wire}://127.0.0.1:${server.port}/mcp`
      const client = await Client.open(wire === 'http' ? httpConnector(url) : wsConnector(url))
      for (let n = 0; n < 100; n++) await client.call('echo', { n })
      const before = await server.memory()
      const sockets: Socket[] = []
      for (let i = 0; i < 20; i++) sockets.push(await deaf(server.port, tool))
      let most = await server.memory()
      // Each of them would be told 200 MB; what is left is mostly garbage of the moment.
      for (let n = 0; n < 200 || most.begun < 20; n++) {
        assert.is(await client.call('echo', { n }, { timeout: 10_000 }), String(n))
        const now = await server.memory()
        if (now.rss > most.rss) most = now
        most = { rss: most.rss, begun: now.begun }
      }
      assert.ok(most.rss - before.rss < 300 * MIB, `grew by ${(most.rss - before.rss) / MIB} MiB`)
      for (const socket of sockets) socket.destroy()
      await client.close()
      await server.close()
    })
  }
}

/** Calls a server that never reads, with ten megabytes each time; gives by how many MiB the memory of this process grew from the first half to the second. */
async function growth(client: Client, times: number): Promise<number> {
  const most = [0, 0]
  const text = 'x'.repeat(1_000_000)
  for (let batch = 0; batch < times; batch++) {
    const calls = Array.from({ length: 10 }, () => client.call('any', { text }, { timeout: 100 }))
    const settled = await Promise.allSettled(calls)
    assert.ok(settled.every(({ status }) => status === 'rejected'))
    const half = batch < times / 2 ? 0 : 1
    most[half] = Math.max(most[half] as number, process.memoryUsage().rss)
  }
  const [first = 0, second = 0] = most
  return (second - first) / MIB
}

test('row 18: http: a server that takes requests and reads none of them costs the client what is under way', async () => {
  const sockets: Socket[] = []
  const server = createServer(socket => void sockets.push(socket.pause().on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  const client = await Client.open(httpConnector(url), { revision: '2026-07-28', heal: false })
  const failed: unknown = await client.call('any', {}, { timeout: 50 }).catch((cause: unknown) => cause)
  assert.ok(TimedOut.is(failed))
  const grew = await growth(client, 60)
  assert.ok(grew < 150, `grew by ${grew} MiB`)
  await client.close()
  for (const socket of sockets) socket.destroy()
  server.close()
})

/** A program that speaks until it is told to stop listening, and never reads again. */
const DEAF_PROGRAM = `
  const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
  process.stdin.once('data', text => {
    say(JSON.parse(text).id, { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ttlMs: 0, cacheScope: 'private' })
    process.stdin.pause()
  })
  setInterval(() => {}, 1e9)`

test('row 18: stdio: a process that reads none of its input is given up when too much waits for it', async () => {
  const connector = stdioConnector({ command: process.execPath, args: ['-e', DEAF_PROGRAM], maxBacklog: 20_000_000, killAfter: 100 })
  const client = await Client.open(connector, { heal: false })
  const closed = new Promise<unknown>(resolve => client.on('connection.closed', ({ cause }) => resolve(cause)))
  const grew = await growth(client, 10)
  assert.ok(grew < 50, `grew by ${grew} MiB`)
  assert.match(String(await closed), 'The server does not read')
  await client.close()
})

test.run()
