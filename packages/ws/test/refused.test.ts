/** Whoever is refused is let go in time, and takes nobody's place for longer: another path, a door that is closed, a crowd. */
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { http } from '@oarlock/http'
import { Server } from '@oarlock/kernel'
import { fakeClock, type Clock } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toUpgrade, ws, type UpgradeOptions } from '../src/index.ts'
import { opened, Raw } from './wire.ts'

const test = suite('refused')

const closers: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

function server(): Server {
  const made = new Server({ name: 's', version: '1', log: false })
  closers.push(() => made.close({ within: 0 }))
  return made
}

async function bound(web: HttpServer): Promise<number> {
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  closers.push(() => {
    web.closeAllConnections()
    return new Promise(resolve => web.close(resolve))
  })
  return (web.address() as AddressInfo).port
}

/** Every way to take WebSockets in. Each gives its port. */
const WAYS: Readonly<Record<string, (options: UpgradeOptions) => Promise<number>>> = {
  async 'ws()'(options) {
    const [listener] = await server().listen(ws({ port: 0, ...options }))
    return Number(new URL(listener!.address).port)
  },
  async 'ws({ server })'(options) {
    const web = createServer()
    const port = await bound(web)
    await server().listen(ws({ server: web, ...options }))
    return port
  },
  async 'http({ upgrade })'(options) {
    const mcp = server()
    const [listener] = await mcp.listen(http({ port: 0, upgrade: toUpgrade(mcp, options) }))
    return Number(new URL(listener!.address).port)
  },
  async "on('upgrade')"(options) {
    return bound(createServer().on('upgrade', toUpgrade(server(), options)))
  },
}

/** Asks for a WebSocket, reads the answer, and never says goodbye. */
async function clinging(port: number, path: string, headers = {}): Promise<[raw: Raw, status: number]> {
  const raw = new Raw(port)
  raw.socket.allowHalfOpen = true
  closers.push(() => raw.socket.destroy())
  const { status } = await raw.upgrade(headers, path)
  return [raw, status]
}

async function statusAt(port: number): Promise<number> {
  const raw = new Raw(port)
  const { status } = await raw.upgrade()
  raw.socket.destroy()
  return status
}

/** Takes a place at the endpoint, as soon as there is one. */
async function comesIn(port: number): Promise<void> {
  while ((await statusAt(port)) !== 101) continue
}

for (const [name, start] of Object.entries(WAYS)) {
  test(`T26, ${name}: whoever asks for another path and does not leave is cut when its time is over`, async () => {
    const clock = fakeClock()
    const port = await start({ clock, maxSockets: 1, closeTimeout: 100 })
    const [, status] = await clinging(port, '/other')
    assert.is(status, 404)
    assert.is(await statusAt(port), 503, 'it counts as long as it is there')
    clock.advance(2000)
    await comesIn(port)
  })

  test(`T26, ${name}: the time of a refusal begins with it, not with what authentication may take`, async () => {
    const clock = fakeClock()
    const port = await start({ clock, maxSockets: 1, handshakeTimeout: 60_000, closeTimeout: 100 })
    const [, status] = await clinging(port, '/mcp', { Origin: 'http://evil.example' })
    assert.is(status, 403)
    clock.advance(2000)
    await comesIn(port)
  })

  test(`S-WS-10, ${name}: a crowd that is refused is bounded: what comes beyond it is cut without a word, and all are gone in time`, async () => {
    const clock = fakeClock()
    const port = await start({ clock, maxSockets: 5, closeTimeout: 100 })
    for (let i = 0; i < 105; i++) assert.is((await clinging(port, '/other'))[1], 404)
    const last = new Raw(port)
    assert.match(await last.upgrade().then(String, String), 'closed; received before: ')
    clock.advance(2000)
    await comesIn(port)
  })
}

test('S-WS-10: with connections inside and a crowd at the door, maxSockets holds', async () => {
  const clock: Clock = fakeClock()
  const port = await WAYS['ws()']!({ clock, maxSockets: 3, closeTimeout: 100 })
  const inside = [await opened(port), await opened(port), await opened(port)]
  const refused = await Promise.all(Array.from({ length: 40 }, () => clinging(port, '/mcp')))
  assert.equal(new Set(refused.map(([, status]) => status)), new Set([503]))
  for (const raw of inside) {
    raw.request(1, 'ping', {})
    assert.is((await raw.message()).id, 1)
  }
})

test('a door that was stopped refuses, and cuts whoever does not leave', async () => {
  const clock = fakeClock()
  const door = toUpgrade(server(), { clock, closeTimeout: 100 })
  const web = createServer().on('upgrade', door)
  const sockets: Socket[] = []
  web.on('connection', socket => void sockets.push(socket))
  const port = await bound(web)
  door.stop()
  assert.is((await clinging(port, '/mcp'))[1], 503)
  const gone = once(sockets[0]!, 'close')
  clock.advance(2000)
  await gone
  await door.close()
  assert.is((await clinging(port, '/mcp'))[1], 503)
  const late = once(sockets[1]!, 'close')
  clock.advance(2000)
  await late
})

test('toUpgrade leaves other paths to others that listen there', async () => {
  const web = createServer().on('upgrade', toUpgrade(server(), { closeTimeout: 100 }))
  web.on('upgrade', (req, socket) => {
    if (req.url === '/chat') socket.resume().end('HTTP/1.1 418 Teapot\r\n\r\n')
  })
  const port = await bound(web)
  assert.is((await new Raw(port).upgrade({}, '/chat')).status, 418)
  assert.is(await statusAt(port), 101)
})

test('where several of our own listen, each serves its path and one answers for the rest', async () => {
  const web = createServer().on('upgrade', toUpgrade(server(), { path: '/a', closeTimeout: 100 }))
  const port = await bound(web)
  await server().listen(ws({ server: web, path: '/b', closeTimeout: 100 }))
  const status = async (path: string): Promise<number> => {
    const raw = new Raw(port)
    const answer = await raw.upgrade({}, path)
    if (answer.status === 404) await raw.closed
    raw.socket.destroy()
    return answer.status
  }
  assert.equal([await status('/a'), await status('/b'), await status('/c')], [101, 101, 404])
})

test('a door that somebody calls for a path that is not its own answers', async () => {
  const door = toUpgrade(server())
  const web = createServer().on('upgrade', (req, socket, head) => door(req, socket, head))
  web.on('upgrade', () => undefined)
  assert.is((await new Raw(await bound(web)).upgrade({}, '/other')).status, 404)
})

test.run()
