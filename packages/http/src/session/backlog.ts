/** What a session has to say while its client holds no stream open: the newest of it, within bounds (THREATS T34). */

import type { LoggedEvent } from '@oarlock/protocol'

const MAX_EVENTS = 100
const MAX_CHARACTERS = 256 * 1024

/** Events that no connection has carried yet. The oldest go first. */
export class Backlog {
  #events: LoggedEvent[] = []
  #characters = 0

  get events(): readonly LoggedEvent[] {
    return this.#events
  }

  push(event: LoggedEvent): void {
    this.#events.push(event)
    this.#characters += event.text.length
    while (this.#events.length > MAX_EVENTS || this.#characters > MAX_CHARACTERS)
      this.#characters -= (this.#events.shift() as LoggedEvent).text.length
  }

  clear(): void {
    this.#events = []
    this.#characters = 0
  }
}
