/** WebSockets that break under a client: it opens another, asks again what it may, and listens on. And the storms. */
// time limit: 180 s
import { Client, OutcomeUnknown } from '@oarlock/client'
import { Server } from '@oarlock/kernel'
import { ws } from '@oarlock/ws'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { proxyTo } from '../proxy/proxy.ts'
import { addStorms } from './storms.ts'

const test = suite('ws')

addStorms(test, 'ws')

for (const revision of ['2025-11-25', '2026-07-28'] as const) {
  test(`${revision}: C-WS-02, C-WS-03: a socket that breaks is opened anew, listens are sent again, and what may do harm is not repeated`, async () => {
    const server = new Server({ name: 's', version: '1' })
    let calls = 0
    let begun: () => void = () => {}
    server.tool('hang', {}, () => (calls++, begun(), new Promise<string>(() => {})))
    server.resource('note', { uri: 'note://one' }, () => 'one')
    const [listener] = await server.listen(ws({ port: 0 }))
    const address = new URL((listener as NonNullable<typeof listener>).address)
    const proxy = await proxyTo(Number(address.port))
    address.port = String(proxy.port)
    const client = await Client.open(wsConnector(address.href), { prefer: revision, heal: { firstWait: 2, longestWait: 20 } })
    assert.is(client.revision, revision)
    const subscription = client.listen({ tools: true })
    await subscription.ready
    const hanging = new Promise<void>(resolve => (begun = resolve))
    const call = client.call('hang').catch((cause: unknown) => cause)
    await hanging
    proxy.cut()
    assert.ok(OutcomeUnknown.is(await call))
    assert.equal((await subscription.next()).value, { kind: 'tools', missed: true })
    assert.is(calls, 1)
    for (let i = 0; i < 20; i++) {
      proxy.cut()
      assert.is((await client.read('note://one', { fresh: true }))[0]?.uri, 'note://one')
    }
    subscription.close()
    await client.close()
    await server.close({ within: '1s' })
    await proxy.close()
  })
}

test.run()
