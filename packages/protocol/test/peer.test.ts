/** The key by which sessions, states and quotas are bound to whoever asks. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { principalKey, type Principal } from '../src/index.ts'

const test = suite('principal')

test('row 7: two principals have one key exactly when subject and client are the same', () => {
  const all: (Principal | undefined)[] = [
    undefined,
    { id: '' },
    { id: 'ann' },
    { id: 'Ann' },
    { id: 'ann', clientId: '' },
    { id: 'ann', clientId: 'app' },
    { id: 'ann","app' },
    { id: 'ann",null' },
    { id: '["ann",null]' },
    { id: 'app', clientId: 'ann' },
    { id: '__proto__' },
  ]
  assert.is(new Set(all.map(principalKey)).size, all.length)
  for (const principal of all) assert.is(principalKey(principal && { ...principal }), principalKey(principal))
})

test('what a principal may do is no part of who it is', () => {
  const later: Principal = { id: 'ann', clientId: 'app', scopes: ['a'], roles: ['b'], claims: { c: 1 }, expiresAt: 5 }
  assert.is(principalKey(later), principalKey({ id: 'ann', clientId: 'app' }))
})

test('nobody is the empty text', () => {
  assert.is(principalKey(undefined), '')
})

test.run()
