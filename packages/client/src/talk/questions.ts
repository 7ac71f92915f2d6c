/** Requests of a server to this client, on a session: each is answered once, unless the server withdraws it (DIGEST 2.8). */

import {
  Cancelled,
  encodeError,
  encodeFault,
  encodeResult,
  Fault,
  type NoticeMessage,
  type RequestId,
  type RequestMessage,
  type Revision,
} from '@oarlock/protocol'
import type { Connection } from '../connection.ts'
import { Rejected } from '../error.ts'
import { announce } from '../events.ts'
import type { ServerDescription } from '../server.ts'
import { Asking } from './asking.ts'
import type { Headers } from './mirror.ts'

/** Questions answered side by side; more are refused. */
const MOST_OPEN = 64

/** How the user's no is told to the server. */
const REJECTED = -1

/** What is known of the session by the time a question comes. */
export interface SessionView {
  readonly revision: Revision
  readonly server: ServerDescription | undefined
  readonly headers: Headers | undefined
}

/** The questions of one server that are being answered. */
export class Questions {
  readonly #connection: Connection
  readonly #session: SessionView
  readonly #open = new Map<RequestId, Asking>()

  constructor(connection: Connection, session: SessionView) {
    this.#connection = connection
    this.#session = session
  }

  /** A request arrived. */
  take({ id, method, params }: RequestMessage): void {
    if (method === 'ping') return this.#reply(id, encodeResult(id, '{}'))
    // A second request under an open id could be answered in place of the first (T36).
    if (this.#open.has(id)) return this.#refuse(id, new Fault('INVALID_REQUEST', 'A request with this id is being answered'))
    if (this.#open.size >= MOST_OPEN) return this.#refuse(id, new Fault('OVERLOADED', 'The client is answering too many requests'))
    const asking = new Asking(this.#session.server?.info)
    this.#open.set(id, asking)
    this.#connection.host.answers
      .answer(method, params, asking, this.#session.revision)
      .then(
        result => this.#close(id, asking, () => this.#reply(id, encodeResult(id, JSON.stringify(result)))),
        (cause: unknown) => this.#close(id, asking, () => this.#fail(id, method, cause)),
      )
      .catch((cause: unknown) => this.#fail(id, method, cause))
  }

  /** The server withdrew a request: its handler is told, and nothing is answered. */
  withdraw({ params }: NoticeMessage): void {
    const id = params?.['requestId'] as RequestId
    const reason = typeof params?.['reason'] === 'string' ? `: ${params['reason']}` : ''
    this.#open.get(id)?.cancel(new Cancelled(`The server withdrew its request${reason}`))
  }

  /** Nobody waits for answers any more. */
  cancel(): void {
    for (const asking of this.#open.values()) asking.cancel(new Cancelled('The connection is closed'))
  }

  #close(id: RequestId, asking: Asking, answer: () => void): void {
    this.#open.delete(id)
    if (!asking.cancelled) answer()
  }

  /** What went wrong in a handler stays on this side; the server learns that there is no answer. */
  #fail(id: RequestId, method: string, cause: unknown): void {
    if (Fault.is(cause)) return this.#refuse(id, cause)
    if (Rejected.is(cause)) return this.#reply(id, encodeError(id, { code: REJECTED, message: cause.message }))
    announce(this.#connection.host.events, 'warning.reported', { message: `The handler for ${method} failed`, cause })
    this.#refuse(id, new Fault('INTERNAL_ERROR', 'The client could not answer'))
  }

  #refuse(id: RequestId, fault: Fault): void {
    this.#reply(id, encodeFault(id, fault, this.#session.revision).text)
  }

  #reply(id: RequestId, text: string): void {
    const { headers } = this.#session
    this.#connection.send(headers === undefined ? { kind: 'reply', id, text } : { kind: 'reply', id, text, headers })
  }
}
