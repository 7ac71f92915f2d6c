/** News as official clients follow it: streams of 2026-07-28, and lists that the SDK keeps up to date by itself. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { served } from './served/command.ts'
import { asking, failureOf, type Guest, type GuestOptions, happened, newKey, type Subscription, textOf } from './served/guest.ts'
import { guestV1, httpV1, stdioV1 } from './served/guest-v1.ts'
import { guestV2, httpV2, stdioV2 } from './served/guest-v2.ts'
import { type Listening, listening } from './served/http.ts'

const test = suite('server, news for official clients')

let http: Listening
test.before(async () => {
  http = await listening()
})
test.after(() => http.server.close())

const MODERN: Readonly<Record<string, () => Promise<Guest>>> = {
  stdio: () => guestV2(stdioV2(served()), '2026-07-28'),
  HTTP: () => guestV2(httpV2(http.url), '2026-07-28'),
}

const FOLLOWERS: Readonly<Record<string, (options: GuestOptions) => Promise<Guest>>> = {
  'SDK v1, stdio': options => guestV1(stdioV1(served()), options),
  'SDK v1, HTTP': options => guestV1(httpV1(http.url), options),
  'SDK v2, stdio, with a session': options => guestV2(stdioV2(served()), '2025-11-25', options),
  'SDK v2, HTTP, with a session': options => guestV2(httpV2(http.url), '2025-11-25', options),
  'SDK v2, stdio': options => guestV2(stdioV2(served()), '2026-07-28', options),
  'SDK v2, HTTP': options => guestV2(httpV2(http.url), '2026-07-28', options),
}

async function listen(guest: Guest, filter: object): Promise<Subscription> {
  const subscription = await guest.listen?.(filter)
  assert.ok(subscription)
  return subscription
}

for (const [transport, open] of Object.entries(MODERN)) {
  test(`SDK v2, ${transport}: a subscription is acknowledged, and told what it asked for and nothing else`, async () => {
    const guest = await open()
    const [key, other] = [newKey(), newKey()]
    const [uri, unasked] = [`board://${key}`, `board://${other}`]
    const subscription = await listen(guest, { resourceSubscriptions: [uri] })
    assert.equal(subscription.honoredFilter, { resourceSubscriptions: [uri] })
    await happened(guest, key, 'watched')
    await guest.call('touch', { uri: unasked })
    await guest.call('grow', { name: `grown-${key}` })
    await guest.call('touch', { uri })
    const told = await guest.news.until('notifications/resources/updated')
    assert.is(told['uri'], uri)
    assert.match(told['_meta']['io.modelcontextprotocol/subscriptionId'], 'listen:')
    assert.is(guest.news.all.length, 1)
    await subscription.close()
    assert.is(await subscription.closed, 'local')
    await happened(guest, key, 'unwatched')
    assert.equal(guest.tap.violations, [])
    assert.equal(guest.errors, [])
    await guest.client.close()
  })

  test(`SDK v2, ${transport}: several subscriptions at once are kept apart`, async () => {
    const guest = await open()
    const [tools, both] = [
      await listen(guest, { toolsListChanged: true }),
      await listen(guest, { toolsListChanged: true, promptsListChanged: true }),
    ]
    assert.equal(both.honoredFilter, { toolsListChanged: true, promptsListChanged: true })
    const [first, second] = [`grown-${newKey()}`, `grown-${newKey()}`]
    await guest.call('grow', { name: first })
    const ids = async (count: number): Promise<unknown[]> => {
      await asking(() => guest.news.all.length >= count, `${count} news`)
      return guest.news
        .of('notifications/tools/list_changed')
        .map(({ _meta }) => _meta['io.modelcontextprotocol/subscriptionId'] as unknown)
    }
    assert.is(new Set(await ids(2)).size, 2, 'each is told once')
    await tools.close()
    await guest.call('grow', { name: second })
    const third = (await ids(3))[2]
    assert.is(new Set(await ids(3)).size, 2)
    assert.ok((await ids(3)).slice(0, 2).includes(third))
    assert.is(textOf(await guest.call(second)), `I am ${second}`)
    await both.close()
    await guest.client.close()
  })

  test(`SDK v2, ${transport}: what the server does not have is left out of the acknowledgement`, async () => {
    const guest = await open()
    const subscription = await listen(guest, { toolsListChanged: true, resourceSubscriptions: ['note://nowhere'] })
    assert.equal(subscription.honoredFilter, { toolsListChanged: true })
    await subscription.close()
    await guest.client.close()
  })
}

test('SDK v2, HTTP: a server that closes ends its subscriptions gracefully', async () => {
  const { server, url } = await listening()
  const guest = await guestV2(httpV2(url), '2026-07-28')
  const subscription = await listen(guest, { toolsListChanged: true })
  await server.close()
  assert.is(await subscription.closed, 'graceful')
  assert.equal(guest.tap.violations, [])
  await guest.client.close()
})

for (const [name, open] of Object.entries(FOLLOWERS))
  test(`${name}: the SDK follows the list of tools by itself`, async () => {
    const heard: (readonly string[])[] = []
    const guest = await open({ onTools: names => void heard.push(names) })
    // The SDK v1 refreshes the first page only.
    const before = guest.sdk === 'v1' ? 'happened' : `grown-${newKey()}`
    await guest.call('grow', { name: guest.sdk === 'v1' ? `grown-${newKey()}` : before })
    await asking(() => heard.some(names => names.includes(before)), 'a list with the new tool')
    assert.equal(guest.tap.violations, [])
    await guest.client.close()
  })

test('SDK v2, HTTP: a subscription to nothing is over at once, and a malformed one is refused', async () => {
  const guest = await guestV2(httpV2(http.url), '2026-07-28')
  const failed = await failureOf(guest.listen?.({ resourceSubscriptions: 'all' }) ?? Promise.resolve())
  assert.is(failed['code'], -32602)
  const subscription = await listen(guest, {})
  assert.equal(subscription.honoredFilter, {})
  assert.is(await subscription.closed, 'graceful')
  await guest.client.close()
})

test.run()
