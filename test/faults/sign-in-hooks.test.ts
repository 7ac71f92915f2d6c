/** Exceptions in what a sign-in is given: where tokens are kept, how the browser is opened. Whoever calls is told; nobody else, and the next call is made anew. */
import { memoryTokenStore, oauth, type TokenStore } from '@oarlock/client/auth'
import * as assert from 'uvu/assert'
import { browser, guardedSuite, person } from '../../packages/client/test/auth/guarded.ts'
import { WAYS, type Way } from './scene.ts'

const test = guardedSuite('hooks of signing in')

/** Everything that a client sends leaves by this. */
const sent: string[] = []
const { fetch } = globalThis
test.before(() => {
  globalThis.fetch = async (input, init) => {
    sent.push(JSON.stringify([input instanceof Request ? input.url : input, init]))
    return fetch(input, init)
  }
})
test.after(() => {
  globalThis.fetch = fetch
})

/** A hook that fails while it is armed, and works otherwise. */
class Failing {
  isArmed = false
  readonly thrown: Error[] = []
  readonly #way: Way

  constructor(way: Way) {
    this.#way = way
  }

  around<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      if (!this.isArmed) return work(...args)
      const error = new Error(`hunter2, number ${this.thrown.length}`)
      this.thrown.push(error)
      if (this.#way === 'rejects') return Promise.reject(error) as R
      throw error
    }
  }
}

const causesOf = (error: unknown): readonly unknown[] => (error instanceof Error ? [error, ...causesOf(error.cause)] : [error])

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (cause: unknown) => cause,
  )

function tellsNothing(): void {
  assert.ok(sent.length > 0)
  assert.not.match(sent.splice(0).join('\n'), /hunter2/)
}

for (const way of WAYS) {
  for (const method of ['get', 'set', 'lock'] as const) {
    test(`the token store ${way} at ${method}: whoever calls is told, and the next call is made anew`, async ({ server, issuer }) => {
      const hook = new Failing(way)
      const kept = memoryTokenStore()
      const whole: Required<TokenStore> = { ...kept, lock: (_, work) => work() }
      const store = { ...whole, [method]: hook.around(whole[method] as (...args: unknown[]) => unknown) } as TokenStore
      const client = await server.open(oauth({ grant: person(), store }))
      for (const token of issuer.tokens.values()) token.revoked = true
      hook.isArmed = true
      const failure = await failureOf(client.call('look'))
      hook.isArmed = false
      assert.ok(hook.thrown.length > 0, 'the hook was never run')
      assert.ok(causesOf(failure).includes(hook.thrown[0]), String(failure))
      assert.is(await client.call('look'), 'seen')
      tellsNothing()
      await client.close()
    })
  }

  test(`opening the browser ${way}: whoever opens is told, and may try again`, async ({ server }) => {
    const hook = new Failing(way)
    const grant = person({ redirect: { open: hook.around(() => browser.open()) } })
    hook.isArmed = true
    const failure = await failureOf(server.open(oauth({ grant })))
    hook.isArmed = false
    assert.ok(causesOf(failure).includes(hook.thrown[0]), String(failure))
    const client = await server.open(oauth({ grant }))
    assert.is(await client.call('look'), 'seen')
    tellsNothing()
    await client.close()
  })
}

test.run()
