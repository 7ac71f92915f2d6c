/** Forms: which are ones, what fills their gaps, what fits them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { JsonObject } from '@oarlock/protocol'
import { contentProblems, formProblem, withDefaults } from '../../src/answer/form.ts'

const test = suite('form')

const form = (properties: object, required?: string[]): JsonObject => ({ type: 'object', properties, ...(required && { required }) })
const problems = (field: object, value: unknown): readonly string[] => contentProblems(form({ x: field }), { x: value })
const fits = (field: object, ...values: unknown[]): void => {
  for (const value of values) assert.equal(problems(field, value), [], JSON.stringify(value))
}
const fails = (field: object, text: RegExp | string, ...values: unknown[]): void => {
  for (const value of values) {
    const [problem, ...others] = problems(field, value)
    assert.match(problem ?? 'no problem', text)
    assert.equal(others, [])
  }
}

test('a form is an object schema of primitive fields', () => {
  assert.is(formProblem(form({})), undefined)
  assert.is(formProblem(form({ a: { type: 'string' }, b: { type: 'array', items: { type: 'string', enum: ['x'] } } })), undefined)
  for (const schema of [undefined, null, [], 'x', {}, { type: 'object' }, { type: 'array', properties: {} }])
    assert.type(formProblem(schema), 'string')
  for (const field of [{ type: 'object' }, { type: 'null' }, {}, 7, { type: 'array' }, { type: ['string'] }])
    assert.match(formProblem(form({ a: field })) as string, 'properties.a')
})

test('text is measured in characters, not in units of UTF-16', () => {
  fits({ type: 'string', minLength: 2, maxLength: 2 }, 'ab', '🚣🚣')
  fails({ type: 'string', minLength: 2 }, 'at least 2', 'a', '🚣', '')
  fails({ type: 'string', maxLength: 2 }, 'at most 2', 'abc')
  fails({ type: 'string' }, 'must be a string', 7, null, true, [])
})

test('formats are checked', () => {
  fits({ type: 'string', format: 'email' }, 'a@b.example', 'ä.b+c@d', '"a@b"@c')
  fails({ type: 'string', format: 'email' }, 'valid email', 'a', '@b', 'a@', 'a b@c')
  fits({ type: 'string', format: 'uri' }, 'https://a.example/b?c#d', 'urn:x:y')
  fails({ type: 'string', format: 'uri' }, 'valid uri', 'a', '//a', 'https://a b', ':x')
  fits({ type: 'string', format: 'date' }, '2026-11-21', '2024-02-29', '0099-01-01')
  fails({ type: 'string', format: 'date' }, 'valid date', '2026-13-01', '2025-02-29', '2026-1-1', '20261121', '2026-11-21T00:00:00Z')
  fits({ type: 'string', format: 'date-time' }, '2026-11-21T12:00:00Z', '2026-11-21t12:00:00.5+01:00', '2026-12-31T23:59:60Z')
  fails({ type: 'string', format: 'date-time' }, 'valid date-time', '2026-11-21', '2026-11-21T25:00:00Z', '2026-11-21T12:00:00', 'x')
  fits({ type: 'string', format: 'something else' }, 'anything')
})

test('numbers keep their bounds and integers their nature', () => {
  fits({ type: 'number', minimum: 0, maximum: 1 }, 0, 0.5, 1)
  fails({ type: 'number', minimum: 0 }, 'at least 0', -0.1)
  fails({ type: 'number', maximum: 1 }, 'at most 1', 1.1)
  fails({ type: 'number' }, 'must be a number', '1', Number.NaN, Infinity, null)
  fits({ type: 'integer' }, 3, -3, 3.0)
  fails({ type: 'integer' }, 'must be an integer', 3.5)
})

test('booleans are booleans', () => {
  fits({ type: 'boolean' }, true, false)
  fails({ type: 'boolean' }, 'must be a boolean', 'true', 1, null)
})

test('choices come from the list, in each of the four spellings', () => {
  const titled = [
    { const: 'a', title: 'A' },
    { const: 'b', title: 'B' },
  ]
  for (const field of [
    { type: 'string', enum: ['a', 'b'] },
    { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'B'] },
    { type: 'string', oneOf: titled },
  ]) {
    fits(field, 'a', 'b')
    fails(field, 'one of a, b', 'A', '')
  }
  for (const items of [{ type: 'string', enum: ['a', 'b'] }, { anyOf: titled }]) {
    fits({ type: 'array', items }, [], ['a'], ['b', 'a'])
    fails({ type: 'array', items }, 'only a, b', ['c'], [7])
    fails({ type: 'array', items, minItems: 1 }, 'at least 1', [])
    fails({ type: 'array', items, maxItems: 1 }, 'at most 1', ['a', 'b'])
    fails({ type: 'array', items }, 'must be a list', 'a', { 0: 'a' })
  }
})

test('required fields must be there, and fields that were not asked for must not', () => {
  assert.equal(contentProblems(form({ a: { type: 'string' } }, ['a', 'constructor']), { b: 1 }), [
    'a is required',
    'constructor is required',
    'b was not asked for',
  ])
  assert.equal(contentProblems(form({ a: { type: 'string' } }), { toString: 'x' }), ['toString was not asked for'])
})

test('C-EL-05: fields that were left out get their defaults; others keep what they have', () => {
  const schema = form({
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    verified: { type: 'boolean', default: true },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, default: ['a'] },
    none: { type: 'string' },
  })
  assert.equal(withDefaults(schema, {}), { name: 'John Doe', age: 30, verified: true, tags: ['a'] })
  assert.equal(withDefaults(schema, { name: '', age: 0, verified: false, tags: [], none: undefined }), {
    name: '',
    age: 0,
    verified: false,
    tags: [],
  })
})

test('T8: a field named __proto__ is a field like any other', () => {
  const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string","default":"x"}}}') as JsonObject
  const filled = withDefaults(schema, {})
  assert.ok(Object.hasOwn(filled, '__proto__'))
  assert.equal(contentProblems(schema, filled), [])
})

test.run()
