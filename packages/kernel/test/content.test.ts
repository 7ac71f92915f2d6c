import { audio, embed, image, link, text } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { base64, isBlock, promptMessages, readContents, structuredResult, toolResult } from '../src/content.ts'

const test = suite('content')
const JSON_VALUE = { 'dev.oarlock/value': 'json' }
const json = (value: unknown) => ({ content: [{ type: 'text', text: JSON.stringify(value) }], _meta: JSON_VALUE })

test('the makers make blocks, with annotations and _meta where given', () => {
  const options = { annotations: { priority: 1 }, meta: { 'com.example/a': 1 } }
  const extras = { annotations: { priority: 1 }, _meta: { 'com.example/a': 1 } }
  assert.equal(text('hi'), { type: 'text', text: 'hi' })
  assert.equal(text('hi', options), { type: 'text', text: 'hi', ...extras })
  assert.equal(image(Uint8Array.of(1, 2, 3), 'image/png', options), { type: 'image', data: 'AQID', mimeType: 'image/png', ...extras })
  assert.equal(audio('AQID', 'audio/wav'), { type: 'audio', data: 'AQID', mimeType: 'audio/wav' })
  assert.equal(link('x://r', { name: 'r', title: 'R' }), { type: 'resource_link', uri: 'x://r', name: 'r', title: 'R' })
  assert.equal(embed('x://r', 'text', 'text/plain'), { type: 'resource', resource: { uri: 'x://r', mimeType: 'text/plain', text: 'text' } })
  assert.equal(embed('x://r', Uint8Array.of(1)), { type: 'resource', resource: { uri: 'x://r', blob: 'AQ==' } })
})

test('base64 of many bytes is that of all of them', () => {
  const bytes = Uint8Array.from({ length: 200_001 }, (_, index) => index % 251)
  assert.is(base64(bytes), Buffer.from(bytes).toString('base64'))
  assert.is(base64(new Uint8Array()), '')
})

test('a block is one only with what its type needs; anything else of that type is data', () => {
  for (const block of [
    text('x'),
    image('AQID', 'image/png'),
    audio('AQID', 'audio/wav'),
    link('x://r', { name: 'r' }),
    embed('x://r', 'x'),
  ])
    assert.ok(isBlock(block))
  for (const data of [
    { type: 'text' },
    { type: 'text', body: 'x' },
    { type: 'image', data: 'AQID' },
    { type: 'image', data: Uint8Array.of(1), mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'x://r' } },
    { type: 'resource', resource: { uri: 'x://r', text: 'a', blob: 'b' } },
    { type: 'resource_link', uri: 'x://r' },
    { type: 'order' },
    { type: '__proto__' },
    'text',
    null,
  ]) {
    assert.not(isBlock(data), JSON.stringify(data))
  }
})

test('a tool returns anything sensible', () => {
  assert.equal(toolResult('hi'), { content: [{ type: 'text', text: 'hi' }] })
  assert.equal(toolResult(undefined), { content: [] })
  assert.equal(toolResult(text('hi')), { content: [text('hi')] })
  assert.equal(toolResult([text('a'), image('AQID', 'image/png')]), { content: [text('a'), image('AQID', 'image/png')] })
  for (const value of [5, 0, false, null, {}, [], [1], ['a'], { type: 'text', body: 1 }, { content: 'mine' }, [text('a'), 5]])
    assert.equal(toolResult(value), json(value))
  const whole = { content: [text('a')], isError: true, _meta: { 'com.example/a': 1 } }
  assert.is(toolResult(whole), whole)
  assert.equal(toolResult({ structuredContent: { a: 1 } }).content, [text('{"a":1}')])
})

test('what JSON cannot carry is refused with what to return instead', () => {
  for (const value of [() => 1, Symbol('s')]) assert.throws(() => toolResult(value), /which JSON cannot carry\. Return text/)
  assert.throws(() => toolResult(10n))
})

test('S-TOOL-14: a structured value is mirrored as text, and the text says that it is its JSON', () => {
  assert.equal(structuredResult({ a: 1 }), { structured: { a: 1 }, result: { ...json({ a: 1 }), structuredContent: { a: 1 } } })
  assert.equal(structuredResult('plain'), { structured: 'plain', result: { content: [text('plain')], structuredContent: 'plain' } })
  for (const value of [5, null, [1], false]) assert.equal(structuredResult(value).result, { ...json(value), structuredContent: value })
})

test('content that the handler gave beside the value is not said to be its JSON', () => {
  const given = { content: [text('One row.')], structuredContent: { rows: 1 } }
  assert.equal(structuredResult(given), { structured: { rows: 1 }, result: given })
  const meta = { 'com.example/a': 1 }
  assert.equal(structuredResult({ content: [], structuredContent: { rows: 1 }, _meta: meta }).result, {
    content: [text('{"rows":1}')],
    structuredContent: { rows: 1 },
    _meta: { ...meta, ...JSON_VALUE },
  })
})

test('S-TOOL-17: a result that is an error passes as it is', () => {
  const error = { content: [text('no')], isError: true }
  assert.is(structuredResult(error).result, error)
})

test('S-RES-08, S-RES-09: a read returns text, bytes, contents or JSON', () => {
  const uri = 'x://r'
  assert.equal(readContents(uri, 'hi', 'text/plain'), [{ uri, mimeType: 'text/plain', text: 'hi' }])
  assert.equal(readContents(uri, '', undefined), [{ uri, text: '' }])
  assert.equal(readContents(uri, Uint8Array.of(1), undefined), [{ uri, blob: 'AQ==' }])
  assert.equal(readContents(uri, Buffer.from('a'), 'image/png'), [{ uri, mimeType: 'image/png', blob: 'YQ==' }])
  const one = { uri: 'x://other', text: 'a' }
  for (const value of [one, [one], { contents: [one] }]) assert.equal(readContents(uri, value, undefined), [one])
  assert.equal(readContents(uri, { a: 1 }, undefined), [{ uri, mimeType: 'application/json', text: '{"a":1}' }])
  assert.equal(readContents(uri, [{ uri: 'x', text: 'a', blob: 'b' }], 'text/x'), [
    { uri, mimeType: 'text/x', text: '[{"uri":"x","text":"a","blob":"b"}]' },
  ])
})

test('S-RES-06: nothing, or no contents, is a resource that does not exist', () => {
  for (const value of [undefined, null, [], { contents: [] }]) {
    assert.throws(
      () => readContents('x://r', value, undefined),
      (error: Error & { fault: string }) => error.fault === 'RESOURCE_NOT_FOUND',
    )
  }
})

test('S-PRM-06: a prompt returns text, a block, or messages', () => {
  const user = (content: unknown) => ({ role: 'user', content })
  assert.equal(promptMessages('hi'), [user(text('hi'))])
  assert.equal(promptMessages(image('AQID', 'image/png')), [user(image('AQID', 'image/png'))])
  assert.equal(promptMessages([{ role: 'assistant', content: 'yes' }, user(text('no')), 'and']), [
    { role: 'assistant', content: text('yes') },
    user(text('no')),
    user(text('and')),
  ])
  for (const value of [undefined, null, 5, { role: 'system', content: 'x' }, { role: 'user', content: 5 }, { role: 'user' }]) {
    assert.throws(() => promptMessages(value), /A prompt must return/)
  }
})

test.run()
