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
  type JsonObject,
  type ReplyMessage,
  type RequestId,
} from '@oarlock/protocol'
import type { Ask } from '../ask.ts'
import { ToolError } from '../error.ts'
import type { Session } from './session.ts'
import type { SessionCall } from './session-call.ts'

interface Pending {
  readonly ask: Ask
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** The questions of one session. */
export class Questions {
  readonly #session: Session
  #pending: Map<RequestId, Pending> | undefined
  #last = 0

  constructor(session: Session) {
    this.#session = session
  }

  /** Asks all at once, on the stream of the call they belong to, and resolves with the answers by key (DIGEST S-EL-22). */
  async ask(asks: ReadonlyMap<string, Ask>, call: SessionCall): Promise<ReadonlyMap<string, unknown>> {
    const answers = await Promise.all(Array.from(asks, async ([key, ask]) => [key, await this.#one(key, ask, call)] as const))
    return new Map(answers)
  }

  #one(key: string, ask: Ask, call: SessionCall): Promise<unknown> {
    const { desk, revision } = this.#session
    const params = this.#params(key, ask, call)
    const lowered = params === undefined ? undefined : lowerParams(ask.method, params, revision)
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      const stop = desk.clock.after(desk.limits.askMs, () =>
        this.#giveUp(id, new ToolError(`The client did not answer ${ask.method} in time`)),
      )
      const settle = (): void => {
        stop()
        this.#pending?.delete(id)
      }
      const pending: Pending = {
        ask,
        resolve: answer => (settle(), resolve(answer)),
        reject: error => (settle(), reject(error as Error)),
      }
      ;(this.#pending ??= new Map()).set(id, pending)
      call.cancellation.onCancel(() => this.#giveUp(id, call.cancellation.reason))
      void this.#session.send({ kind: 'request', id, about: call.id, method: ask.method, text: encodeRequest(id, ask.method, lowered) })
    })
  }

  #params(key: string, ask: Ask, call: SessionCall): JsonObject | undefined {
    if (ask.method !== 'elicitation/create' || ask.params?.['mode'] !== 'url') return ask.params
    return { ...ask.params, elicitationId: this.elicitationId(call.id, key) }
  }

  /** The id of a url elicitation: the same each time the handler of that call asks under that key. */
  elicitationId(call: RequestId, key: string): string {
    const id = `${this.#session.id}:${String(call)}:${key}`
    this.#session.desk.elicitations.add(id, this.#session)
    return id
  }

  /** A reply of the client. Replies to nothing are ignored (DIGEST S-LEG-09). */
  settle(message: ReplyMessage): void {
    const pending = message.id === undefined ? undefined : this.#pending?.get(message.id)
    if (pending === undefined) return
    const { ask } = pending
    if (message.error !== undefined) {
      pending.reject(new ToolError(`The client refused ${ask.method}: ${excerpt(message.error.message, 500)} (${message.error.code})`))
    } else {
      pending.resolve(this.#raised(ask, message.result))
    }
  }

  /** An older client answers an older form of the question; the handler gets the answer to its own. */
  #raised(ask: Ask, result: unknown): unknown {
    if (ask.method !== 'elicitation/create' || !isObject(result) || ask.params?.['mode'] === 'url') return result
    return raiseAnswer(ask.params as unknown as ElicitRequestParams, result as unknown as ElicitResult, this.#session.revision)
  }

  #giveUp(id: RequestId, reason: unknown): void {
    const pending = this.#pending?.get(id)
    if (pending === undefined) return
    void this.#session.send({
      kind: 'notice',
      text: encodeNotice('notifications/cancelled', { requestId: id, reason: 'No longer needed' }),
    })
    pending.reject(reason)
  }

  close(reason: unknown): void {
    for (const pending of this.#pending?.values() ?? []) pending.reject(reason)
  }
}
