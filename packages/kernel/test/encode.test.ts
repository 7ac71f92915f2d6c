import { META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Encoder } from '../src/encode.ts'

const test = suite('encode')
const info = { name: 'test', version: '1.0.0' }
const encoder = new Encoder(info)
const encode = (...args: Parameters<Encoder['encode']>): unknown => JSON.parse(encoder.encode(...args))
const meta = { [META.serverInfo]: info }
const hint = { ttlMs: 5, scope: 'public' } as const

test('S-MSG-18, S-META-08: a stateless result is stamped with its type and who made it', () => {
  assert.equal(encode('tools/call', { content: [] }, '2026-07-28'), { resultType: 'complete', _meta: meta, content: [] })
  assert.equal(encode('completion/complete', {}, '2026-07-28'), { resultType: 'complete', _meta: meta })
})

test('S-CACHE-01: a caching hint is written where there is one', () => {
  assert.equal(encode('tools/list', { tools: [] }, '2026-07-28', hint), {
    resultType: 'complete',
    ttlMs: 5,
    cacheScope: 'public',
    _meta: meta,
    tools: [],
  })
})

test('S-META-09: the _meta of a handler is merged, and our own key stays ours', () => {
  const own = { 'com.example/a': 1, [META.serverInfo]: 'forged' }
  assert.equal(encode('tools/call', { content: [], _meta: own }, '2026-07-28'), {
    resultType: 'complete',
    content: [],
    _meta: { 'com.example/a': 1, ...meta },
  })
  assert.equal(encode('tools/call', { content: [], _meta: 'none' }, '2026-07-28'), { resultType: 'complete', content: [], _meta: meta })
})

test('what a result says itself of its type and of caching counts, and nothing is said twice', () => {
  const text = encoder.encode('tools/list', { tools: [], ttlMs: 9, cacheScope: 'private' }, '2026-07-28', hint)
  assert.equal(JSON.parse(text), { resultType: 'complete', ttlMs: 9, cacheScope: 'private', tools: [], _meta: meta })
  assert.is(text.match(/ttlMs/g)?.length, 1)
  assert.is(
    (encode('tools/call', { resultType: 'input_required', inputRequests: {} }, '2026-07-28') as { resultType: string }).resultType,
    'input_required',
  )
})

test('S-MSG-20: nothing of that reaches a session', () => {
  for (const revision of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const) {
    assert.equal(encode('tools/list', { tools: [] }, revision, hint), { tools: [] })
    assert.equal(encode('tools/list', { tools: [], ttlMs: 9, cacheScope: 'public' }, revision), { tools: [] })
  }
})

test('S-MSG-25: a _meta key such as __proto__ stays a key', () => {
  const text = encoder.encode('tools/call', { content: [], _meta: JSON.parse('{"__proto__":{"polluted":true}}') as object }, '2026-07-28')
  assert.match(text, '"__proto__":{"polluted":true}')
  assert.is(({} as { polluted?: boolean }).polluted, undefined)
})

test.run()
