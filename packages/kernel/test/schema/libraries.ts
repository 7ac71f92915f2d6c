/** One schema in every spelling: a number, an email, a choice, a name, an optional list. */

import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { Type as OldType } from '@sinclair/typebox'
import { type } from 'arktype'
import { Type } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { FIELDS } from '../../src/schema/schema.ts'

export const typebox = Type.Object({
  count: Type.Number({ minimum: 1 }),
  email: Type.String({ format: 'email' }),
  color: Type.Union([Type.Literal('red'), Type.Literal('green')]),
  userName: Type.String(),
  tags: Type.Optional(Type.Array(Type.String())),
})

export const oldTypebox = OldType.Object({
  count: OldType.Number({ minimum: 1 }),
  email: OldType.String({ format: 'email' }),
  color: OldType.Union([OldType.Literal('red'), OldType.Literal('green')]),
  userName: OldType.String(),
  tags: OldType.Optional(OldType.Array(OldType.String())),
})

export const zod = z.object({
  count: z.number().min(1),
  email: z.email(),
  color: z.enum(['red', 'green']),
  userName: z.string(),
  tags: z.array(z.string()).optional(),
})

export const ark = type({ count: 'number >= 1', email: 'string.email', color: "'red' | 'green'", userName: 'string', 'tags?': 'string[]' })

export const bareValibot = v.object({
  count: v.pipe(v.number(), v.minValue(1)),
  email: v.pipe(v.string(), v.email()),
  color: v.picklist(['red', 'green']),
  userName: v.string(),
  tags: v.optional(v.array(v.string())),
})

export const valibot = toStandardJsonSchema(bareValibot)

export const raw = {
  type: 'object',
  properties: {
    count: { type: 'number', minimum: 1 },
    email: { type: 'string', format: 'email' },
    color: { enum: ['red', 'green'] },
    userName: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['count', 'email', 'color', 'userName'],
} as const

/** What `@Field` makes of a class, by hand. */
export class Person {
  declare count: number
  declare email: string
  declare color: 'red' | 'green'
  declare userName: string
  declare tags?: string[]

  static [FIELDS](): typeof raw {
    return raw
  }
}

/** Every spelling by its name. */
export const SPELLINGS: Readonly<Record<string, object>> = {
  'typebox 1.x': typebox,
  '@sinclair/typebox 0.34': oldTypebox,
  'zod 4': zod,
  arktype: ark,
  'valibot with its companion': valibot,
  'raw JSON Schema': raw,
  'a class with fields': Person,
}
