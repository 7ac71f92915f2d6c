/** For whom the connections of one connector speak: who somebody is, is settled when a WebSocket opens, and stays until it ends. */

import type { Incoming, Link, Receiver, RequestId } from '@oarlock/protocol'

/** Who is signed in now, and who was when each open connection was opened. */
export class Account {
  readonly #now: () => string | undefined
  readonly #open = new Set<Speaker>()

  constructor(now: () => string | undefined) {
    this.#now = now
  }

  /** The one for whom all connections speak. Undefined while some still speak for another, or it is not known. */
  principal(): string | undefined {
    const now = this.#now()
    for (const { principal } of this.#open) if (principal !== now) return undefined
    return now
  }

  /** Opens a connection that speaks for whoever is signed in. When that changes while it is opened, nobody can tell for whom it does. */
  async connect(receiver: Receiver, open: (receiver: Receiver) => Promise<Link>): Promise<Link> {
    const before = this.#now()
    const speaker = new Speaker(receiver, ended => this.#open.delete(ended))
    const link = await open(speaker)
    speaker.principal = this.#now() === before ? before : undefined
    if (!speaker.ended) this.#open.add(speaker)
    return link
  }
}

/** Hands everything on, and notices the end. */
class Speaker implements Receiver {
  principal: string | undefined
  ended = false
  readonly #receiver: Receiver
  readonly #gone: (speaker: Speaker) => void

  constructor(receiver: Receiver, gone: (speaker: Speaker) => void) {
    this.#receiver = receiver
    this.#gone = gone
  }

  receive(message: Incoming): void {
    this.#receiver.receive(message)
  }

  failed(id: RequestId, cause: unknown): void {
    this.#receiver.failed?.(id, cause)
  }

  held(id: RequestId | undefined, work: PromiseLike<unknown>): void {
    this.#receiver.held?.(id, work)
  }

  closed(cause?: unknown): void {
    this.ended = true
    this.#gone(this)
    this.#receiver.closed(cause)
  }
}
