/** Defaults and coercion: what is filled, what is read from text, and what is left as it is. */

import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { compileSchema } from '../../src/schema/compile.ts'
import type { SchemaOptions } from '../../src/schema/schema.ts'

const test = suite('defaults and coercion')

async function valueOf(schema: object, value: unknown, options: SchemaOptions): Promise<unknown> {
  const checked = await compileSchema(schema, options).check(value)
  return checked.ok ? checked.value : checked.issues
}

const DEFAULTS = { defaults: true }
const COERCE = { coerce: true }

test('absent members get their default, present ones keep their value', async () => {
  const schema = Type.Object({
    a: Type.Number({ default: 1 }),
    b: Type.Optional(Type.String({ default: 'x' })),
    c: Type.Object({ d: Type.Boolean({ default: true }) }),
  })
  assert.equal(await valueOf(schema, { c: {} }, DEFAULTS), { c: { d: true }, a: 1, b: 'x' })
  assert.equal(await valueOf(schema, { a: 2, b: 'y', c: { d: false } }, DEFAULTS), { a: 2, b: 'y', c: { d: false } })
})

test('without the option nothing is filled', async () => {
  assert.equal(await valueOf({ type: 'object', properties: { a: { default: 1 } } }, {}, {}), {})
})

test('a value that needs nothing is handed on itself, one that does is copied', async () => {
  const compiled = compileSchema(
    { type: 'object', properties: { list: { type: 'array', items: { type: 'object', properties: { a: { default: 1 } } } } } },
    DEFAULTS,
  )
  const whole = { list: [{ a: 2 }] }
  const checked = await compiled.check(whole)
  assert.is(checked.ok && checked.value, whole)
  const partial = { list: [{ a: 2 }, {}] }
  const filled = await compiled.check(partial)
  assert.equal(filled.ok && filled.value, { list: [{ a: 2 }, { a: 1 }] })
  assert.equal(partial, { list: [{ a: 2 }, {}] })
})

test('a default is a fresh copy every time', async () => {
  const compiled = compileSchema({ type: 'object', properties: { tags: { type: 'array', default: [] } } }, DEFAULTS)
  const [one, other] = [await compiled.check({}), await compiled.check({})]
  assert.ok(one.ok && other.ok)
  assert.is.not((one as { value: { tags: unknown } }).value.tags, (other as { value: { tags: unknown } }).value.tags)
})

test('defaults are found through references, allOf, tuples, additional members and the alternative that fits', async () => {
  const schema = {
    type: 'object',
    $defs: { size: { type: 'number', default: 7 } },
    properties: {
      size: { $ref: '#/$defs/size' },
      color: { type: 'string' },
      pair: { prefixItems: [{}, { type: 'object', properties: { z: { default: 0 } } }] },
    },
    allOf: [{ properties: { color: { default: 'red' } } }],
    additionalProperties: { type: 'object', properties: { seen: { default: false } } },
  }
  assert.equal(await valueOf(schema, { pair: [1, {}], other: {} }, DEFAULTS), {
    pair: [1, { z: 0 }],
    other: { seen: false },
    size: 7,
    color: 'red',
  })
  const shape = {
    anyOf: [
      { type: 'object', properties: { kind: { const: 'circle' }, radius: { default: 1 } } },
      { type: 'object', properties: { kind: { const: 'square' }, side: { default: 2 } } },
    ],
  }
  assert.equal(await valueOf({ type: 'object', properties: { shape } }, { shape: { kind: 'square' } }, DEFAULTS), {
    shape: { kind: 'square', side: 2 },
  })
})

test('recursive schemas are filled to the bottom', async () => {
  const node = { type: 'object', properties: { open: { default: false }, kids: { type: 'array', items: { $ref: '#' } } } }
  assert.equal(await valueOf(node, { kids: [{ kids: [{}] }] }, DEFAULTS), { kids: [{ kids: [{ open: false }], open: false }], open: false })
})

test('text is read as the number, integer, boolean, null or list that is wanted', async () => {
  const read = async (schema: object, text: string) =>
    ((await valueOf({ type: 'object', properties: { x: schema } }, { x: text }, COERCE)) as { x: unknown }).x
  assert.is(await read({ type: 'number' }, ' -1.5e3 '), -1500)
  assert.is(await read({ type: 'integer' }, '42'), 42)
  assert.is(await read({ type: 'boolean' }, 'True'), true)
  assert.is(await read({ type: 'boolean' }, 'false'), false)
  assert.is(await read({ type: ['number', 'null'] }, 'null'), null)
  assert.is(await read({ anyOf: [{ type: 'number' }, { type: 'null' }] }, '3'), 3)
  assert.is(await read({ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'null'), null)
  assert.equal(await read({ type: 'array', items: { type: 'integer' } }, '1,2'), [1, 2])
  assert.equal(await read({ type: 'array', items: { type: 'string' } }, ''), [])
  assert.is(await read({ enum: [1, 2, 'auto'] }, '2'), 2)
  assert.is(await read({ enum: [1, 2, 'auto'] }, 'auto'), 'auto')
  assert.is(await read({ const: true }, 'true'), true)
})

test('text stays text where a string is welcome, and where it cannot be read', async () => {
  const read = async (schema: object, text: string) => valueOf({ type: 'object', properties: { x: schema } }, { x: text }, COERCE)
  assert.equal(await read({ type: 'string' }, '1'), { x: '1' })
  assert.equal(await read({ type: ['number', 'string'] }, '1'), { x: '1' })
  assert.equal(await read({ anyOf: [{ type: 'number' }, { type: 'string' }] }, '1'), { x: '1' })
  for (const text of ['', 'one', '1 000', '0x10', '1e999', 'Infinity', 'NaN']) {
    assert.equal(await read({ type: 'number' }, text), [
      { path: '/x', message: text === '1e999' ? 'expected number, found a number out of range' : 'expected number, found string' },
    ])
  }
  assert.equal(await read({ type: 'boolean' }, 'yes'), [{ path: '/x', message: 'expected boolean, found string' }])
  assert.equal(await read({ type: 'integer' }, '1.5'), [{ path: '/x', message: 'expected integer, found a number with a fraction' }])
})

test('without the option text is refused', async () => {
  assert.equal(await valueOf(Type.Object({ x: Type.Number() }), { x: '1' }, {}), [{ path: '/x', message: 'expected number, found string' }])
})

test('a Standard Schema is fed what its JSON Schema wants', async () => {
  assert.equal(await valueOf(z.object({ n: z.number(), on: z.boolean().default(true) }), { n: '5' }, COERCE), { n: 5, on: true })
})

test.run()
