/** Handlers that never return: given up when their time is over, when they are cancelled, and when the server closes. */
import { Client } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { Cancelled } from '@oarlock/protocol'
import { wsConnector } from '@oarlock/ws/client'
import { Server, toUpgrade, type Context } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeAll, serve } from '../threats/served.ts'

const test = suite('handlers that never return')
test.after.each(closeAll)

const WAYS = (['http', 'ws'] as const).flatMap(wire => (['2025-11-25', '2026-07-28'] as const).map(revision => [wire, revision] as const))

const forever = (): Promise<never> => new Promise(() => {})

async function stage() {
  const server = new Server({ name: 'stuck', version: '1', log: false })
  const told: Context[] = []
  server.tool('echo', {}, () => 'echoed')
  server.tool('never', {}, (_, ctx) => {
    told.push(ctx)
    return forever()
  })
  server.tool('limited', { timeout: 50 }, forever)
  server.tool('yields', { timeout: 50 }, async function* () {
    yield 1
    await forever()
  })
  server.resource('page', { uri: 'page://one', timeout: 50 }, forever)
  server.prompt('prompt', { timeout: 50 }, forever)
  const { url } = await serve(server, { upgrade: toUpgrade(server) })
  const open = (wire: 'http' | 'ws', revision: '2025-11-25' | '2026-07-28') =>
    Client.open(wire === 'http' ? httpConnector(url) : wsConnector(url.replace('http', 'ws')), { revision, heal: false })
  return { server, url, told, open }
}

for (const [wire, revision] of WAYS) {
  test(`${wire}, ${revision}: what never returns is given up when its time is over, with a word on it`, async () => {
    const { server, open } = await stage()
    const client = await open(wire, revision)
    const results = [await client.callRaw('limited'), await client.callRaw('yields')]
    for (const { isError, content } of results) {
      assert.ok(isError)
      assert.match(JSON.stringify(content), /50 ms/)
    }
    for (const work of [client.read('page://one'), client.prompt('prompt')]) {
      const failure: unknown = await work.catch((cause: unknown) => cause)
      assert.match(String(failure), /Error id|50 ms/)
    }
    assert.is(await client.call('echo'), 'echoed')
    assert.is(server.busy, 0)
    await client.close()
  })

  test(`${wire}, ${revision}: whoever cancels what never returns is free at once, and its handler is told`, async () => {
    const { told, open } = await stage()
    const [client, other] = [await open(wire, revision), await open(wire, revision)]
    const controller = new AbortController()
    const calls = Array.from({ length: 20 }, () => client.call('never', {}, { signal: controller.signal }).catch((cause: unknown) => cause))
    while (told.length < 20) assert.is(await other.call('echo'), 'echoed')
    const stopped = told.map(({ signal }) => new Promise(resolve => signal.addEventListener('abort', resolve)))
    controller.abort()
    for (const cause of await Promise.all(calls)) assert.ok(Cancelled.is(cause), String(cause))
    await Promise.all(stopped)
    assert.is(await client.call('echo'), 'echoed')
    for (const each of [client, other]) await each.close()
  })

  test(`${wire}, ${revision}: a server closes within its time, whatever never returns, and says so`, async () => {
    const { server, told, open } = await stage()
    const client = await open(wire, revision)
    const calls = Array.from({ length: 20 }, () => client.call('never').catch((cause: unknown) => cause))
    while (told.length < 20) assert.is(await client.call('echo'), 'echoed')
    await server.close({ within: 100 })
    for (const cause of await Promise.all(calls)) assert.match(String(cause), /shutting down/i)
    await client.close()
  })
}

test.run()
