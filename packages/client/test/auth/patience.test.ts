/** A person who signs in takes the time it takes: requests that wait for that do not run out of theirs. */

import { authorizationCode, oauth } from '@oarlock/client/auth'
import { fakeClock, TimedOut, type Authorizer, type FakeClock } from '@oarlock/protocol'
import { connect, type Client } from 'oarlock'
import * as assert from 'uvu/assert'
import { browser, CALLBACK, guardedSuite, type Scene } from './guarded.ts'

const test = guardedSuite('patience')

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

async function signedIn(
  { server }: Scene,
  clock: FakeClock,
  person: Person,
  ms: number,
  options: { maxTimeout?: number } = {},
): Promise<Client> {
  const opening = connect(server.url, { auth: person.auth, clock, timeout: 1000, ...options })
  const go = await person.arrives()
  clock.advance(ms)
  go()
  return opening
}

test('a sign-in before the first answer may take minutes', async scene => {
  const [person, clock] = [new Person(), fakeClock()]
  const client = await signedIn(scene, clock, person, 300_000)
  assert.is(await client.call('look'), 'seen')
  await client.close()
})

test('so may one that a call in between needs, and others that wait for it too', async scene => {
  const [person, clock] = [new Person(), fakeClock()]
  const client = await signedIn(scene, clock, person, 0)
  const calls = [client.call('write'), client.call('write')]
  const go = await person.arrives()
  while (person.refused < 2) await new Promise(resolve => setImmediate(resolve))
  clock.advance(300_000)
  go()
  assert.equal(await Promise.all(calls), ['written', 'written'])
  assert.is(scene.issuer.at('/authorize').length, 2)
  await client.close()
})

test('the limit counts all the same, and the sign-in is not lost: the next request has the token', async scene => {
  const [person, clock] = [new Person(), fakeClock()]
  const client = await signedIn(scene, clock, person, 0, { maxTimeout: 120_000 })
  const call = client.call('write').catch((cause: unknown) => cause)
  const go = await person.arrives()
  clock.advance(121_000)
  assert.ok(TimedOut.is(await call))
  const next = client.call('write')
  go()
  assert.is(await next, 'written')
  assert.is(scene.issuer.at('/authorize').length, 2)
  await client.close()
})

test.run()
