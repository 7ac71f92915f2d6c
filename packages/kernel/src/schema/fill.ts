/** Prepares a value for validation: absent members from `default`, and strings read as what the schema wants. Planned once per schema. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { coercion } from './coerce.ts'
import { set } from './keyword.ts'
import { references, type References } from './reference.ts'
import type { SchemaOptions } from './schema.ts'

/** Answers the value itself when there is nothing to do, else a copy. Never changes what it is given. */
export type Fill = (value: unknown) => unknown

/**
 * The plan for `schema`, or undefined when no part of it asks for anything. Follows local references, `properties`, `items`, `prefixItems`,
 * `additionalProperties`, `allOf`, and of `anyOf` and `oneOf` the first branch whose type and constant members fit the value.
 */
export function filling(schema: JsonObject, options: Pick<SchemaOptions, 'coerce' | 'defaults'>): Fill | undefined {
  if (options.coerce !== true && options.defaults !== true) return undefined
  const planner = new Planner(schema, options.coerce === true, options.defaults === true)
  return planner.plan(schema)
}

/** A plan that other plans can point to before it is known, so that recursive schemas work. */
interface Slot {
  fill: Fill | undefined
  /** False while the plan is being made: its user must look again at run time. */
  done: boolean
}

class Planner {
  readonly #slots = new Map<JsonObject, Slot>()
  readonly #references: References
  readonly #coerce: boolean
  readonly #defaults: boolean

  constructor(root: JsonObject, coerce: boolean, defaults: boolean) {
    this.#references = references(root)
    this.#coerce = coerce
    this.#defaults = defaults
  }

  plan(schema: unknown): Fill | undefined {
    if (!isObject(schema)) return undefined
    const known = this.#slots.get(schema)
    if (known !== undefined) return known.done ? known.fill : value => (known.fill === undefined ? value : known.fill(value))
    const slot: Slot = { fill: undefined, done: false }
    this.#slots.set(schema, slot)
    slot.fill = sequence([
      this.#coerce ? coercion(schema) : undefined,
      this.plan(this.#target(schema)),
      ...many(schema['allOf']).map(branch => this.plan(branch)),
      this.#branches(schema['anyOf'] ?? schema['oneOf']),
      this.#members(schema),
      this.#items(schema),
    ])
    slot.done = true
    return slot.fill
  }

  #target(schema: JsonObject): unknown {
    const ref = schema['$ref']
    return typeof ref === 'string' ? this.#references.resolve(schema, ref) : undefined
  }

  #branches(value: unknown): Fill | undefined {
    const branches = many(value).map(schema => this.#resolved(schema))
    const plans = branches.map(schema => this.plan(schema))
    if (plans.every(plan => plan === undefined)) return undefined
    const fits = branches.map(schema => (isObject(schema) ? shape(schema) : () => true))
    return value => {
      const fitting = fits.findIndex(fit => fit(value))
      if (fitting !== -1) return apply(plans[fitting], value)
      // No branch takes the value as it is: the first one that can read it wins.
      for (const [index, plan] of plans.entries()) {
        const changed = apply(plan, value)
        if (changed !== value && fits[index]?.(changed) === true) return changed
      }
      return value
    }
  }

  #resolved(schema: unknown): unknown {
    for (let hops = 0, at = schema; hops < 16; hops += 1) {
      const target = isObject(at) ? this.#target(at) : undefined
      if (target === undefined) return at
      at = target
    }
    return schema
  }

  #members(schema: JsonObject): Fill | undefined {
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    const names = Object.keys(properties)
    const plans = names.map(name => [name, this.plan(properties[name])] as const).filter(entry => entry[1] !== undefined)
    const defaults = this.#defaults ? names.flatMap(name => this.#default(name, properties[name])) : []
    const others = this.plan(schema['additionalProperties'])
    if (plans.length === 0 && defaults.length === 0 && others === undefined) return undefined
    const declared = new Set(names)
    return value => {
      if (!isObject(value)) return value
      const change = new Change(value)
      for (const [name, plan] of plans) if (Object.hasOwn(value, name)) change.write(name, (plan as Fill)(value[name]))
      if (others !== undefined) for (const name of Object.keys(value)) if (!declared.has(name)) change.write(name, others(value[name]))
      for (const [name, fresh] of defaults) if (!Object.hasOwn(value, name)) change.write(name, fresh())
      return change.result
    }
  }

  #default(name: string, schema: unknown): readonly (readonly [name: string, fresh: () => unknown])[] {
    const holder = [schema, this.#resolved(schema)].find(at => isObject(at) && at['default'] !== undefined)
    if (!isObject(holder)) return []
    const value = holder['default']
    return [[name, typeof value === 'object' && value !== null ? () => structuredClone(value) : () => value]]
  }

  #items(schema: JsonObject): Fill | undefined {
    const old = Array.isArray(schema['items'])
    const first = many(old ? schema['items'] : schema['prefixItems']).map(item => this.plan(item))
    const rest = this.plan(old ? schema['additionalItems'] : schema['items'])
    if (rest === undefined && first.every(plan => plan === undefined)) return undefined
    return value => {
      if (!Array.isArray(value)) return value
      const items: readonly unknown[] = value
      const filled = items.map((item, index) => apply(index < first.length ? first[index] : rest, item))
      return filled.some((item, index) => item !== items[index]) ? filled : items
    }
  }
}

/** A copy on the first write. */
class Change {
  result: JsonObject
  readonly #original: JsonObject

  constructor(original: JsonObject) {
    this.result = original
    this.#original = original
  }

  write(name: string, value: unknown): void {
    if (Object.hasOwn(this.#original, name) && this.#original[name] === value) return
    if (this.result === this.#original) this.result = { ...this.#original }
    set(this.result, name, value)
  }
}

/** Whether a value has the outer shape of a schema: its type, its constant, and the constants of its members. */
function shape(schema: JsonObject): (value: unknown) => boolean {
  const types: readonly unknown[] = many(schema['type'] ?? [])
  const allowed = 'const' in schema ? [schema['const']] : schema['enum']
  const constants = Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).flatMap(([name, member]) =>
    isObject(member) && 'const' in member ? [[name, member['const']] as const] : [],
  )
  return value =>
    (types.length === 0 || types.some(type => isOf(type, value))) &&
    (!Array.isArray(allowed) || typeof value === 'object' || allowed.includes(value)) &&
    constants.every(([name, constant]) => isObject(value) && Object.hasOwn(value, name) && value[name] === constant)
}

function isOf(type: unknown, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

function sequence(fills: readonly (Fill | undefined)[]): Fill | undefined {
  const steps = fills.filter(fill => fill !== undefined)
  if (steps.length < 2) return steps[0]
  return value => steps.reduce((done, step) => step(done), value)
}

function apply(fill: Fill | undefined, value: unknown): unknown {
  return fill === undefined ? value : fill(value)
}

function many(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}
