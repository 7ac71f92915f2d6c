/** The schema of a form: one flat object of primitive fields, so that any client can draw it (DIGEST 3.15). */

import { mapOf, named, since, type Static, Type } from '../type.ts'

const text = Type.Optional(Type.String())
const laterText = since('2025-11-25', text)
const labels = { title: text, description: text }

export const StringSchema = Type.Object({
  type: Type.Literal('string'),
  ...labels,
  minLength: Type.Optional(Type.Integer()),
  maxLength: Type.Optional(Type.Integer()),
  format: Type.Optional(Type.Enum(['email', 'uri', 'date', 'date-time'])),
  default: laterText,
})
/** A line of text. */
export interface StringSchema extends Static<typeof StringSchema> {}

export const NumberSchema = Type.Object({
  type: Type.Enum(['number', 'integer']),
  ...labels,
  minimum: Type.Optional(Type.Number()),
  maximum: Type.Optional(Type.Number()),
  default: since('2025-11-25', Type.Optional(Type.Number())),
})
/** A number. */
export interface NumberSchema extends Static<typeof NumberSchema> {}

export const BooleanSchema = Type.Object({ type: Type.Literal('boolean'), ...labels, default: Type.Optional(Type.Boolean()) })
/** Yes or no. */
export interface BooleanSchema extends Static<typeof BooleanSchema> {}

const values = Type.Array(Type.String())
const options = Type.Array(Type.Object({ const: Type.String(), title: Type.String() }))
const counts = {
  minItems: Type.Optional(Type.Integer()),
  maxItems: Type.Optional(Type.Integer()),
  default: Type.Optional(values),
}

export const UntitledSingleSelectEnumSchema = Type.Object({ type: Type.Literal('string'), ...labels, enum: values, default: text })
/** One of several values. */
export interface UntitledSingleSelectEnumSchema extends Static<typeof UntitledSingleSelectEnumSchema> {}

export const TitledSingleSelectEnumSchema = Type.Object({ type: Type.Literal('string'), ...labels, oneOf: options, default: text })
/** One of several values, each with a title to show. */
export interface TitledSingleSelectEnumSchema extends Static<typeof TitledSingleSelectEnumSchema> {}

export const UntitledMultiSelectEnumSchema = Type.Object({
  type: Type.Literal('array'),
  ...labels,
  ...counts,
  items: Type.Object({ type: Type.Literal('string'), enum: values }),
})
/** Any of several values. */
export interface UntitledMultiSelectEnumSchema extends Static<typeof UntitledMultiSelectEnumSchema> {}

export const TitledMultiSelectEnumSchema = Type.Object({
  type: Type.Literal('array'),
  ...labels,
  ...counts,
  items: Type.Object({ anyOf: options }),
})
/** Any of several values, each with a title to show. */
export interface TitledMultiSelectEnumSchema extends Static<typeof TitledMultiSelectEnumSchema> {}

export const LegacyTitledEnumSchema = Type.Object({
  type: Type.Literal('string'),
  ...labels,
  enum: values,
  enumNames: Type.Optional(values),
  default: laterText,
})
/** One of several values with titles in a list beside them: the only way 2025-06-18 has. */
export interface LegacyTitledEnumSchema extends Static<typeof LegacyTitledEnumSchema> {}

export const PrimitiveSchemaDefinition = Type.Union([
  named<StringSchema>(StringSchema),
  named<NumberSchema>(NumberSchema),
  named<BooleanSchema>(BooleanSchema),
  since('2025-11-25', named<UntitledSingleSelectEnumSchema>(UntitledSingleSelectEnumSchema)),
  since('2025-11-25', named<TitledSingleSelectEnumSchema>(TitledSingleSelectEnumSchema)),
  since('2025-11-25', named<UntitledMultiSelectEnumSchema>(UntitledMultiSelectEnumSchema)),
  since('2025-11-25', named<TitledMultiSelectEnumSchema>(TitledMultiSelectEnumSchema)),
  named<LegacyTitledEnumSchema>(LegacyTitledEnumSchema),
])
/** One field of a form. */
export type PrimitiveSchemaDefinition =
  | StringSchema
  | NumberSchema
  | BooleanSchema
  | UntitledSingleSelectEnumSchema
  | TitledSingleSelectEnumSchema
  | UntitledMultiSelectEnumSchema
  | TitledMultiSelectEnumSchema
  | LegacyTitledEnumSchema

export const Form = Type.Object({
  $schema: laterText,
  type: Type.Literal('object'),
  properties: named<Record<string, PrimitiveSchemaDefinition>>(mapOf(PrimitiveSchemaDefinition)),
  required: Type.Optional(values),
})
/** A form: fields by name, and which of them must be filled in. */
export interface Form extends Static<typeof Form> {}
