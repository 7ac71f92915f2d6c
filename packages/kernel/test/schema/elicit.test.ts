/** Forms for the user: what they may hold, and what is refused with the field and the rule. */

import { Type as OldType } from '@sinclair/typebox'
import { type } from 'arktype'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { elicitForm, elicitSchema } from '../../src/schema/elicit.ts'
import { formatIssues } from '../../src/schema/issues.ts'

const test = suite('forms')

const form = (x: object, more: object = {}): object => ({ type: 'object', properties: { x }, ...more })

test('texts, numbers, integers and booleans keep their labels, bounds and defaults', () => {
  const schema = Type.Object({
    name: Type.String({ title: 'Name', description: 'Your name', minLength: 1, maxLength: 50, default: 'Ada' }),
    mail: Type.String({ format: 'email' }),
    age: Type.Integer({ minimum: 0, maximum: 150, default: 30 }),
    score: Type.Optional(Type.Number({ default: 95.5 })),
    sure: Type.Boolean({ default: true }),
  })
  assert.equal(elicitSchema(schema), {
    type: 'object',
    properties: {
      name: { type: 'string', title: 'Name', description: 'Your name', minLength: 1, maxLength: 50, default: 'Ada' },
      mail: { type: 'string', format: 'email' },
      age: { type: 'integer', minimum: 0, maximum: 150, default: 30 },
      score: { type: 'number', default: 95.5 },
      sure: { type: 'boolean', default: true },
    },
    required: ['name', 'mail', 'age', 'sure'],
  })
})

test('the five spellings of choices go out as they are written', () => {
  const properties = {
    untitledSingle: { type: 'string', enum: ['a', 'b'] },
    titledSingle: {
      type: 'string',
      oneOf: [
        { const: 'a', title: 'A' },
        { const: 'b', title: 'B' },
      ],
    },
    legacyEnum: { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'B'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, minItems: 1, maxItems: 2, default: ['a'] },
    titledMulti: {
      type: 'array',
      items: {
        anyOf: [
          { const: 'a', title: 'A' },
          { const: 'b', title: 'B' },
        ],
      },
    },
  }
  assert.equal(elicitSchema({ type: 'object', properties }), { type: 'object', properties })
})

test('unions of literals become choices in every library', () => {
  const choice = { type: 'object', properties: { x: { type: 'string', enum: ['a', 'b'] } }, required: ['x'] }
  assert.equal(elicitSchema(Type.Object({ x: Type.Union([Type.Literal('a'), Type.Literal('b')]) })), choice)
  assert.equal(elicitSchema(OldType.Object({ x: OldType.Union([OldType.Literal('a'), OldType.Literal('b')]) })), choice)
  assert.equal(elicitSchema(Type.Object({ x: Type.Enum(['a', 'b']) })), choice)
  assert.equal(elicitSchema(z.object({ x: z.enum(['a', 'b']) })), choice)
  assert.equal(elicitSchema(z.object({ x: z.union([z.literal('a'), z.literal('b')]) })), choice)
  assert.equal(elicitSchema(type({ x: "'a' | 'b'" })), choice)
  assert.equal(elicitSchema(Type.Object({ x: Type.Union([Type.Literal('a', { title: 'A' }), Type.Literal('b')]) })), {
    type: 'object',
    properties: {
      x: {
        type: 'string',
        oneOf: [
          { const: 'a', title: 'A' },
          { const: 'b', title: 'b' },
        ],
      },
    },
    required: ['x'],
  })
})

test('a format brings its pattern with it in zod, and only the format goes out', () => {
  assert.equal(elicitSchema(z.object({ x: z.email() })), {
    type: 'object',
    properties: { x: { type: 'string', format: 'email' } },
    required: ['x'],
  })
})

test('S-EL-04: what a form cannot hold is refused by field and rule', () => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [form({ type: 'object', properties: {} }), /^Form field "x": must be a string, number, integer, boolean, or a choice, and is "object"/],
    [form({ type: 'array', items: { type: 'string' } }), /^Form field "x": a list must be a choice of texts/],
    [form({ type: 'string', pattern: '^a' }), /^Form field "x": pattern is not allowed in a form/],
    [form({ type: 'string', format: 'uuid' }), /^Form field "x": format "uuid" is not allowed: use email, uri, date, date-time/],
    [form({ type: 'number', exclusiveMinimum: 0 }), /^Form field "x": exclusiveMinimum is not allowed/],
    [form({ enum: [1, 2] }), /^Form field "x": a choice is among texts/],
    [form({ type: 'string', default: 5 }), /^Form field "x": its default is not of its own type/],
    [form({ anyOf: [{ type: 'string' }, { type: 'number' }] }), /^Form field "x": must be a string/],
    [form({ type: 'null' }), /^Form field "x": must be a string/],
    [form({ type: 'string' }, { allOf: [{}] }), /A form is a flat list of fields: allOf is not allowed/],
    [{ type: 'string' }, /A form must be an object schema with properties/],
  ]
  for (const [schema, text] of refused) assert.throws(() => elicitSchema(schema), text)
})

test('an answer is checked by the schema as written', async () => {
  const pick = elicitForm(z.object({ code: z.string().refine(code => code !== 'bad', 'is not a good code'), n: z.number().default(3) }))
  assert.equal(await pick.check({ code: 'good' }), { ok: true, value: { code: 'good', n: 3 } })
  const refused = await pick.check({ code: 'bad' })
  assert.is(refused.ok || formatIssues(refused.issues), '`/code`: is not a good code')
  const titled = elicitForm(form({ type: 'string', oneOf: [{ const: 'a', title: 'A' }] }))
  assert.not.ok((await titled.check({ x: 'b' })).ok)
})

test('one form is made per schema object', () => {
  const schema = Type.Object({ x: Type.String() })
  assert.is(elicitForm(schema), elicitForm(schema))
})

test.run()
