/**
 * zod's own `validate` runs a schema synchronously first, and begins again when some function of it turns out to be asynchronous. The promise of the first
 * attempt is dropped: where it rejects, nobody catches it, and the process ends (zod issue 6610). Schemas that hold functions are therefore parsed
 * the asynchronous way at once, and their functions run once instead of twice.
 */

import { isObject } from '@oarlock/protocol'
import type { StandardSchema } from './schema.ts'

type Validate = StandardSchema['~standard']['validate']

/** How a schema validates. For all but zod's, and for those of zod that hold no function, that is its own `validate`. */
export function validateOf(schema: StandardSchema): Validate {
  const { vendor, validate } = schema['~standard']
  const { safeParseAsync } = schema as { readonly safeParseAsync?: unknown }
  if (vendor !== 'zod' || typeof safeParseAsync !== 'function' || !mayWait(schema, new Set())) return validate
  return async value => {
    const parsed = (await safeParseAsync.call(schema, value)) as Parsed
    return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues }
  }
}

type Parsed =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly { readonly message: string; readonly path: PropertyKey[] }[] } }

/** Schemas that run no function of their author's, beside those in the schemas that they are made of. */
const PLAIN: ReadonlySet<unknown> = new Set(
  (
    'string number int boolean bigint symbol null undefined void nan date file any unknown never enum literal template_literal ' +
    'object array tuple record map set union intersection optional exact_optional nullable nonoptional default prefault readonly success'
  ).split(' '),
)

/** Members of a definition that are not looked into: what is looked at already, and what calls the author's function when it is read. */
const APART: ReadonlySet<string> = new Set(['checks', 'defaultValue'])

/** Whether a schema, or one that it is made of, might wait for something. What is unknown might. */
function mayWait(schema: unknown, seen: Set<unknown>): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  const def = defOf(schema)
  if (def === undefined || !PLAIN.has(def['type'])) return true
  const checks = Array.isArray(def['checks']) ? (def['checks'] as unknown[]) : []
  return [def, ...checks.map(checkOf)].some(each => each === undefined || partsMayWait(each, seen))
}

/** The definition of a check; undefined where it runs a function of the author's. */
function checkOf(check: unknown): Def | undefined {
  const def = defOf(check)
  return (def?.['check'] ?? 'custom') === 'custom' ? undefined : def
}

/** Whether one of the schemas in a definition might: those that a value is made of, or those that a check (`z.property`) holds its members to. */
function partsMayWait(def: Def, seen: Set<unknown>): boolean {
  return Object.keys(def).some(name => !APART.has(name) && partsOf(def[name]).some(inner => mayWait(inner, seen)))
}

type Def = Readonly<Record<string, unknown>>

/** What zod tells of a schema or a check to whoever builds on it. */
function defOf(part: unknown): Def | undefined {
  const inner = isSchema(part) ? part._zod.def : undefined
  return isObject(inner) ? inner : undefined
}

function isSchema(value: unknown): value is { readonly _zod: { readonly def: unknown } } {
  return typeof value === 'object' && value !== null && '_zod' in value && isObject(value._zod)
}

/** The schemas among the members of a definition: one, a list, or an object's shape. */
function partsOf(part: unknown): readonly unknown[] {
  if (isSchema(part)) return [part]
  if (Array.isArray(part)) return part.filter(isSchema)
  return isObject(part) ? Object.values(part).filter(isSchema) : []
}
