/** For whom the connections of a connector speak, and what that means for what is kept. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '@oarlock/client'
import { Server } from '@oarlock/kernel'
import { bearer, type Authorizer } from '@oarlock/protocol'
import { ws } from '../src/index.ts'
import { wsConnector, type WsConnectorOptions } from '../src/client.ts'

const test = suite('account')

const URL = 'ws://localhost/mcp'
const closers: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const auth: Authorizer = { headers: () => ({}), answered: () => false }

test('C-CACHE-02: what never changes speaks for one principal; anything else for nobody that is known, unless its maker tells', () => {
  for (const fixed of [{}, { token: 'a' }, { headers: { Authorization: 'Bearer a' } }])
    assert.is(wsConnector(URL, fixed).principal, undefined)
  for (const changing of [{ token: () => 'a' }, { headers: () => ({}) }, { auth }]) {
    assert.type(wsConnector(URL, changing).principal, 'function')
    assert.is(wsConnector(URL, changing).principal?.(), undefined)
    assert.is(wsConnector(URL, { ...changing, principal: () => 'ann' }).principal?.(), 'ann')
  }
})

/** A server whose one resource is another for everybody, and may be kept for a minute. */
async function served(): Promise<{ url: string; reads: () => number }> {
  const server = new Server({ name: 'notes', version: '1', log: false })
  let reads = 0
  server.resource('mine', { uri: 'note://mine', cache: { ttl: '1m', scope: 'private' } }, (_uri, ctx) => {
    reads += 1
    return `of ${ctx.principal?.id}`
  })
  const [listener] = await server.listen(ws({ port: 0, authenticate: bearer(token => ({ id: token })) }))
  closers.push(() => server.close({ within: 0 }))
  return { url: listener!.address, reads: () => reads }
}

async function opened(url: string, options: WsConnectorOptions): Promise<() => Promise<unknown>> {
  const client = await Client.open(wsConnector(url, options), { heal: { firstWait: 1 } })
  closers.push(() => client.close())
  return async () => ((await client.read('note://mine'))[0] as { text?: string }).text
}

test('C-CACHE-02: without a principal nothing private is kept', async () => {
  const { url, reads } = await served()
  const read = await opened(url, { token: () => 'ann' })
  assert.equal([await read(), await read(), reads()], ['of ann', 'of ann', 2])
})

test('C-CACHE-02: a connection speaks for whoever opened it: while somebody else is signed in, nothing private is kept or taken from what is', async () => {
  const { url, reads } = await served()
  let who = 'ann'
  const options = { token: () => who, principal: () => who }
  const read = await opened(url, options)
  assert.equal([await read(), await read(), reads()], ['of ann', 'of ann', 1])
  who = 'bob'
  assert.equal([await read(), await read(), reads()], ['of ann', 'of ann', 3])
  const another = await opened(url, options)
  assert.equal([await another(), await another(), reads()], ['of bob', 'of bob', 4])
})

test('C-CACHE-02: when the connection is opened again, what was kept for another is not given out', async () => {
  const { url } = await served()
  let who = 'ann'
  const connector = wsConnector(url, { token: () => who, principal: () => who })
  const client = await Client.open(connector, { heal: false })
  closers.push(() => client.close())
  assert.is(connector.principal?.(), 'ann')
  who = 'bob'
  assert.is(connector.principal?.(), undefined)
  await client.close()
  assert.is(connector.principal?.(), 'bob')
  const again = await Client.open(connector)
  closers.push(() => again.close())
  assert.is(((await again.read('note://mine'))[0] as { text?: string }).text, 'of bob')
})

test('C-CACHE-02: when somebody else signs in while a connection is opened, nobody knows for whom it speaks', async () => {
  const { url } = await served()
  let who = 'ann'
  const connector = wsConnector(url, { token: async () => ((who = 'bob'), 'ann'), principal: () => who })
  const client = await Client.open(connector)
  assert.is(connector.principal?.(), undefined)
  await client.close()
})

test.run()
