/** The words of argument errors: five at most, each with its path, what was expected, and the kind found. */
/* oxlint-disable unicorn/no-thenable -- `then` is a word of JSON Schema */

import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileSchema } from '../../src/schema/compile.ts'
import { formatIssues } from '../../src/schema/issues.ts'
import type { JsonObject } from '@oarlock/protocol'

const test = suite('issues')

async function told(schema: object, value: unknown): Promise<string> {
  const checked = await compileSchema(schema).check(value)
  return checked.ok ? 'fits' : formatIssues(checked.issues)
}

/** What is told about the member `x` of an object. */
async function toldOf(member: unknown, value: unknown, more: JsonObject = {}): Promise<string> {
  const text = await told({ type: 'object', properties: { x: member }, ...more }, { x: value })
  return text.replace('`/x`: ', '')
}

test('every bound says on which side of it the value is', async () => {
  const told: readonly (readonly [unknown, unknown, string])[] = [
    [{ type: 'number', minimum: 3 }, 2, 'expected a number >= 3, found a smaller one'],
    [{ type: 'number', maximum: 3 }, 4, 'expected a number <= 3, found a larger one'],
    [{ type: 'number', exclusiveMinimum: 3 }, 3, 'expected a number > 3, found one that is not'],
    [{ type: 'number', exclusiveMaximum: 3 }, 3, 'expected a number < 3, found one that is not'],
    [{ type: 'number', multipleOf: 0.1 }, 0.25, 'expected a multiple of 0.1, found another number'],
    [{ type: 'string', minLength: 2 }, '😀', 'expected at least 2 characters, found fewer'],
    [{ type: 'string', maxLength: 1 }, '😀😀', 'expected at most 1 character, found more'],
    [{ type: 'array', minItems: 1 }, [], 'expected at least 1 item, found fewer'],
    [{ type: 'array', maxItems: 1 }, [1, 2], 'expected at most 1 item, found more'],
    [{ type: 'object', minProperties: 2 }, { a: 1 }, 'expected at least 2 properties, found fewer'],
    [{ type: 'object', maxProperties: 0 }, { a: 1 }, 'expected at most 0 properties, found more'],
    [{ type: 'integer' }, 1.5, 'expected integer, found a number with a fraction'],
    [{ type: 'string', pattern: '^a' }, 'b', 'expected a string that matches ^a, found another string'],
    [
      { type: 'array', uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      'expected items that differ from one another',
    ],
    [{ type: 'array', contains: { type: 'string' }, minContains: 2 }, ['a', 1], 'expected at least 2 fitting items, found fewer'],
    [{ type: ['string', 'null'] }, 1, 'expected string or null, found number'],
    [{ const: 'a' }, 'b', 'expected "a", found another string'],
    [{ not: { type: 'string' } }, 'b', 'is of a kind that is not allowed here'],
    [false, 'b', 'is not allowed here'],
  ]
  for (const [member, value, text] of told) assert.is(await toldOf(member, value), text)
})

test('an enumeration lists ten values and counts the rest', async () => {
  const text = await toldOf({ enum: Array.from({ length: 25 }, (_, index) => `v${index}`) }, 'no')
  assert.is(text, 'expected one of "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9" and 15 more, found another string')
})

test('a union of literals reads as an enumeration, a union of types as a list of types', async () => {
  assert.is(await toldOf(Type.Union([Type.Literal('a'), Type.Literal(1)]), true), 'expected one of "a", 1, found boolean')
  assert.is(await toldOf(Type.Union([Type.String(), Type.Number()]), null), 'expected string or number, found null')
  assert.is(await toldOf(Type.Union([Type.String(), Type.Literal(1)]), null), 'expected string or 1, found null')
})

test('a union of objects is explained by the alternative that was meant', async () => {
  const circle = Type.Object({ kind: Type.Literal('circle'), radius: Type.Number() })
  const square = Type.Object({ kind: Type.Literal('square'), side: Type.Number() })
  const shape = Type.Union([circle, square])
  assert.is(await toldOf(shape, { kind: 'square', side: '3' }), '`/x/side`: expected number, found string')
  assert.is(await toldOf(shape, { kind: 'oval' }), '`/x/kind`: expected one of "circle", "square", found another string')
  assert.is(await toldOf(shape, {}), '`/x/kind`: required property is missing')
  assert.is(await toldOf(Type.Union([shape, Type.Null()]), { kind: 'circle' }), '`/x/radius`: required property is missing')
  const untold = Type.Union([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })])
  assert.is(
    await toldOf(untold, {}),
    'fits none of 2 alternatives: `/a` required property is missing; or `/b` required property is missing',
  )
})

