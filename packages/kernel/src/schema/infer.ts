/** From a schema in any spelling to the TypeScript types of its values. */

import type { Static, TSchema } from 'typebox'
import type { JsonObject } from '@oarlock/protocol'
import type { Schema } from './schema.ts'

/** TypeBox 1.x marks its schemas so. */
interface TypeBox extends TSchema {
  readonly '~kind': string
}

/** TypeBox 1.x, `Type.Unsafe`. */
interface TypeBoxUnsafe extends TSchema {
  readonly '~unsafe': unknown
}

/** `@sinclair/typebox` 0.34: the type stands on the schema. */
interface OldTypeBox {
  readonly static: unknown
  readonly params: readonly unknown[]
}

interface Standard {
  readonly '~standard': { readonly types?: { readonly input: unknown; readonly output: unknown } | undefined }
}

/**
 * What a handler receives for a schema: the validated value. TypeBox: `Static`; a Standard Schema: its output, after defaults and transforms; a
 * class: its instance type (the value is a plain object of that shape); raw JSON Schema, or none: an object of unknown members.
 */
export type In<S extends Schema> = object extends S
  ? JsonObject
  : S extends Standard
    ? NonNullable<S['~standard']['types']>['output']
    : S extends abstract new (...args: never) => infer Instance
      ? Instance
      : S extends OldTypeBox
        ? S['static']
        : S extends TypeBox | TypeBoxUnsafe
          ? NoInfer<Static<S>>
          : JsonObject

/**
 * What a handler returns for an `output` schema: the value before validation. A Standard Schema: its input; raw JSON Schema: an object where
 * it says `type: 'object'`, else anything; all others as `In`.
 */
export type Out<S extends Schema> = object extends S
  ? unknown
  : S extends Standard
    ? NonNullable<S['~standard']['types']>['input']
    : S extends abstract new (...args: never) => infer Instance
      ? Instance
      : S extends OldTypeBox
        ? S['static']
        : S extends TypeBox | TypeBoxUnsafe
          ? NoInfer<Static<S>>
          : S extends { readonly type: 'object' }
            ? object
            : unknown
