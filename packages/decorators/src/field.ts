/** `@Field`: the fields of a class become a schema, so that the class can be used wherever a schema is wanted. */

import { InvalidComponent, type In, type Schema } from '@oarlock/kernel'
import { checkOptions, type JsonObject, type OptionNames } from '@oarlock/protocol'
import { classLineage } from './lineage.ts'
import { isContext, placeOf } from './place.ts'
import { objectOf, type Described } from './value.ts'

/** What can be said about a field or a parameter beside its schema. */
export interface ValueOptions {
  /** Whether it may be absent. Otherwise as TypeBox says: `Type.Optional(…)`. */
  readonly optional?: boolean
  readonly title?: string
  readonly description?: string
}

/** The names of all options. */
export const VALUE_OPTIONS: OptionNames<ValueOptions> = { optional: true, title: true, description: true }

/**
 * The type of a described value: of one schema, or with `[schema]` of an array of it. `never`, which fits anything, where the schema has no static
 * type (raw JSON Schema).
 */
export type ValueOf<S extends Schema | readonly [Schema]> = S extends readonly [infer E extends Schema]
  ? Typed<In<E>>[]
  : S extends Schema
    ? Typed<In<S>>
    : never

type Typed<T> = [JsonObject] extends [T] ? ([T] extends [JsonObject] ? never : T) : T

/** What the compiler names when a schema and the thing it describes do not fit: what the schema lets through, and what can be held. */
export interface Mismatch<Schema, Held> {
  readonly schema: Schema
  readonly held: Held
}

/** `unknown`, which changes nothing, where what the schema lets through (`S`) can be held; a type that nothing fits elsewhere. */
type Fits<S, Held> = [S] extends [Held] ? unknown : Mismatch<S, Held>

/**
 * What `@Field(schema)` may stand on: a field that can hold what the schema lets through. One signature for both dialects, told apart by the place,
 * because an error in one of two overloads of equal length would be told as if it were in the other.
 */
export type FieldDecorator<S> = <T, P extends string | symbol | ClassFieldDecoratorContext>(
  prototype: T,
  place: P & (P extends ClassFieldDecoratorContext<infer _, infer V> ? Fits<S, V> : P extends keyof T ? Fits<S, T[P]> : unknown),
) => void

/**
 * Makes a field a property of its class's schema.
 *
 *     class Address {
 *       @Field(Type.String()) street!: string
 *     }
 *     class Person {
 *       @Field(Type.String({ minLength: 1 }), { description: 'Full name' }) name!: string
 *       @Field(Type.Integer(), { optional: true }) age?: number
 *       @Field(Address) home!: Address
 *       @Field([Address]) others!: Address[]
 *     }
 *
 *     @Tool({ input: Person }) greet(person: Person) { … }
 *
 * The schema is any that Oarlock takes, another class with `@Field`, or `[schema]` for an array. Of a Standard Schema the JSON Schema is used; its
 * transforms do not run. Fields are required unless `optional` says otherwise, or `Type.Optional`. Subclasses have the fields of their parents;
 * one declared again replaces the parent's. Handlers get plain objects of this shape: the class is not instantiated, and its methods are not there.
 *
 * Without a schema (`@Field() name!: string`) the type that the compiler reflected is used; that takes experimentalDecorators with
 * emitDecoratorMetadata, and works for string, number, boolean and other such classes. A class cannot contain itself.
 */
export function Field<const S extends Schema | readonly [Schema]>(schema: S, options?: ValueOptions): FieldDecorator<ValueOf<S>>
export function Field(schema?: undefined, options?: ValueOptions): FieldDecorator<never>
export function Field(schema?: Schema | readonly [Schema], options: ValueOptions = {}): (...args: readonly unknown[]) => void {
  if (isContext(options) || typeof options !== 'object')
    throw new TypeError('Write @Field(…) with parentheses: @Field makes the decorator.')
  checkOptions(options, VALUE_OPTIONS, '@Field')
  return (...args) => {
    const place = placeOf(args)
    if (place.kind !== 'field' || place.isStatic) {
      throw new TypeError(`${place.label} is a ${place.isStatic ? 'static ' : ''}${place.kind}; @Field describes a field of instances.`)
    }
    const notes = place.member()
    if (typeof notes.key === 'symbol' || notes.access !== undefined) {
      throw new TypeError(`${place.label} cannot be a property in JSON. @Field describes fields that are public and named by text.`)
    }
    const { optional, title, description } = options
    notes.field = { schema, optional, title, description, reflected: place.reflected('design:type') }
    place.offerFields(fieldsMethod)
  }
}

function fieldsMethod(this: object): JsonObject {
  return fieldsOf(this)
}

// Classes whose schema is being made, outermost first. Making one is synchronous.
const making: object[] = []

/** The JSON Schema of a class with `@Field` fields. @throws InvalidComponent for a field without a schema, or a class that contains itself */
export function fieldsOf(constructor: object): JsonObject {
  const name = (constructor as { name?: string }).name || 'an anonymous class'
  if (making.includes(constructor))
    throw new InvalidComponent(name, ['it contains itself. Recursive classes have no schema yet; describe the inner one by hand.'])
  const fields = new Map<string, Described>()
  for (const { key, field } of classLineage(constructor, false).flatMap(level => level.members)) {
    if (field === undefined) continue
    fields.set(key as string, { note: field, where: `${name}.${key as string}`, spelling: '@Field(Type.String()) or another schema' })
  }
  making.push(constructor)
  try {
    return objectOf(fields)
  } finally {
    making.pop()
  }
}
