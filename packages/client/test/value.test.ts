/** What a call gives. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CallToolResult } from '@oarlock/protocol'
import { ToolFailed } from '../src/error.ts'
import { VALUE_KEY } from '@oarlock/protocol'
import { valueOf } from '../src/value.ts'

const test = suite('value')

const text = (text: string): CallToolResult['content'][number] => ({ type: 'text', text })
const json = { [VALUE_KEY]: 'json' }

test('C-TOOL-09: structured content comes first, whatever its type', () => {
  for (const structuredContent of [{ a: 1 }, [1], 'x', 0, false, null]) {
    assert.equal(valueOf('t', { content: [text('other')], structuredContent }), structuredContent)
  }
})

test('text is text, also when it looks like data', () => {
  assert.is(valueOf('t', { content: [text('3')] }), '3')
  assert.is(valueOf('t', { content: [text('a'), text('b')] }), 'a\nb')
  assert.is(valueOf('t', { content: [text('')] }), '')
})

test('text that is marked as JSON keeps its type', () => {
  assert.is(valueOf('t', { content: [text('3')], _meta: json }), 3)
  assert.equal(valueOf('t', { content: [text('[1,null]')], _meta: json }), [1, null])
  assert.is(valueOf('t', { content: [text('{')], _meta: json }), '{')
})

test('other content comes as blocks, and none as undefined', () => {
  const image = { type: 'image' as const, data: '', mimeType: 'image/png' }
  assert.equal(valueOf('t', { content: [text('a'), image] }), [text('a'), image])
  assert.is(valueOf('t', { content: [] }), undefined)
})

test('a result that is an error is thrown, with its text and all of it', () => {
  const result = { content: [text('disk full'), text('try later')], isError: true, structuredContent: { free: 0 } }
  try {
    valueOf('save', result)
    assert.unreachable()
  } catch (cause) {
    assert.ok(ToolFailed.is(cause))
    assert.is(cause.code, 'TOOL_FAILED')
    assert.is(cause.message, 'disk full\ntry later')
    assert.is(cause.tool, 'save')
    assert.is(cause.result, result)
  }
  assert.throws(() => valueOf('save', { content: [], isError: true }), /The tool save failed/)
})

test.run()
