/** API keys: looked up by id, compared by hash, refused alike. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Anonymous } from '../src/anonymous.ts'
import { apiKeys, hashApiKey, type ApiKeyRecord } from '../src/api-keys.ts'
import { Fault } from '../src/fault.ts'
import type { Head } from '../src/head.ts'
import { fakeClock } from '../src/port/fake-clock.ts'

const test = suite('api keys')

const clock = fakeClock()
const head = (headers: Record<string, string>): Head => ({ transport: 'http', headers: { get: name => headers[name.toLowerCase()] } })

async function store(): Promise<Map<string, ApiKeyRecord>> {
  return new Map([
    ['ci', { hash: await hashApiKey('ci.s3cret'), principal: { id: 'robot', scopes: ['read'] } }],
    ['old', { hash: (await hashApiKey('old.s3cret')).toUpperCase(), principal: { id: 'old' }, expiresAt: clock.now() + 1000 }],
  ])
}

test('a key stands for the principal of its record', async () => {
  const authenticate = apiKeys(await store(), { clock })
  assert.equal(await authenticate(head({ 'x-api-key': 'ci.s3cret' })), { id: 'robot', scopes: ['read'] })
  assert.equal(await authenticate(head({ 'x-api-key': 'old.s3cret' })), { id: 'old' })
})

test('T32: only the hash is stored, and it is SHA-256', async () => {
  assert.is(await hashApiKey('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('T32: an unknown id, a wrong secret, an expired key and no key at all are refused alike', async () => {
  const late = fakeClock(clock.now() + 1000)
  const authenticate = apiKeys(await store(), { clock: late, realm: 'mcp' })
  const wrong = [
    'nobody.s3cret',
    'ci.s3cre',
    'ci.s3cret ',
    'ci.S3cret',
    'ci.',
    'ci',
    '.s3cret',
    '',
    'old.s3cret',
    '__proto__.x',
    'constructor.x',
    `ci.${'x'.repeat(10_000)}`,
  ]
  for (const key of [...wrong, undefined]) {
    const fault = await authenticate(head(key === undefined ? {} : { 'x-api-key': key }))
    assert.ok(Fault.is(fault), String(key))
    assert.is(fault.fault, 'UNAUTHENTICATED')
    assert.is(fault.headers?.['WWW-Authenticate'], 'ApiKey realm="mcp"')
    assert.is(fault.message, 'Authentication required')
  }
})

test('the header can be another, and in Authorization the key follows Bearer', async () => {
  const keys = await store()
  assert.is(((await apiKeys(keys, { header: 'X-Key' })(head({ 'x-key': 'ci.s3cret' }))) as any).id, 'robot')
  const authenticate = apiKeys(keys, { header: 'Authorization' })
  assert.is(((await authenticate(head({ authorization: 'Bearer ci.s3cret' }))) as any).id, 'robot')
  for (const authorization of ['ci.s3cret', 'Basic ci.s3cret', 'Bearer ci.s3cret x'])
    assert.ok(Fault.is(await authenticate(head({ authorization }))))
})

test('a store may answer later', async () => {
  const keys = await store()
  const authenticate = apiKeys({ get: id => Promise.resolve(keys.get(id)) })
  assert.is(((await authenticate(head({ 'x-api-key': 'ci.s3cret' }))) as any).id, 'robot')
  assert.ok(Fault.is(await authenticate(head({ 'x-api-key': 'no.s3cret' }))))
})

test('an option that does not exist is refused', async () => {
  const keys = await store()
  const options: object = { headers: 'X-Key' }
  assert.throws(() => apiKeys(keys, options), /^'headers' is no option of apiKeys\(\)\. Did you mean 'header'\?$/)
})

test('where a key is optional its absence is anonymous, and one that is not good is refused', async () => {
  const keys = await store()
  const authenticate = apiKeys(keys, { optional: true, realm: 'mcp' })
  const verdict = await authenticate(head({}))
  assert.ok(Anonymous.is(verdict))
  assert.equal(verdict.challenges, [{ scheme: 'ApiKey', params: { realm: 'mcp' } }])
  for (const key of ['', 'ci', 'ci.wrong', 'no.s3cret']) assert.ok(Fault.is(await authenticate(head({ 'x-api-key': key }))), key)
  const behind = apiKeys(keys, { optional: true, header: 'Authorization' })
  assert.ok(Anonymous.is(await behind(head({ authorization: 'Basic ci.s3cret' }))))
  assert.ok(Fault.is(await behind(head({ authorization: 'Bearer' }))))
  const several = await behind(head({ authorization: 'Basic x, Bearer ci.s3cret' }))
  assert.ok(Fault.is(several) && several.fault === 'INVALID_REQUEST')
})

test.run()
