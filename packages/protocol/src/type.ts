/** The schemas of the vocabulary: TypeBox, and two marks of ours that say which revisions know a word and how its type changed. */

import type { Static, TSchema, TUnsafe } from 'typebox'
import { copied, hide, Type } from './builder.ts'
import { type Revision, within } from './revision.ts'

export type { Static, TSchema } from 'typebox'
export { Type } from './builder.ts'

/** Revisions that know a word: from `since` on, before `until`. An absent bound is open. */
export interface Span {
  readonly since?: Revision
  readonly until?: Revision
}

/**
 * How the type of a word grew from one revision to the next, where leaving words out is not enough. Each has a function in `change.ts`
 * that says the newer shape in the older one; `open` alone has none: the word is sent to everyone, because it sits in an object that is
 * open in every revision and extensions need it there.
 */
export type Change = 'content' | 'messages' | 'schema' | 'structured' | 'capability' | 'form' | 'open'

/** The span of words that every revision knows. */
export const ALWAYS: Span = Object.freeze({})

const SPAN = Symbol.for('oarlock.span')
const CHANGE = Symbol.for('oarlock.change')

type Marked = TSchema & { [SPAN]?: Span; [CHANGE]?: Change }

/**
 * A copy of `schema` known in `[since, until)`. The span is kept under a symbol that is not enumerable, so it never reaches the wire.
 * TypeBox's own wrappers copy a schema without it: the span goes outermost, `since('2025-06-18', Type.Optional(Type.String()))`. A field
 * or a branch of a union can carry one; spans of spans intersect.
 */
export function span<T extends TSchema>(bounds: Span, schema: T): T {
  return marked(schema, SPAN, { ...spanOf(schema), ...bounds })
}

/** A copy of `schema` that `revision` introduced. */
export function since<T extends TSchema>(revision: Revision, schema: T): T {
  return span({ since: revision }, schema)
}

/** A copy of `schema` that `revision` removed. */
export function until<T extends TSchema>(revision: Revision, schema: T): T {
  return span({ until: revision }, schema)
}

/** A copy of `schema` whose type changed between revisions. Goes outermost, beside the span. */
export function changed<T extends TSchema>(change: Change, schema: T): T {
  return marked(schema, CHANGE, change)
}

/** The revisions that know the word this schema describes. */
export function spanOf(schema: TSchema): Span {
  return (schema as Marked)[SPAN] ?? ALWAYS
}

/** How the word this schema describes changed its type, if it did. */
export function changeOf(schema: TSchema): Change | undefined {
  return (schema as Marked)[CHANGE]
}

/** Whether `revision` lies in `span`. */
export function spans({ since, until }: Span, revision: Revision): boolean {
  return within(revision, since, until)
}

/** The same schema under the name of its static type, so that editors show the name and the compiler computes the type once. */
export function named<T>(schema: TSchema): TUnsafe<T> {
  return schema as TUnsafe<T>
}

/** An object from arbitrary keys to values of one schema. */
export function mapOf<T extends TSchema>(values: T): TUnsafe<Record<string, Static<T>>> {
  return named(Type.Object({}, { additionalProperties: values }))
}

function marked<T extends TSchema>(schema: T, key: symbol, value: unknown): T {
  return hide(copied(schema), key, value)
}
