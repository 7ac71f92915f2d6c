/** A schema that is taken for ordinary has nothing that a full look would find. */
import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { lookOver } from '../../packages/kernel/src/schema/inspect.ts'
import { isOrdinary } from '../../packages/kernel/src/schema/ordinary.ts'
import { holds } from './holds.ts'

const test = suite('ordinary schemas')

const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: odd })

const name = often(fc.constantFrom('a', 'b', 'path'), fc.constantFrom('__proto__', '', 'x-mcp-header')) as fc.Arbitrary<string>
const number = often(fc.integer({ min: 0, max: 9 }), fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '3'))
const scalar = often(fc.constantFrom('x', 1, true), fc.constantFrom(null, undefined, 1n, {}))

/** Words of schemas, mostly used well. */
const { schema } = fc.letrec<{ schema: object; word: [string, unknown]; named: object }>(tie => ({
  schema: fc
    .tuple(
      often(
        fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array'),
        fc.constantFrom('null', 'date', ['string', 'null'], [], 7),
      ),
      fc.array(tie('word'), { maxLength: 4, depthIdentifier: 'schema' }),
    )
    .map(([type, words]) => Object.fromEntries([['type', type], ...words])),
  word: fc.oneof(
    { depthIdentifier: 'schema', maxDepth: 4 },
    fc.tuple(fc.constantFrom('title', 'description'), often(fc.string({ maxLength: 5 }), fc.constant(7))),
    { weight: 3, arbitrary: fc.tuple(fc.constant('properties'), often(tie('named'), fc.constantFrom(null, [], 'x'))) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('items'), often(tie('schema'), fc.constantFrom(true, [{ type: 'string' }]))) },
    fc.tuple(fc.constant('required'), fc.array(name, { maxLength: 3 })),
    fc.tuple(fc.constant('enum'), fc.array(scalar, { maxLength: 3 })),
    fc.tuple(fc.constant('default'), scalar),
    fc.tuple(fc.constantFrom('minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'), number),
    fc.tuple(
      fc.constantFrom('additionalProperties', 'anyOf', 'pattern', '$ref', 'x-mcp-header'),
      fc.constantFrom<unknown>(false, [{ type: 'string' }], '(a+)+$', '#', 'https://example.com/', 'path'),
    ),
  ) as fc.Arbitrary<[string, unknown]>,
  named: fc.array(fc.tuple(name, tie('schema')), { minLength: 1, maxLength: 3 }).map(entries => Object.fromEntries(entries)),
}))

test('nothing is overlooked', async () => {
  let ordinary = 0
  await holds(
    schema,
    whole => {
      const json = { ...whole, type: 'object' }
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
  assert.equal(isOrdinary({ type: 'object', description: 'x'.repeat(200_000) }), false)
  const words = Array.from({ length: 200 }, (_, index) => `${index} ${'x'.repeat(2000)}`)
  assert.equal(isOrdinary({ type: 'object', properties: { a: { type: 'string', enum: words } } }), false)
})

test.run()