test('one of several that exclude one another may not fit twice', async () => {
  assert.is(await toldOf({ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 1), 'expected to fit exactly one of 2 alternatives, fits 2')
})

test('conditions, dependencies, names and what no schema speaks about are explained too', async () => {
  assert.is(
    await toldOf({ if: { type: 'number' }, then: { minimum: 5 }, else: { type: 'string' } }, 3),
    'expected a number >= 5, found a smaller one',
  )
  assert.is(await toldOf({ if: { type: 'number' }, then: { minimum: 5 }, else: { type: 'string' } }, null), 'expected string, found null')
  assert.is(
    await told({ type: 'object', dependentRequired: { card: ['address'] } }, { card: 1 }),
    '`/address`: required property is missing, because `card` is present',
  )
  assert.is(
    await told({ type: 'object', dependentSchemas: { card: { required: ['address'] } } }, { card: 1 }),
    '`/address`: required property is missing',
  )
  assert.is(await told({ type: 'object', propertyNames: { maxLength: 2 } }, { card: 1 }), '`/card`: property name is not allowed')
  assert.is(
    await told({ type: 'object', patternProperties: { '^n': { type: 'number' } }, additionalProperties: false }, { n1: 'x', q: 1 }),
    '`/n1`: expected number, found string\n`/q`: unknown property; none is allowed here',
  )
  const closed = {
    type: 'object',
    allOf: [{ properties: { first: {} } }, { $ref: '#/$defs/second' }],
    $defs: { second: { properties: { second: {} } } },
    unevaluatedProperties: false,
  }
  assert.is(await told(closed, { first: 1, secnd: 2 }), "`/secnd`: unknown property. Did you mean 'second'?")
})

test('the path is a JSON Pointer, also through references and tuples', async () => {
  const node = { type: 'object', properties: { 'a/b': { type: 'array', prefixItems: [{ type: 'string' }, { $ref: '#' }] } } }
  assert.is(await told(node, { 'a/b': ['x', { 'a/b': [1] }] }), '`/a~1b/1/a~1b/0`: expected string, found number')
})

test('T35: names of a caller are cut and cleaned, values are never repeated', async () => {
  const closed = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
  const text = await told(closed, { [`x\n${'y'.repeat(100_000)}`]: 1, a: { secret: 'hunter2' } })
  assert.ok(text.length < 600)
  assert.is(text.split('\n').length, 2)
  assert.not.match(text, /hunter2/)
  const deep = JSON.parse(`${'{"abcdefgh":'.repeat(60)}1${'}'.repeat(60)}`) as unknown
  const nested = { type: 'object', additionalProperties: { $ref: '#' } }
  const issues = await compileSchema(nested).check(deep)
  assert.ok(!issues.ok && (issues.issues[0]?.path.length ?? 0) <= 201)
})

test('more than five mistakes are told as five', async () => {
  const many = Type.Object(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, Type.Number()])))
  assert.is((await told(many, {})).split('\n').length, 5)
  assert.is(
    (
      await told(
        Type.Array(Type.Number()),
        Array.from({ length: 50 }, () => 'x'),
      )
    ).split('\n').length,
    5,
  )
})

test('what only the validator understands still gets an answer', async () => {
  assert.is(await toldOf({ type: 'array', prefixItems: [{}], unevaluatedItems: false }, [1, 2]), 'does not fit the schema')
})

test.run()
