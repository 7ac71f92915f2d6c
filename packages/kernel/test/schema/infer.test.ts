/** The TypeScript types of every spelling. Checked by tsc; running it proves only that it loads. */

import type { JsonObject } from '@oarlock/protocol'
import { Type } from 'typebox'
import { expectTypeOf } from 'expect-type'
import { suite } from 'uvu'
import { z } from 'zod'
import type { NO_ARGUMENTS } from '../../src/catalog/define.ts'
import type { In, Out } from '../../src/schema/infer.ts'
import type { Schema } from '../../src/schema/schema.ts'
import { withJsonSchema } from '../../src/schema/standard.ts'
import { type ark, type bareValibot, oldTypebox, type Person, type raw, typebox, type valibot, zod } from './libraries.ts'

const test = suite('In and Out')

/** What every spelling of the shared schema describes. */
interface Everyone {
  count: number
  email: string
  color: 'red' | 'green'
  userName: string
}

test('every library gives a handler its own type', () => {
  expectTypeOf<In<typeof typebox>>().toExtend<Everyone & { tags?: string[] }>()
  expectTypeOf<In<typeof oldTypebox>>().toExtend<Everyone & { tags?: string[] }>()
  expectTypeOf<In<typeof zod>>().toExtend<Everyone & { tags?: string[] | undefined }>()
  expectTypeOf<In<typeof ark>>().toExtend<Everyone & { tags?: string[] }>()
  expectTypeOf<In<typeof valibot>>().toExtend<Everyone & { tags?: string[] | undefined }>()
  expectTypeOf<In<typeof bareValibot>>().toEqualTypeOf<In<typeof valibot>>()
  expectTypeOf<In<typeof Person>>().toEqualTypeOf<Person>()
  expectTypeOf<Out<typeof typebox>['count']>().toEqualTypeOf<number>()
  expectTypeOf<Out<typeof Person>>().toEqualTypeOf<Person>()
})

test('a handler receives the output of a Standard Schema and returns its input', () => {
  const schema = z.object({ length: z.string().transform(text => text.length), size: z.number().default(1) })
  expectTypeOf<In<typeof schema>>().toEqualTypeOf<{ length: number; size: number }>()
  expectTypeOf<Out<typeof schema>>().toEqualTypeOf<{ length: string; size?: number | undefined }>()
  const told = withJsonSchema(schema, { type: 'object' })
  expectTypeOf<In<typeof told>>().toEqualTypeOf<{ length: number; size: number }>()
})

test('raw JSON Schema and no schema are an object of unknown members', () => {
  expectTypeOf<In<typeof raw>>().toEqualTypeOf<JsonObject>()
  expectTypeOf<In<typeof NO_ARGUMENTS>>().toEqualTypeOf<JsonObject>()
  expectTypeOf<In<Schema>>().toEqualTypeOf<JsonObject>()
  expectTypeOf<In<object>>().toEqualTypeOf<JsonObject>()
  expectTypeOf<Out<typeof raw>>().toEqualTypeOf<object>()
  expectTypeOf<Out<{ readonly anyOf: readonly [] }>>().toEqualTypeOf<unknown>()
  expectTypeOf<Out<Schema>>().toEqualTypeOf<unknown>()
})

test('unions, unsafe types and recursion of TypeBox are understood', () => {
  const union = Type.Union([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })])
  expectTypeOf<In<typeof union>>().toExtend<{ a: string } | { b: number }>()
  const unsafe = Type.Unsafe<{ when: 'now' }>({ type: 'object' })
  expectTypeOf<In<typeof unsafe>>().toExtend<{ when: 'now' }>()
  const node = Type.Cyclic({ Node: Type.Object({ name: Type.String(), kids: Type.Array(Type.Ref('Node')) }) }, 'Node')
  expectTypeOf<In<typeof node>['kids'][number]['name']>().toEqualTypeOf<string>()
})

test('a wrong member is a compile error', () => {
  const take = <S extends Schema>(_schema: S, _use: (args: In<S>) => unknown) => undefined
  take(typebox, ({ count }) => count.toFixed())
  // @ts-expect-error count is a number
  take(typebox, ({ count }) => count.toUpperCase())
  // @ts-expect-error there is no such member
  take(typebox, ({ cuont }) => cuont)
  // @ts-expect-error count is a number
  take(zod, ({ count }) => count.toUpperCase())
  // @ts-expect-error the handler wants another type than the schema gives
  take(oldTypebox, (args: { count: string }) => args)
})

test.run()
