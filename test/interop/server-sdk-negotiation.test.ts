/** How official clients and our server find a revision, what happens when there is none, and clients that can do little. */
import type { Server } from '@oarlock/kernel'
import type { Revision } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { served } from './served/command.ts'
import { failureOf, type Guest, textOf } from './served/guest.ts'
import { guestV1, httpV1, stdioV1 } from './served/guest-v1.ts'
import { guestV2, httpV2, stdioV2 } from './served/guest-v2.ts'
import { listening } from './served/http.ts'

const test = suite('server, negotiation with official clients')

const servers: Server[] = []
test.after(async () => {
  for (const server of servers) await server.close()
})

async function url(...revisions: readonly Revision[]): Promise<string> {
  const { server, url } = await listening(revisions.length === 0 ? undefined : revisions)
  servers.push(server)
  return url
}

test('SDK v2 finding out: a server with sessions only is spoken to with a session', async () => {
  const guests = [
    await guestV2(stdioV2(served('2025-06-18', '2025-11-25')), 'auto'),
    await guestV2(httpV2(await url('2025-06-18', '2025-11-25')), 'auto'),
  ]
  for (const guest of guests) {
    assert.is(guest.revision, '2025-11-25')
    assert.is(textOf(await guest.call('greet', { name: 'Ada' })), 'Hello, Ada')
    await guest.client.close()
  }
})

test('SDK v2 pinned: a server that does not speak the revision says which it does', async () => {
  for (const transport of [stdioV2(served('2025-11-25')), httpV2(await url('2025-11-25'))]) {
    const failed = await failureOf(guestV2(transport, '2026-07-28'))
    assert.is(failed['code'], -32022)
    assert.equal(failed['data'].supported, ['2025-11-25'])
  }
})

test('a client with sessions only is told by a stateless server what it speaks', async () => {
  const stateless = await url('2026-07-28')
  const attempts: readonly (() => Promise<Guest>)[] = [
    () => guestV1(stdioV1(served('2026-07-28'))),
    () => guestV1(httpV1(stateless)),
    () => guestV2(stdioV2(served('2026-07-28')), '2025-11-25'),
    () => guestV2(httpV2(stateless), '2025-11-25'),
  ]
  for (const attempt of attempts) assert.match((await failureOf(attempt())).message, '2026-07-28')
})

test('a stateless server does without GET and DELETE, and SDK v2 with it', async () => {
  const guest = await guestV2(httpV2(await url('2026-07-28')), 'auto')
  assert.is(guest.revision, '2026-07-28')
  assert.is(textOf(await guest.call('all')), 'Ada; test-model: hi in 20 tokens; 1 roots')
  assert.equal(guest.errors, [])
  await guest.client.close()
})

test('SDK v2: arguments that were not mirrored, because the tool was never listed, are mirrored at the second try', async () => {
  const guest = await guestV2(httpV2(await url()), '2026-07-28')
  assert.is(textOf(await guest.call('deploy', { region: 'köln', replicas: 3 })), 'deployed 3 to köln')
  assert.equal(
    guest.tap.received.flatMap(({ error }) => (error === undefined ? [] : [error.code as number])),
    [-32020],
  )
  await guest.client.close()
})

test('a client that can be asked nothing is asked nothing, and told what it lacks', async () => {
  const address = await url()
  const nothing = { capabilities: {} }
  const guests = [
    await guestV1(stdioV1(served()), nothing),
    await guestV1(httpV1(address), nothing),
    await guestV2(stdioV2(served()), '2025-11-25', nothing),
    await guestV2(httpV2(address), '2025-11-25', nothing),
    await guestV2(stdioV2(served()), '2026-07-28', nothing),
    await guestV2(httpV2(address), '2026-07-28', nothing),
  ]
  for (const guest of guests) {
    assert.is(textOf(await guest.call('can')), '')
    for (const [tool, requiredCapabilities] of [
      ['who', { elicitation: { form: {} } }],
      ['think', { sampling: {} }],
      ['where', { roots: {} }],
    ] as const) {
      const refused = await failureOf(guest.call(tool))
      assert.is(refused['code'], guest.revision === '2026-07-28' ? -32021 : -32602)
      assert.equal(refused['data'], { requiredCapabilities })
    }
    assert.equal(guest.tap.violations, [])
    await guest.client.close()
  }
})

test('a client that fills in forms but visits no pages is asked for forms only', async () => {
  const address = await url()
  for (const guest of [
    await guestV1(httpV1(address), { capabilities: { elicitation: {} } }),
    await guestV2(httpV2(address), '2026-07-28', { capabilities: { elicitation: { form: {} } } }),
  ]) {
    assert.is(textOf(await guest.call('can')), 'elicit')
    assert.is(textOf(await guest.call('who')), 'accept {"name":"Ada","age":36}')
    assert.equal((await failureOf(guest.call('sign', { key: 'k' })))['data'], { requiredCapabilities: { elicitation: { url: {} } } })
    await guest.client.close()
  }
})

test('a child process ends with its client, before it is told to', async () => {
  const [v1, v2] = [stdioV1(served()), stdioV2(served())]
  for (const [transport, guest] of [
    [v1, await guestV1(v1)],
    [v2, await guestV2(v2, '2026-07-28')],
  ] as const) {
    const { pid } = transport
    assert.ok(pid)
    const began = performance.now()
    await guest.client.close()
    // Both SDKs wait two seconds before they send SIGTERM.
    assert.ok(performance.now() - began < 1_900)
    assert.throws(() => process.kill(pid, 0), /ESRCH/)
  }
})

test.run()
