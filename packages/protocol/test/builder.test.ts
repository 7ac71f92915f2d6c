/** Our builders make what TypeBox makes, hidden members included. */
import { Type as TypeBox } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Type } from '../src/builder.ts'

const builder = suite('builder')

/** Everything on a schema, seen and unseen. */
function whole(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(whole)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(Object.getOwnPropertyDescriptors(value))
  return Object.fromEntries(
    members.map(([key, { value: inner, enumerable }]) => [`${key}${enumerable === true ? '' : ' (hidden)'}`, whole(inner)]),
  )
}

const SAMPLES = {
  String: (t: typeof Type) => t.String({ minLength: 1 }),
  Number: (t: typeof Type) => t.Number({ minimum: 0, maximum: 1 }),
  Integer: (t: typeof Type) => t.Integer(),
  Boolean: (t: typeof Type) => t.Boolean(),
  Null: (t: typeof Type) => t.Null(),
  Unknown: (t: typeof Type) => t.Unknown(),
  Literal: (t: typeof Type) => t.Literal('text'),
  Enum: (t: typeof Type) => t.Enum(['a', 'b']),
  Array: (t: typeof Type) => t.Array(t.String(), { maxItems: 100 }),
  Union: (t: typeof Type) => t.Union([t.String(), t.Null()]),
  Optional: (t: typeof Type) => t.Optional(t.Array(t.Integer())),
  Object: (t: typeof Type) => t.Object({ a: t.String(), b: t.Optional(t.Object({})) }, { additionalProperties: t.Unknown() }),
}

for (const [name, make] of Object.entries(SAMPLES)) {
  builder(`${name} is the same as TypeBox's`, () => {
    assert.equal(whole(make(Type)), whole(make(TypeBox)))
    assert.is(JSON.stringify(make(Type)), JSON.stringify(make(TypeBox)))
  })
}

builder('there is a sample of each', () => {
  assert.equal(Object.keys(SAMPLES).sort(), Object.keys(Type).sort())
})

builder.run()
