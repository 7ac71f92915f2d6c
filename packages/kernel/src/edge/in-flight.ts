/** The requests of one connection that are under way, whichever conversation they belong to: ids are the connection's. */

import { Fault, Underway, type RequestId, type Running } from '@oarlock/protocol'

const NONE: readonly Running[] = []

/** Requests by id. A connection without any takes no memory for them. */
export class InFlight {
  readonly #limit: number
  #running: Underway<RequestId, Running> | undefined

  /** @param limit most at once */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#running?.size ?? 0
  }

  get(id: unknown): Running | undefined {
    return this.#running?.get(id as RequestId)
  }

  values(): Iterable<Running> {
    return this.#running?.values() ?? NONE
  }

  /** What keeps a request from starting beside those under way: its id is taken (THREATS T36), or there are enough. */
  obstacle(id: RequestId): Fault | undefined {
    if (this.#running === undefined) return undefined
    if (this.#running.get(id) !== undefined) return new Fault('INVALID_REQUEST', 'A request with this id is already under way')
    return this.#running.size >= this.#limit ? new Fault('OVERLOADED') : undefined
  }

  add(id: RequestId, running: Running): void {
    ;(this.#running ??= new Underway()).set(id, running)
  }

  delete(id: RequestId): void {
    this.#running?.delete(id)
  }

  clear(): void {
    this.#running = undefined
  }
}
