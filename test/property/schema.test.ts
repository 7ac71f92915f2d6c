/** A schema that is taken for ordinary has nothing that a full look would find. */
import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { lookOver } from '../../packages/kernel/src/schema/inspect.ts'
import { isOrdinary } from '../../packages/kernel/src/schema/ordinary.ts'
import { holds } from './holds.ts'

const test = suite('ordinary schemas')

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null', 'date']
const name = fc.oneof(fc.constantFrom('a', 'b', 'path', '__proto__', 'x-mcp-header', ''), fc.string({ maxLength: 5 }))
const number = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constantFrom(0.5, Number.NaN, Number.POSITIVE_INFINITY))
const scalar = fc.oneof(fc.string({ maxLength: 4 }), number, fc.boolean(), fc.constantFrom(null, undefined, 1n))

/** Words of schemas, mostly used well. */
const { schema } = fc.letrec(tie => ({
  schema: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('simple'), tie('nested')),
  simple: fc.record({
    type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...TYPES.slice(0, 4)) }, { weight: 1, arbitrary: fc.anything() }),
  }),
  nested: fc.record(
    {
      type: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...TYPES) },
        { weight: 1, arbitrary: fc.constantFrom<unknown>(['string', 'null'], 7) },
      ),
      description: fc.oneof({ weight: 9, arbitrary: fc.string() }, { weight: 1, arbitrary: number }),
      properties: fc.oneof(
        { weight: 9, arbitrary: fc.dictionary(name, tie('schema'), { maxKeys: 4 }) },
        { weight: 1, arbitrary: fc.anything() },
      ),
      items: fc.oneof({ weight: 9, arbitrary: tie('schema') }, { weight: 1, arbitrary: fc.array(tie('schema'), { maxLength: 2 }) }),
      required: fc.array(name, { maxLength: 3 }),
      enum: fc.array(scalar, { maxLength: 3 }),
      default: scalar,
      minimum: number,
      maximum: number,
      minLength: number,
      maxLength: number,
      minItems: number,
      maxItems: number,
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      anyOf: fc.array(tie('schema'), { maxLength: 2 }),
      pattern: fc.constantFrom('^a+$', '(a+)+$'),
      $ref: fc.constantFrom('#', '#/properties/a', 'https://example.com/'),
      'x-mcp-header': name,
    },
    { requiredKeys: ['type'] },
  ),
}))

/** Leaves out most words, so that what is left is often ordinary. */
const sparse = fc
  .tuple(schema, fc.infiniteStream(fc.nat({ max: 9 })))
  .map(([whole, dice]) => thinned(whole, () => dice.next().value as number))

function thinned(value: unknown, dice: () => number): unknown {
  if (Array.isArray(value)) return value.map(item => thinned(item, dice))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([word]) => word === 'type' || word === 'properties' || word === 'items' || dice() < 2)
  return Object.fromEntries(kept.map(([word, inner]) => [word, thinned(inner, dice)]))
}

test('nothing is overlooked', async () => {
  let ordinary = 0
  await holds(
    sparse,
    whole => {
      const json = { ...(whole as object), type: 'object' }
      if (!isOrdinary(json)) return
      ordinary += 1
      for (const role of ['input', 'output'] as const) assert.deepEqual(lookOver(json, role), [])
    },
    4000,
  )
  assert.ok(ordinary > 500, `only ${ordinary} of the schemas were ordinary`)
})

test('what most tools have is ordinary', () => {
  const json = {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Path of the file', minLength: 1 },
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: 10 },
      mode: { type: 'string', enum: ['fast', 'exact'] },
      tags: { type: 'array', items: { type: 'string' }, maxItems: 5 },
      where: { type: 'object', properties: { deep: { type: 'boolean' } }, required: ['deep'] },
    },
    required: ['path'],
  }
  assert.equal(isOrdinary(json), true)
})

test('what contains itself, or is very large, is not taken for ordinary', () => {
  const itself: { type: string; properties: Record<string, unknown> } = { type: 'object', properties: {} }
  itself.properties['again'] = itself
  assert.equal(isOrdinary(itself), false)
  const wide = {
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`p${index}`, { type: 'string' }])),
  }
  assert.equal(isOrdinary(wide), false)
  assert.equal(isOrdinary({ type: 'object', description: 'x'.repeat(5000) }), false)
})

test.run()
