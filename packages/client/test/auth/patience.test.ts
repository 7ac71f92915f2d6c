/** A person who signs in takes the time it takes: requests that wait for that do not run out of theirs. */

import { authorizationCode, oauth } from '@oarlock/client/auth'
import { fakeClock, TimedOut, type Authorizer, type FakeClock } from '@oarlock/protocol'
import { connect, type Client } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { browser, CALLBACK, Guarded } from './guarded.ts'
import { Issuer } from './issuer.ts'

interface Scene {
  issuer: Issuer
  server: Guarded
  clock: FakeClock
}

const test = suite<Scene>('patience')

test.before.each(async scene => {
  scene.issuer = await Issuer.start()
  scene.server = await Guarded.start(scene.issuer)
  scene.clock = fakeClock()
})

test.after.each(async ({ issuer, server }) => {
  await server.stop()
  await issuer.stop()
})

/** A person who sits before the page until told to go on. */
class Person {
  readonly auth: Authorizer
  /** Requests that were refused and wait. */
  refused = 0
  #at = Promise.withResolvers<() => void>()

  constructor() {
    const visit = async (address: URL): Promise<string | URL> => {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#at.resolve(resolve)
      await promise
      return (await browser.open()).visit(address)
    }
    const auth = oauth({ grant: authorizationCode({ redirect: { open: () => ({ url: CALLBACK, visit }) } }) })
    this.auth = {
      headers: request => auth.headers(request),
      answered: (request, sent, response) => {
        if (response.status === 403) setImmediate(() => (this.refused += 1))
        return auth.answered(request, sent, response)
      },
    }
  }

  /** Resolves when the page is shown, to how to go on. */
  async arrives(): Promise<() => void> {
    const go = await this.#at.promise
    this.#at = Promise.withResolvers()
    return go
  }
}

async function signedIn({ server, clock }: Scene, person: Person, ms: number, options: { maxTimeoutMs?: number } = {}): Promise<Client> {
  const opening = connect(server.url, { auth: person.auth, clock, timeoutMs: 1000, ...options })
  const go = await person.arrives()
  clock.advance(ms)
  go()
  return opening
}

test('a sign-in before the first answer may take minutes', async scene => {
  const person = new Person()
  const client = await signedIn(scene, person, 300_000)
  assert.is(await client.call('look'), 'seen')
  await client.close()
})

test('so may one that a call in between needs, and others that wait for it too', async scene => {
  const person = new Person()
  const client = await signedIn(scene, person, 0)
  const calls = [client.call('write'), client.call('write')]
  const go = await person.arrives()
  while (person.refused < 2) await new Promise(resolve => setImmediate(resolve))
  scene.clock.advance(300_000)
  go()
  assert.equal(await Promise.all(calls), ['written', 'written'])
  assert.is(scene.issuer.at('/authorize').length, 2)
  await client.close()
})

test('the limit counts all the same, and the sign-in is not lost: the next request has the token', async scene => {
  const person = new Person()
  const client = await signedIn(scene, person, 0, { maxTimeoutMs: 120_000 })
  const call = client.call('write').catch((cause: unknown) => cause)
  const go = await person.arrives()
  scene.clock.advance(121_000)
  assert.ok(TimedOut.is(await call))
  const next = client.call('write')
  go()
  assert.is(await next, 'written')
  assert.is(scene.issuer.at('/authorize').length, 2)
  await client.close()
})

test.run()
