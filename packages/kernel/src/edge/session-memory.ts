/** What handlers remember of a session: plain JSON values by key. */

import type { JsonObject } from '@oarlock/protocol'
import type { SessionValues } from '../context.ts'

/** The values of one session. */
export class SessionMemory implements SessionValues {
  readonly id: string
  readonly #changed: () => void
  readonly #values: Map<string, unknown>

  /** @param changed called after each change */
  constructor(id: string, values: JsonObject | undefined, changed: () => void) {
    this.id = id
    this.#changed = changed
    this.#values = new Map(Object.entries(values ?? {}))
  }

  get(key: string): unknown {
    return this.#values.get(key)
  }

  set(key: string, value: unknown): void {
    const text = value === undefined ? undefined : (JSON.stringify(value) as string | undefined)
    if (value !== undefined && text === undefined)
      throw new TypeError(`session.set('${key}'): the value must be plain JSON, not a ${typeof value}`)
    // What a store would give back, so that it makes no difference whether there is one.
    if (text === undefined) this.#values.delete(key)
    else this.#values.set(key, JSON.parse(text))
    this.#changed()
  }

  /** All values; undefined when there are none. */
  toJSON(): JsonObject | undefined {
    return this.#values.size === 0 ? undefined : Object.fromEntries(this.#values)
  }
}
