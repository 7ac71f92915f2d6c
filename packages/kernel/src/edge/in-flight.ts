/** The requests of one connection that are under way, whichever conversation they belong to: ids are the connection's. */

import { Fault, type RequestId, type Running } from '@oarlock/protocol'

/** What stands in the map. It lets go of the request at its end, because tables that the map has outgrown keep their entries for a while (see `Roster`). */
interface Slot {
  running: Running | undefined
}

/** Requests by id. A connection without any takes no memory for them. */
export class InFlight {
  readonly #limit: number
  #running: Map<RequestId, Slot> | undefined

  /** @param limit most at once */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#running?.size ?? 0
  }

  get(id: unknown): Running | undefined {
    return this.#running?.get(id as RequestId)?.running
  }

  *values(): Iterable<Running> {
    for (const { running } of this.#running?.values() ?? []) if (running !== undefined) yield running
  }

  /** What keeps a request from starting beside those under way: its id is taken (THREATS T36), or there are enough. */
  obstacle(id: RequestId): Fault | undefined {
    if (this.#running === undefined) return undefined
    if (this.#running.has(id)) return new Fault('INVALID_REQUEST', 'A request with this id is already under way')
    return this.#running.size >= this.#limit ? new Fault('OVERLOADED') : undefined
  }

  add(id: RequestId, running: Running): void {
    ;(this.#running ??= new Map()).set(id, { running })
  }

  delete(id: RequestId): void {
    const slot = this.#running?.get(id)
    if (slot === undefined) return
    slot.running = undefined
    this.#running?.delete(id)
  }

  clear(): void {
    this.#running = undefined
  }
}
