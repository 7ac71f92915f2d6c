/** Breaks that no connection tells of, because each request has one of its own: noticed by whoever asks, and told as one (stateless HTTP). */

import { ConnectionClosed, isObject, type Revision } from '@oarlock/protocol'
import { RemoteFault } from '../error.ts'
import { announce, type Events } from '../events.ts'

/** Statuses by which somebody on the way says that the server is gone; to be asked for patience (429) is no break. */
const GONE: ReadonlySet<unknown> = new Set([502, 503, 504])

/** Whether the way to the server is broken, as far as this error tells. */
function isBreak(cause: unknown): boolean {
  return ConnectionClosed.is(cause) || (isObject(cause) && GONE.has(cause['status']))
}

/** What the requests of one client found out together. */
export class Outage {
  readonly #events: Events
  #attempts = 0
  #broken = false

  constructor(events: Events) {
    this.#events = events
  }

  /** Somebody's attempt, counted from 0, failed, and is repeated in `delayMs`. Of several at the same stage the first is told. */
  broke(tries: number, delayMs: number, cause: unknown): void {
    if (!isBreak(cause)) return
    this.#broken = true
    if (tries < this.#attempts) return
    this.#attempts += 1
    announce(this.#events, 'reconnect.scheduled', { attempt: this.#attempts, delayMs, cause })
  }

  /** Somebody was answered: by whichever attempt, the way is open again. */
  healed(revision: Revision): void {
    if (!this.#broken) return
    const attempts = Math.max(this.#attempts, 1)
    this.#attempts = 0
    this.#broken = false
    announce(this.#events, 'connection.restored', { attempts, revision })
  }

  /** Somebody was refused: by an answer, if it is one that the way is open for. */
  refused(cause: unknown, revision: Revision | undefined): void {
    const answered = RemoteFault.is(cause) || (isObject(cause) && cause['code'] === 'HTTP_STATUS')
    if (answered && !isBreak(cause) && revision !== undefined) this.healed(revision)
  }

  /** There is another connection, which was told. */
  replaced(): void {
    this.#attempts = 0
    this.#broken = false
  }

  /** Somebody used up all attempts. Told once, until there is an answer again or another round of attempts. */
  lost(cause: unknown): void {
    if (this.#attempts === 0 || !isBreak(cause)) return
    this.#attempts = 0
    announce(this.#events, 'connection.lost', { cause })
  }
}
