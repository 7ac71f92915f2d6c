/** Serving HTTP and stdio from the same server object at once works, for clients that we did not write. */
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asking, type Guest, happened, newKey, textOf } from './served/guest.ts'
import { guestV1, httpV1, stdioV1 } from './served/guest-v1.ts'
import { guestV2, httpV2 } from './served/guest-v2.ts'

const test = suite('server, two transports at once')

const FILE = fileURLToPath(new URL('served/both.ts', import.meta.url))
let child: Guest
let url: string
test.before(async () => {
  child = await guestV1(stdioV1([process.execPath, ...process.execArgv, FILE]))
  url = textOf(await child.call('address'))
})

const OVER_HTTP: Readonly<Record<string, () => Promise<Guest>>> = {
  'SDK v1': () => guestV1(httpV1(url)),
  'SDK v2 with a session': () => guestV2(httpV2(url), '2025-06-18'),
  'SDK v2': () => guestV2(httpV2(url), '2026-07-28'),
}

for (const [name, open] of Object.entries(OVER_HTTP)) {
  test(`${name} over HTTP and SDK v1 over stdio are served by one server`, async () => {
    const guest = await open()
    const grown = `grown-${newKey()}`
    assert.is(textOf(await guest.call('grow', { name: grown })), 'grown')
    assert.is(textOf(await child.call(grown)), `I am ${grown}`)
    const tickets = await Promise.all(Array.from({ length: 100 }, (_, turn) => (turn % 2 === 0 ? child : guest).call('ticket')))
    assert.is(new Set(tickets.map(textOf)).size, 100)
    assert.equal([...guest.tap.violations, ...child.tap.violations], [])
    await guest.client.close()
  })

  test(`${name} over HTTP changes what SDK v1 over stdio has subscribed, and each is asked its own questions`, async () => {
    const guest = await open()
    const key = newKey()
    await child.client.subscribeResource({ uri: `board://${key}` })
    await guest.call('touch', { uri: `board://${key}` })
    await child.news.until('notifications/resources/updated', ({ uri }) => uri === `board://${key}`)
    Object.assign(guest.answers, { elicit: () => ({ action: 'accept', content: { name: 'Grace' } }) })
    const [mine, other] = await Promise.all([guest.call('who'), child.call('who')])
    assert.is(textOf(mine), 'accept {"name":"Grace"}')
    assert.is(textOf(other), 'accept {"name":"Ada","age":36}')
    await guest.client.close()
  })
}

test('a call over HTTP outlives the client on standard input', async () => {
  const guest = await guestV2(httpV2(url), '2026-07-28')
  const key = newKey()
  const before = Number(textOf(await guest.call('gone')))
  const call = guest.call('steps', { key, count: 1 }, { onprogress: () => {} })
  const closing = child.client.close()
  await asking(async () => Number(textOf(await guest.call('gone'))) > before, 'the end of a session')
  await guest.call('nod', { key })
  assert.is(textOf(await call), '1 steps')
  await happened(guest, key, 'nothing')
  await guest.client.close()
  // The SDK ends its child after two seconds, since the child still serves others.
  await closing
})

test.run()
