/** Questions of a session's calls to its client: real requests, correlated by id, with a time limit each. */

import {
  encodeNotice,
  encodeRequest,
  excerpt,
  isObject,
  lowerParams,
  raiseAnswer,
  type ElicitRequestParams,
  type ElicitResult,
  type Frame,
  type JsonObject,
  type ReplyMessage,
  type RequestId,
  type Revision,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import type { Call } from '../call.ts'
import { correlationId } from '../correlation.ts'
import { ToolError } from '../error.ts'
import type { Desk } from './desk.ts'

/** The session whose client is asked. */
export interface Asker {
  readonly desk: Desk
  readonly revision: Revision
  send(frame: Frame): void | PromiseLike<void>
}

/** The call on whose behalf it is asked. */
type AskingCall = Pick<Call, 'id' | 'cancellation' | 'elicitationId'>

interface Pending {
  readonly ask: Ask
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** A question ready to leave. */
interface Posed {
  /** Unique wherever the session is continued, and so in the session (DIGEST S-LEG-08). */
  readonly id: RequestId
  readonly key: string
  readonly ask: Ask
  readonly params: JsonObject | undefined
}

/** The questions of one session. */
export class Questions {
  readonly #session: Asker
  #pending: Map<RequestId, Pending> | undefined
  /** Why nothing can be asked any more. */
  #closed: { readonly reason: unknown } | undefined

  constructor(session: Asker) {
    this.#session = session
  }

  /**
   * Asks all at once, on the stream of the call they belong to, and resolves with the answers by key (DIGEST S-EL-22). Rejects with what the client
   * refused, or did not answer in time, and withdraws the others; nothing is asked when one of the questions cannot be said in the session's
   * revision, or when the call was cancelled before.
   */
  async ask(asks: ReadonlyMap<string, Ask>, call: AskingCall): Promise<ReadonlyMap<string, unknown>> {
    const { cancellation } = call
    if (cancellation.cancelled) throw cancellation.reason
    const posed = Array.from(asks, ([key, ask]) => ({ id: correlationId(), key, ask, params: this.#params(key, ask, call) }))
    const withdraw = (reason: unknown): void => {
      for (const { id } of posed) this.#giveUp(id, call, reason)
    }
    cancellation.onCancel(() => withdraw(cancellation.reason))
    try {
      return new Map(await Promise.all(posed.map(async each => [each.key, await this.#one(each, call)] as const)))
    } catch (reason) {
      // The answers are wanted together: without one of them the others are for nothing.
      withdraw(reason)
      throw reason
    }
  }

  #params(key: string, { method, params }: Ask, call: AskingCall): JsonObject | undefined {
    if (params === undefined) return undefined
    const isUrl = method === 'elicitation/create' && params['mode'] === 'url'
    return lowerParams(method, isUrl ? { ...params, elicitationId: call.elicitationId(key) } : params, this.#session.revision)
  }

  #one({ id, ask, params }: Posed, call: AskingCall): Promise<unknown> {
    const { clock, limits } = this.#session.desk
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed.reason)
      const late = (): void => this.#giveUp(id, call, new ToolError(`The client did not answer ${ask.method} in time`))
      const stop = clock.after(limits.askMs, late)
      const settle = (): void => {
        stop()
        this.#pending?.delete(id)
      }
      const pending: Pending = {
        ask,
        resolve: answer => (settle(), resolve(answer)),
        reject: error => (settle(), reject(error)),
      }
      ;(this.#pending ??= new Map()).set(id, pending)
      void this.#session.send({ kind: 'request', id, about: call.id, method: ask.method, text: encodeRequest(id, ask.method, params) })
    })
  }

  /** A reply of the client. Replies to nothing are ignored (DIGEST S-LEG-09). */
  settle(message: ReplyMessage): void {
    const pending = message.id === undefined ? undefined : this.#pending?.get(message.id)
    if (pending === undefined) return
    const { ask } = pending
    if (message.error !== undefined) {
      const { message: text, code } = message.error
      return pending.reject(new ToolError(`The client refused ${ask.method}: ${excerpt(text, 500)} (${code})`))
    }
    try {
      pending.resolve(this.#raised(ask, message.result))
    } catch {
      // Too malformed to be brought into the newest words: as good as no answer, so the handler asks again.
      pending.resolve({})
    }
  }

  /** An older client answers an older form of the question; the handler gets the answer to its own. */
  #raised(ask: Ask, result: unknown): unknown {
    if (ask.method !== 'elicitation/create' || !isObject(result) || ask.params?.['mode'] === 'url') return result
    return raiseAnswer(ask.params as unknown as ElicitRequestParams, result as unknown as ElicitResult, this.#session.revision)
  }

  #giveUp(id: RequestId, call: AskingCall, reason: unknown): void {
    const pending = this.#pending?.get(id)
    if (pending === undefined) return
    const text = encodeNotice('notifications/cancelled', { requestId: id, reason: 'No longer needed' })
    void this.#session.send({ kind: 'notice', about: call.id, text })
    pending.reject(reason)
  }

  /** Nothing is answered any more: what was asked fails, and what would be. */
  close(reason: unknown): void {
    this.#closed ??= { reason }
    for (const pending of this.#pending?.values() ?? []) pending.reject(reason)
  }
}
