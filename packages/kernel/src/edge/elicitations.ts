/** Which session a url elicitation belongs to, so that its completion is told to that client and no other (DIGEST S-EL-13). */

import { encodeNotice, type Frame, type Revision } from '@oarlock/protocol'

/** Ids kept; the oldest make room. */
const MOST = 10_000

/** The session that an elicitation belongs to. */
export interface Eliciting {
  readonly revision: Revision
  send(frame: Frame): void | PromiseLike<void>
}

/** The url elicitations of one server. Sessions are held weakly: an elicitation does not keep a session alive. */
export class Elicitations {
  readonly #sessions = new Map<string, WeakRef<Eliciting>>()

  add(id: string, session: Eliciting): void {
    this.#sessions.delete(id)
    this.#sessions.set(id, new WeakRef(session))
    if (this.#sessions.size > MOST) {
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest)
        break
      }
    }
  }

  /** Tells the client that the page it was sent to is done with. False when the id is unknown or its session is gone. */
  complete(id: string): boolean {
    const session = this.#sessions.get(id)?.deref()
    if (session === undefined || session.revision !== '2025-11-25') return false
    this.#sessions.delete(id)
    void session.send({ kind: 'notice', text: encodeNotice('notifications/elicitation/complete', { elicitationId: id }) })
    return true
  }
}
