/** The rewriting of schemas for clients that understand little. */
/* oxlint-disable unicorn/no-thenable -- `then` is a word of JSON Schema */

import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { compileSchema, jsonSchemaOf } from '../../src/schema/compile.ts'
import { inspectSchema } from '../../src/schema/inspect.ts'
import { portableSchema } from '../../src/schema/portable.ts'

const test = suite('portableSchema')

test('references are inlined, and recursion ends in the bare type', () => {
  const schema = {
    type: 'object',
    properties: { home: { $ref: '#/$defs/address', description: 'where' }, tree: { $ref: '#/$defs/node' } },
    $defs: {
      address: { type: 'object', title: 'Address', properties: { street: { type: 'string' } } },
      node: { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#/$defs/node' } } } },
    },
  }
  assert.equal(portableSchema(schema), {
    type: 'object',
    properties: {
      home: { type: 'object', title: 'Address', properties: { street: { type: 'string' } }, description: 'where' },
      tree: { type: 'object', properties: { kids: { type: 'array', items: { type: 'object' } } } },
    },
  })
})

test('type unions become anyOf, boolean schemas go, arrays get items, tuples become lists', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: ['string', 'null'], minLength: 2, description: 'text' },
      b: true,
      c: false,
      d: { type: 'array' },
      e: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
      f: { anyOf: [{ type: 'string' }, false] },
    },
    additionalProperties: false,
  }
  assert.equal(portableSchema(schema), {
    type: 'object',
    properties: {
      a: { description: 'text', anyOf: [{ type: 'string', minLength: 2 }, { type: 'null' }] },
      b: {},
      d: { type: 'array', items: {} },
      e: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] }, maxItems: 2 },
      f: { anyOf: [{ type: 'string' }] },
    },
    additionalProperties: false,
  })
})

test('intersections and unions at the top become one object', () => {
  assert.equal(
    portableSchema({
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'object', properties: { b: { type: 'number' } }, required: ['b'] },
      ],
    }),
    {
      properties: { a: { type: 'string' }, b: { type: 'number' } },
      required: ['a', 'b'],
      type: 'object',
    },
  )
  assert.equal(
    portableSchema({
      oneOf: [
        { type: 'object', properties: { k: { const: 'a' }, x: {} }, required: ['k', 'x'] },
        { type: 'object', properties: { k: { const: 'b' }, y: {} }, required: ['k', 'y'] },
      ],
    }),
    { properties: { k: { anyOf: [{ const: 'a' }, { const: 'b' }] }, x: {}, y: {} }, required: ['k'], type: 'object' },
  )
})

test('nothing is left to warn of, and what fitted before still fits', async () => {
  const schemas = [
    Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Tuple([Type.String(), Type.Number()]) })]),
    z.discriminatedUnion('k', [
      z.object({ k: z.literal('a'), n: z.number().nullable() }),
      z.object({ k: z.literal('b'), l: z.array(z.any()) }),
    ]),
    { type: 'object', properties: { x: { type: ['array', 'null'] } }, if: { required: ['x'] }, then: false, not: { required: ['y'] } },
  ]
  const values = [{ a: 'x', b: ['y', 1] }, { k: 'a', n: null }, { z: 1 }]
  for (const [index, schema] of schemas.entries()) {
    const rewritten = portableSchema(jsonSchemaOf(schema))
    assert.equal(inspectSchema(rewritten, 'input'), [])
    assert.ok((await compileSchema(rewritten).check(values[index])).ok, JSON.stringify(rewritten))
  }
})

test('inlining does not grow without bound', () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `d${index}`,
      { type: 'object', properties: { l: { $ref: `#/$defs/d${index + 1}` }, r: { $ref: `#/$defs/d${index + 1}` } } },
    ]),
  )
  const rewritten = portableSchema({
    type: 'object',
    properties: { x: { $ref: '#/$defs/d0' } },
    $defs: { ...$defs, d30: { type: 'string' } },
  })
  assert.ok(JSON.stringify(rewritten).length < 200_000)
})

test.run()
