/** The key by which sessions, states and quotas are bound to whoever asks. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { principalKey, type Principal } from '../src/index.ts'

const test = suite('principal')

test('row 7: two principals have one key exactly when subject, client and issuer are the same', () => {
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
    { id: 'ann', claims: { iss: 'https://one.example' } },
    { id: 'ann', claims: { iss: 'https://two.example' } },
    { id: 'ann', clientId: 'app', claims: { iss: 'https://one.example' } },
    { id: 'ann', clientId: 'https://one.example' },
    { id: 'ann', claims: { iss: '' } },
    { id: 'ann",null,"https://one.example' },
  ]
  assert.is(new Set(all.map(principalKey)).size, all.length)
  for (const principal of all) assert.is(principalKey(principal && { ...principal }), principalKey(principal))
})

test('what a principal may do is no part of who it is', () => {
  const later: Principal = { id: 'ann', clientId: 'app', scopes: ['a'], roles: ['b'], claims: { c: 1 }, expiresAt: 5 }
  assert.is(principalKey(later), principalKey({ id: 'ann', clientId: 'app' }))
  assert.is(principalKey({ ...later, claims: { iss: ['no issuer'] } }), principalKey(later))
  const claims = { iss: 'https://one.example', exp: 1 }
  assert.is(principalKey({ id: 'ann', claims }), principalKey({ id: 'ann', claims: { ...claims, exp: 2, aud: 'x' } }))
})

test('nobody is the empty text', () => {
  assert.is(principalKey(undefined), '')
})

test.run()
