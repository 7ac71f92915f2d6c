/** One request that waits for its answer. */

import { Cancelled, duration, isObject, type JsonObject } from '@oarlock/protocol'
import type { Progress } from './events.ts'
import type { RequestOptions } from './options.ts'

/** How long a request waits when its caller does not say. */
export interface Patience {
  readonly timeoutMs: number
  readonly maxTimeoutMs: number
}

/** How long one request waits, and how long at most. */
export function patienceOf(
  { timeout, maxTimeout }: RequestOptions,
  patience: Patience,
): { readonly timeoutMs: number; readonly limitMs: number } {
  const timeoutMs = timeout === undefined ? patience.timeoutMs : duration(timeout)
  return { timeoutMs, limitMs: maxTimeout === undefined ? Math.max(patience.maxTimeoutMs, timeoutMs) : duration(maxTimeout) }
}

/** What a request may do to the table it stands in. */
export interface PendingTable {
  /** Stops waiting: rejects the request and has the server told. */
  abort(pending: Pending, cause: Error): void
}

/**
 * A request on its way. It listens to its caller's signal itself (`handleEvent`), so that neither a closure nor an AbortController is made
 * for requests that nobody cancels.
 */
export class Pending {
  readonly id: number
  readonly method: string
  readonly promise: Promise<JsonObject>
  readonly onProgress: ((progress: Progress) => void) | undefined
  /** When to give up, in the clock's milliseconds. Moves with progress, up to `limit`. */
  deadline: number
  readonly #timeoutMs: number
  readonly #limit: number
  readonly #table: PendingTable
  readonly #signal: AbortSignal | undefined
  #resolve!: (result: JsonObject) => void
  #reject!: (cause: unknown) => void

  constructor(table: PendingTable, id: number, method: string, options: RequestOptions, patience: Patience, now: number) {
    this.id = id
    this.method = method
    this.onProgress = options.onProgress
    this.#table = table
    const { timeoutMs, limitMs } = patienceOf(options, patience)
    this.#timeoutMs = timeoutMs
    this.#limit = now + limitMs
    this.deadline = Math.min(now + this.#timeoutMs, this.#limit)
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#signal = options.signal
    this.#signal?.addEventListener('abort', this)
  }

  /** Counts the time anew: the server showed that it is at work, or somebody has signed in. */
  extend(now: number): void {
    if (this.deadline !== Infinity) this.deadline = Math.min(now + this.#timeoutMs, this.#limit)
  }

  /** Stops counting, because somebody signs in: only the limit holds until `extend`. */
  hold(): void {
    this.deadline = Math.max(this.deadline, this.#limit)
  }

  /** Lets the request wait without end, as a subscription does once it stands. */
  keep(): void {
    this.deadline = Infinity
  }

  resolve(result: JsonObject): void {
    this.#signal?.removeEventListener('abort', this)
    this.#resolve(result)
  }

  reject(cause: unknown): void {
    this.#signal?.removeEventListener('abort', this)
    this.#reject(cause)
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#table.abort(this, cancelled(this.method, this.#signal?.reason))
  }
}

/** What a caller gets whose signal was aborted. */
export function cancelled(method: string, reason: unknown): Cancelled {
  return Cancelled.is(reason) ? reason : new Cancelled(`${method} was cancelled${describe(reason)}`, reason)
}

/** The part of a reason that may be told to the server and to people. AbortError's standard text says nothing. */
export function describe(reason: unknown): string {
  if (typeof reason === 'string') return `: ${reason}`
  if (isObject(reason) && reason['name'] !== 'AbortError' && typeof reason['message'] === 'string') return `: ${reason['message']}`
  return ''
}
