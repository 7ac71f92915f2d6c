/** WebSockets on a port that serves other things: Streamable HTTP of ours, a server of the user's, other WebSockets. */
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '@oarlock/client'
import { http, toNode } from '@oarlock/http'
import { httpConnector } from '@oarlock/http/client'
import { Server } from '@oarlock/kernel'
import { toUpgrade, ws } from '../src/index.ts'
import { wsConnector } from '../src/client.ts'
import { opened, Raw, upgradeText } from './wire.ts'

const test = suite('beside')

const closers: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

function calculator(): Server {
  const server = new Server({ name: 'calculator', version: '1.0.0', log: false })
  server.tool('add', { input: { type: 'object' } }, args => {
    const { a, b } = args as { a: number; b: number }
    return String(a + b)
  })
  server.tool('hold', {}, (_args, ctx) => new Promise(resolve => ctx.signal.addEventListener('abort', () => resolve('aborted'))))
  closers.push(() => server.close({ within: 0 }))
  return server
}

async function bound(server: HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

async function adds(client: Client): Promise<void> {
  assert.is(await client.call('add', { a: 1, b: 2 }), '3')
  await client.close()
}

test('http and WebSocket share a port and a path: http({ upgrade: toUpgrade(server) })', async () => {
  const server = calculator()
  const [listener] = await server.listen(http({ port: 0, upgrade: toUpgrade(server) }))
  const { port } = new URL(listener!.address)
  for (const revision of ['2025-11-25', '2026-07-28'] as const) {
    await adds(await Client.open(httpConnector(`http://127.0.0.1:${port}/mcp`), { revision }))
    await adds(await Client.open(wsConnector(`ws://127.0.0.1:${port}/mcp`), { revision }))
  }
})

test('closing the server says goodbye to its WebSockets there, and frees the port', async () => {
  const server = calculator()
  const [listener] = await server.listen(http({ port: 0, upgrade: toUpgrade(server, { closeTimeout: 200 }) }))
  const port = Number(new URL(listener!.address).port)
  const raw = await opened(port)
  const closing = server.close({ within: '1s' })
  assert.equal(await raw.goodbye(), [1001, 'The server is shutting down'])
  await closing
  const late = new Raw(port)
  await late.closed
})

test('closing the listener alone closes the WebSockets that came in by it, though one does not answer', async () => {
  const server = calculator()
  const [listener] = await server.listen(http({ port: 0, upgrade: toUpgrade(server, { closeTimeout: 100 }) }))
  const raw = await opened(Number(new URL(listener!.address).port))
  listener!.stop()
  await listener!.close()
  assert.is((await raw.next()).opcode, 8)
  await raw.closed
})

test('they share a server of the user: toNode(server) and ws({ server })', async () => {
  const server = calculator()
  const web = createServer(toNode(server))
  const port = await bound(web)
  const [listener] = await server.listen(ws({ server: web }))
  assert.is(listener!.address, `ws://127.0.0.1:${port}/mcp`)
  await adds(await Client.open(httpConnector(`http://127.0.0.1:${port}/mcp`)))
  await adds(await Client.open(wsConnector(listener!.address)))
  assert.is((await new Raw(port).upgrade({}, '/other')).status, 404, 'nobody else takes upgrades')
  await server.close()
  assert.is(web.listenerCount('upgrade'), 0)
  assert.ok(web.listening, 'it is not ours to close')
})

test('the address is told once there is one', async () => {
  const server = calculator()
  const web = createServer()
  const [listener] = await server.listen(ws({ server: web, path: '/x' }))
  assert.is(listener!.address, 'ws (not bound)/x')
  const port = await bound(web)
  assert.is(listener!.address, `ws://127.0.0.1:${port}/x`)
})

test('upgrades for other paths are left to others that listen there', async () => {
  const server = calculator()
  const web = createServer()
  const port = await bound(web)
  web.on('upgrade', (req, socket) => {
    if (req.url === '/chat') socket.end('HTTP/1.1 418 Teapot\r\n\r\n')
  })
  await server.listen(ws({ server: web }))
  assert.is((await new Raw(port).upgrade({}, '/chat')).status, 418)
  await adds(await Client.open(wsConnector(`ws://127.0.0.1:${port}/mcp`)))
})

test('a door refuses what is not for its path, and survives clients that break off', async () => {
  const server = calculator()
  const web = createServer()
  const port = await bound(web)
  web.on('upgrade', toUpgrade(server))
  assert.is((await new Raw(port).upgrade({}, '/other')).status, 404)
  for (let i = 0; i < 20; i++) new Raw(port).write(upgradeText()).socket.resetAndDestroy()
  await adds(await Client.open(wsConnector(`ws://127.0.0.1:${port}/mcp`)))
})

test.run()
