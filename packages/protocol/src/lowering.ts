/**
 * Compiles a schema and a revision into the function that says a value in that revision's words. What the spans cannot change is not
 * looked at; the function exists only where something can differ, copies only what does, and never touches its argument.
 */

import { anyStructured, formCapability, growingContent, growingMessages, joinedContent, looserSchema } from './change.ts'
import { growingForm } from './growing-form.ts'
import { isObject, type JsonObject } from './json.ts'
import type { ContentBlock } from './model/content.ts'
import type { SamplingMessage } from './model/sampling.ts'
import { atLeast, type Revision } from './revision.ts'
import { type Change, changeOf, spanOf, spans, type TSchema } from './type.ts'

/** Says a value in the words of one revision. Returns the same reference when nothing changes, `undefined` when nothing can be said. */
export type Lowering = (value: unknown) => unknown

/** JSON Schema as TypeBox writes it, as far as the vocabulary uses it. */
interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: TSchema
  readonly items?: TSchema
  readonly anyOf?: readonly TSchema[]
  readonly const?: unknown
}

interface Rewrite {
  /** The first revision whose shape is the newest one. */
  readonly until: Revision
  readonly say: Lowering
  /** Nothing below is vocabulary: the spans inside, if any, are settled by `say`. */
  readonly whole: boolean
}

const on =
  <T>(say: (value: T) => unknown): Lowering =>
  value =>
    isObject(value) || Array.isArray(value) ? say(value as T) : value

const REWRITES: Readonly<Partial<Record<Change, Rewrite>>> = {
  messages: { until: '2025-11-25', say: on<readonly SamplingMessage[]>(growingMessages), whole: false },
  schema: { until: '2026-07-28', say: on<JsonObject>(looserSchema), whole: true },
  structured: { until: '2026-07-28', say: anyStructured, whole: true },
  capability: { until: '2025-11-25', say: on<JsonObject>(formCapability), whole: false },
  form: { until: '2025-11-25', say: on<JsonObject>(growingForm), whole: true },
}

/** The lowering of a schema for a revision, or nothing when no value can differ. */
export function compileLowering(schema: TSchema, revision: Revision): Lowering | undefined {
  const change = changeOf(schema)
  const rewrite = change === undefined ? undefined : REWRITES[change]
  const say = rewrite === undefined || atLeast(revision, rewrite.until) ? undefined : rewrite.say
  if (rewrite?.whole === true) return say
  const below = change === 'content' ? contentLowering(schema, revision) : shapeLowering(schema, revision)
  return say === undefined ? below : below === undefined ? say : value => below(say(value))
}

function shapeLowering(schema: Shape, revision: Revision): Lowering | undefined {
  if (schema.anyOf !== undefined) return unionLowering(schema.anyOf, revision)
  if (schema.items !== undefined) return arrayLowering(compileLowering(schema.items, revision))
  return objectLowering(schema, revision)
}

function objectLowering({ properties = {}, additionalProperties }: Shape, revision: Revision): Lowering | undefined {
  const unknown: string[] = []
  const known: [string, Lowering][] = []
  for (const [name, field] of Object.entries(properties)) {
    if (!spans(spanOf(field), revision) && changeOf(field) !== 'open') unknown.push(name)
    else {
      const lowering = compileLowering(field, revision)
      if (lowering !== undefined) known.push([name, lowering])
    }
  }
  const others = additionalProperties === undefined ? undefined : compileLowering(additionalProperties, revision)
  if (others !== undefined) return mapLowering(others)
  return unknown.length + known.length === 0 ? undefined : fieldLowering(unknown, known)
}

function fieldLowering(unknown: readonly string[], known: readonly (readonly [string, Lowering])[]): Lowering {
  return value => {
    if (!isObject(value)) return value
    let said: Record<string, unknown> | undefined
    for (const name of unknown) {
      if (value[name] === undefined) continue
      said ??= { ...value }
      delete said[name]
    }
    for (const [name, lowering] of known) {
      const field = value[name]
      if (field === undefined) continue
      const lowered = lowering(field)
      if (lowered === field) continue
      said ??= { ...value }
      if (lowered === undefined) delete said[name]
      else said[name] = lowered
    }
    return said ?? value
  }
}

function mapLowering(lowering: Lowering): Lowering {
  return value => {
    if (!isObject(value)) return value
    const entries = Object.entries(value)
    const said = entries.map(([name, each]) => [name, lowering(each)] as const)
    return said.every(([, each], index) => each === entries[index]?.[1]) ? value : Object.fromEntries(said)
  }
}

function arrayLowering(lowering: Lowering | undefined): Lowering | undefined {
  if (lowering === undefined) return undefined
  return value => {
    if (!Array.isArray(value)) return value
    let said: unknown[] | undefined
    for (let index = 0; index < value.length; index++) {
      const lowered = lowering(value[index])
      if (said === undefined && lowered !== value[index]) said = value.slice(0, index)
      if (lowered !== undefined) said?.push(lowered)
    }
    return said ?? value
  }
}

/** A union is told apart by its constants, then by which required words are there; the first branch that fits decides. */
function unionLowering(branches: readonly TSchema[], revision: Revision): Lowering | undefined {
  const known = branches.filter(branch => spans(spanOf(branch), revision))
  const cases = known.map(branch => ({ fits: recogniser(branch), lowering: compileLowering(branch, revision) }))
  if (cases.every(({ lowering }) => lowering === undefined)) return undefined
  return value => {
    if (!isObject(value)) return value
    const lowering = cases.find(({ fits }) => fits(value))?.lowering
    return lowering === undefined ? value : lowering(value)
  }
}

function recogniser({ properties = {}, required = [] }: Shape): (value: JsonObject) => boolean {
  const constants = required.flatMap(name => {
    const constant = constantOf({ properties }, name)
    return constant === undefined ? [] : [[name, constant] as const]
  })
  return value => constants.every(([name, constant]) => value[name] === constant) && required.every(name => value[name] !== undefined)
}

function constantOf({ properties }: Shape, name: string): unknown {
  const field: Shape | undefined = properties?.[name]
  return field?.const
}

/** Content is told apart by `type`. Types that came later are said in an older one; foreign types, of extensions, pass. */
function contentLowering({ anyOf = [] }: Shape, revision: Revision): Lowering | undefined {
  const known = new Map<unknown, Lowering | undefined>()
  const later = new Set<unknown>()
  let many = true
  for (const branch of anyOf) {
    const inSpan = spans(spanOf(branch), revision)
    const type = constantOf(branch, 'type')
    if (type === undefined) many = inSpan
    else if (inSpan) known.set(type, compileLowering(branch, revision))
    else later.add(type)
  }
  if (later.size === 0 && many && [...known.values()].every(lowering => lowering === undefined)) return undefined
  const sayKnown = (block: { readonly type?: unknown }): unknown => known.get(block.type)?.(block) ?? block
  const sayOne: Lowering = block => {
    if (!isObject(block)) return block
    if (!later.has(block['type'])) return sayKnown(block)
    return sayKnown(growingContent(block as unknown as ContentBlock, type => known.has(type)))
  }
  const sayMany = many ? (arrayLowering(sayOne) as Lowering) : (blocks: unknown) => sayOne(joinedContent(blocks as ContentBlock[]))
  return value => (Array.isArray(value) ? sayMany(value) : sayOne(value))
}
