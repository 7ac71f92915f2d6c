/** Which reply belongs to which request of one connection, and how long each waits. */

import { type Clock, ConnectionClosed, excerpt, isObject, type JsonObject, type ReplyMessage, TimedOut } from '@oarlock/protocol'
import { RemoteFault } from './error.ts'
import type { RequestOptions } from './options.ts'
import { cancelled, type Patience, Pending, type PendingTable } from './pending.ts'

/** The longest a timer can wait. */
const LONGEST = 2 ** 31 - 1

/** What correlation tells its owner. */
export interface CorrelationOwner {
  /** A request was given up by this side, and the server may be told. Called at most once for a request, while it was still open. */
  abandoned(pending: Pending, cause: Error): void
  /** A reply came that answers nothing that is open. */
  stray(reply: ReplyMessage): void
}

/**
 * The open requests of one connection. Ids count from 1 and are never used twice. Replies to what is not open are reported and dropped: that
 * covers unknown ids, second answers, and answers that come after the caller gave up.
 */
export class Correlation implements PendingTable {
  readonly #clock: Clock
  readonly #patience: Patience
  readonly #owner: CorrelationOwner
  readonly #pending = new Map<number, Pending>()
  #last = 0
  #closed: ConnectionClosed | undefined
  // One timer for all requests, set to the earliest deadline. Finished requests do not touch it: it wakes, finds nothing due, sleeps on.
  #wakeAt = Infinity
  #callOff: (() => void) | undefined

  constructor(clock: Clock, patience: Patience, owner: CorrelationOwner) {
    this.#clock = clock
    this.#patience = patience
    this.#owner = owner
  }

  /** Requests so far. */
  get count(): number {
    return this.#last
  }

  /** Requests that wait. */
  get size(): number {
    return this.#pending.size
  }

  /** Takes up a request under a new id. Throws when the connection is closed or the caller's signal is aborted already. */
  open(method: string, options: RequestOptions): Pending {
    if (this.#closed !== undefined) throw new ConnectionClosed(this.#closed.message, this.#closed, true)
    if (options.signal?.aborted === true) throw cancelled(method, options.signal.reason)
    const now = this.#clock.now()
    const pending = new Pending(this, ++this.#last, method, options, this.#patience, now)
    this.#pending.set(pending.id, pending)
    if (pending.deadline < this.#wakeAt) this.#wake(pending.deadline, now)
    return pending
  }

  /** The open request with this id. Anything but one of our numbers finds nothing. */
  get(id: unknown): Pending | undefined {
    return this.#pending.get(id as number)
  }

  /** A request waits for credentials, not for its answer, until `work` settles: that time is not counted, except against the limit. */
  hold(id: unknown, work: PromiseLike<unknown>): void {
    const pending = this.get(id)
    if (pending === undefined) return
    pending.hold()
    const again = (): void => {
      const now = this.#clock.now()
      pending.extend(now)
      if (this.#pending.has(pending.id) && pending.deadline < this.#wakeAt) this.#wake(pending.deadline, now)
    }
    work.then(again, again)
  }

  /** A reply arrived; with what it came by, where that says more: an HTTP status and its headers. */
  settle(reply: ReplyMessage, cause?: unknown): void {
    const pending = this.#take(reply.id)
    if (pending === undefined) return this.#owner.stray(reply)
    if (reply.error === undefined) pending.resolve(reply.result as JsonObject)
    else pending.reject(new RemoteFault(pending.method, reply.error, reply.status ?? statusOf(cause), cause))
  }

  /** The request can no longer be answered. Unknown ids are fine: the answer was faster, or the caller gave up. */
  fail(id: unknown, cause: unknown): void {
    this.#take(id)?.reject(cause)
  }

  abort(pending: Pending, cause: Error): void {
    if (!this.#pending.delete(pending.id)) return
    pending.reject(cause)
    this.#owner.abandoned(pending, cause)
  }

  /** The connection ended: everything that waits fails, and nothing new is taken up. Only the first call counts. */
  close(cause: ConnectionClosed): void {
    if (this.#closed !== undefined) return
    this.#closed = cause
    this.#callOff?.()
    const open = [...this.#pending.values()]
    this.#pending.clear()
    for (const pending of open) pending.reject(cause)
  }

  /** When an error comes without an id, the one open request is what it answers; with several, nobody knows. */
  #take(id: unknown): Pending | undefined {
    const pending = id === undefined ? this.#only() : this.#pending.get(id as number)
    if (pending !== undefined) this.#pending.delete(pending.id)
    return pending
  }

  #only(): Pending | undefined {
    const [pending] = this.#pending.size === 1 ? this.#pending.values() : []
    return pending
  }

  #wake(at: number, now: number): void {
    this.#callOff?.()
    this.#wakeAt = at
    this.#callOff = this.#clock.after(Math.min(Math.max(at - now, 0), LONGEST), () => this.#sweep())
  }

  #sweep(): void {
    const now = this.#clock.now()
    let next = Infinity
    this.#wakeAt = Infinity
    this.#callOff = undefined
    for (const pending of this.#pending.values()) {
      if (pending.deadline <= now) this.abort(pending, this.#timedOut(pending))
      else next = Math.min(next, pending.deadline)
    }
    if (next < this.#wakeAt) this.#wake(next, now)
  }

  #timedOut(pending: Pending): TimedOut {
    return new TimedOut(`${excerpt(pending.method)} was not answered in time`)
  }
}

function statusOf(cause: unknown): number | undefined {
  const status = isObject(cause) ? cause['status'] : undefined
  return typeof status === 'number' ? status : undefined
}
