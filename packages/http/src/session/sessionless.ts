/** Requests of the session revisions served without sessions: each POST stands alone, and the server can ask the client nothing (S-LHT-23). */

import {
  principalKey,
  type BatchMessage,
  type Frame,
  type Link,
  type Message,
  type RequestId,
  type RequestMessage,
  type Revision,
  type ServerReceiver,
  type Service,
  type SessionRecord,
} from '@oarlock/protocol'
import { accept, answerJson, refuse } from '../answer.ts'
import { HttpExchange, type Ground } from '../exchange.ts'
import type { HttpHead } from '../head.ts'
import { methodFault } from '../method-fault.ts'
import type { Turn } from '../turn.ts'
import { requestIds, unasking } from './batch.ts'
import type { LegacyLeg } from './leg.ts'
import { acceptsBoth, batchFault, idOf, revisionOf, versionFault } from './screening.ts'

/** Serves each POST over a connection of its own, as if a session of the revision that its header names had been opened before. */
export class Sessionless implements LegacyLeg {
  readonly methods = 'POST'
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  post(turn: Turn, head: HttpHead, message: Message | BatchMessage): void {
    const { revisions } = this.#ground.service
    const revision = revisionOf(head.headers, revisions)
    if (!acceptsBoth(turn, message, revision)) return
    const opens = message.kind === 'request' && message.method === 'initialize'
    const fault =
      (opens ? undefined : versionFault(head.headers, revisions)) ?? (message.kind === 'batch' ? batchFault(message, revision) : undefined)
    if (fault !== undefined) return refuse(turn, fault, idOf(message), revision)
    switch (message.kind) {
      case 'request':
        return this.#serve(turn, head, message, message.id, opens ? undefined : recordOf(head, revision))
      case 'batch':
        return this.#batch(turn, head, message, revision)
      default:
        // There is no session whose state a notice could change, and no question a reply could answer.
        accept(turn)
    }
  }

  #batch(turn: Turn, head: HttpHead, batch: BatchMessage, revision: Revision): void {
    const [id] = requestIds(batch)
    if (id !== undefined) return this.#serve(turn, head, batch, id, recordOf(head, revision))
    const { text, status } = unasking(batch, revision)
    if (text === undefined) accept(turn)
    else answerJson(turn, text, status)
  }

  #serve(turn: Turn, head: HttpHead, message: RequestMessage | BatchMessage, id: RequestId, record: SessionRecord | undefined): void {
    new LoneLink(new HttpExchange(this.#ground, turn, head, id)).serve(this.#ground.service, turn, head, message, record)
  }

  get(turn: Turn): void {
    refuse(turn, methodFault(this.methods))
  }

  delete(turn: Turn): void {
    refuse(turn, methodFault(this.methods))
  }

  close(): void {}
}

/** A connection that lives for one answer. */
class LoneLink implements Link {
  readonly #exchange: HttpExchange
  #receiver: ServerReceiver | undefined
  #answered = false

  constructor(exchange: HttpExchange) {
    this.#exchange = exchange
  }

  // Leaving is not cancelling in these revisions (S-LHT-05), so there is nothing that the client's departure would end.
  serve(service: Service, turn: Turn, head: HttpHead, message: RequestMessage | BatchMessage, record: SessionRecord | undefined): void {
    const receiver = service.connect(this, head, record)
    receiver.receive(message, head)
    this.#receiver = receiver
    // A batch that cancels all that it asks has no answer.
    const withdrawn = !this.#answered && receiver.inFlight === 0
    if (withdrawn) accept(turn)
    if (this.#answered || withdrawn) receiver.closed()
    else this.#exchange.follow(undefined)
  }

  send(frame: Frame): void | PromiseLike<void> {
    if (frame.kind === 'notice' && frame.about !== undefined) return this.#exchange.notify(frame.text)
    if (frame.kind !== 'reply' || this.#answered) return
    this.#answered = true
    this.#exchange.answer(frame.text, frame.status ?? 200, frame.headers, frame.spliced)
    this.#receiver?.closed()
  }

  close(): void {
    this.#answered = true
    this.#exchange.shut()
  }
}

function recordOf(head: HttpHead, revision: Revision): SessionRecord {
  return { id: '', owner: principalKey(head.principal), revision, info: undefined, capabilities: {}, initialized: true }
}
