/** The components of a registry: each the same object for as long as clients would see, and servers check, the same. */

import type { Component } from '@oarlock/kernel'
import { componentOf, type Around } from './component.ts'
import type { PromptDefinition } from './definition.ts'
import type { Pins } from './pin.ts'
import type { PromptRecord } from './record.ts'

/** What a definition holds that lists do not show and the kernel does not check: the record that is held when a call comes is asked for it. */
const INNER = ['category', 'template', 'extends', 'variants', 'values'] as const satisfies readonly (keyof PromptDefinition)[]

interface Kept {
  readonly record: PromptRecord
  readonly component: Component
  readonly isPinned: boolean
}

/** Makes components when they are first asked for. A server announces a prompt when its component is another object than before. */
export class Components {
  readonly #around: Around
  readonly #pins: Pins | undefined
  readonly #kept = new Map<string, Kept>()

  constructor(around: Around, pins: Pins | undefined) {
    this.#around = around
    this.#pins = pins
  }

  /** @param isOneOfSeveral there are other versions, among which callers may be pinned to one */
  of(record: PromptRecord, isOneOfSeveral: boolean): Component {
    const isPinned = isOneOfSeveral && this.#pins !== undefined
    const kept = this.#kept.get(record.key)
    if (kept?.record === record && kept.isPinned === isPinned) return kept.component
    const isAsBefore = kept?.isPinned === isPinned && looksLike(kept.record, record)
    const component = isAsBefore ? kept.component : componentOf(record, isPinned ? this.#pins?.guard(record) : undefined, this.#around)
    this.#kept.set(record.key, { record, component, isPinned })
    return component
  }

  /** Forgets prompts that are gone. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.#kept.delete(key)
  }
}

/** Whether two records of one key are told apart by their texts alone. */
function looksLike(a: PromptRecord, b: PromptRecord): boolean {
  return a.origin === b.origin && isSame(outer(a.definition), outer(b.definition))
}

function outer(definition: PromptDefinition): object {
  return Object.fromEntries(
    Object.entries(definition).filter(([key, value]) => value !== undefined && !(INNER as readonly string[]).includes(key)),
  )
}

/** Whether two values are the same data. Functions, and objects that may hold more than their members show (schemas of a library), only if they are one. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && isSame(a[key], b[key]))
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false
  return Reflect.ownKeys(value).length === Object.keys(value).length
}
