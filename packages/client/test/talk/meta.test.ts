/** Metadata of callers. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { META } from '@oarlock/protocol'
import { callerMeta, metaText } from '../../src/talk/meta.ts'

const test = suite('meta')

const read = (meta: object): unknown => JSON.parse(`{${metaText(meta)}}`)
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('no metadata is no text', () => {
  for (const meta of [undefined, null, 'x', [], {}, { a: undefined }]) assert.is(metaText(meta), '')
})

test('C-META-07: keys follow the grammar', () => {
  const good = {
    a: 1,
    'a.b_c-d': 2,
    'com.example/x': 3,
    'com.example/': 4,
    'a-1.b/9': 5,
    'io.modelcontextprotocol/related-task': { taskId: '1' },
  }
  assert.equal(read(good), good)
  for (const key of ['-a', '/a', 'a b', '1a/b', 'com..x/a', 'com.x-/a', 'a/b/c', 'é', 'a_b/c', 'x'.repeat(600)]) {
    assert.throws(() => metaText({ [key]: 1 }), TypeError, key)
  }
})

test('C-META-05: what the client writes itself cannot be written by its caller', () => {
  for (const key of [META.version, META.capabilities, META.clientInfo, META.logLevel, 'progressToken'])
    assert.is(metaText({ [key]: 'x' }), '')
})

test('C-META-06: trace context that is not W3C is left out and fails nothing', () => {
  assert.equal(read({ traceparent: TRACE, tracestate: 'a=b', baggage: 'c=d' }), { traceparent: TRACE, tracestate: 'a=b', baggage: 'c=d' })
  const bad = ['', 'x', TRACE.toUpperCase(), `ff${TRACE.slice(2)}`, TRACE.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)), 7]
  for (const traceparent of bad) assert.is(metaText({ traceparent }), '', String(traceparent))
  assert.is(metaText({ tracestate: 7, baggage: {} }), '')
})

test('metadata in params and in options are merged, options last', () => {
  assert.equal(callerMeta({ _meta: { a: 1, b: 1 } }, { b: 2 }), { a: 1, b: 2 })
  assert.equal(callerMeta({ _meta: { a: 1 } }, undefined), { a: 1 })
  assert.equal(callerMeta({}, { b: 2 }), { b: 2 })
  assert.is(callerMeta(undefined, undefined), undefined)
})

test.run()
