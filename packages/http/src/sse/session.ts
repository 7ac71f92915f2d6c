/** One session over HTTP+SSE (2024-11-05): a link whose one stream is the session, and to which the client posts (DIGEST 2.4). */

import {
  callerOf,
  principalKey,
  sseEvent,
  type BatchMessage,
  type Frame,
  type Link,
  type Message,
  type ServerReceiver,
  type Swept,
} from '@oarlock/protocol'
import { accept, answerJson, refuse } from '../answer.ts'
import { EventStream } from '../event-stream.ts'
import type { Ground } from '../exchange.ts'
import { sessionHead, type HttpHead } from '../head.ts'
import { requestIds, unasking } from '../session/batch.ts'
import { batchFault } from '../session/screening.ts'
import type { Turn, Watcher } from '../turn.ts'

/** A session. It lives exactly as long as its stream (S-SSE-06). */
export class SseSession implements Link, Watcher, Swept {
  seat: Swept['seat']
  readonly id: string
  /** `principalKey` of whoever opened the stream. */
  readonly owner: string
  /** Whose place it takes. */
  readonly caller: string
  readonly #ground: Ground
  readonly #stream: EventStream
  readonly #expiresAt: number | undefined
  readonly #ended: (session: SseSession) => void
  #receiver: ServerReceiver | undefined
  #over = false

  constructor(ground: Ground, turn: Turn, head: HttpHead, id: string, ended: (session: SseSession) => void) {
    this.id = id
    this.owner = principalKey(head.principal)
    this.caller = callerOf(head)
    this.#ground = ground
    this.#ended = ended
    this.#expiresAt = head.principal?.expiresAt
    this.#stream = new EventStream(turn, ground.sweep, ground.streams)
  }

  /** Opens the stream; the first thing on it says where to post (S-SSE-01). Called once. */
  open(turn: Turn, head: HttpHead, endpoint: string): void {
    this.#ground.sweep.add(this)
    void this.#stream.send(sseEvent({ event: 'endpoint', data: endpoint }))
    this.#stream.flush()
    this.#receiver = this.#ground.service.connect(this, sessionHead(head, this.id))
    turn.watch(this)
  }

  /** Takes what was posted. Answers go out on the stream, so all that the POST learns is that it was taken (S-SSE-03). */
  post(turn: Turn, head: HttpHead, message: Message | BatchMessage): void {
    if (message.kind === 'batch') return this.#batch(turn, head, message)
    accept(turn)
    this.#receive(message, head)
  }

  send(frame: Frame): void | Promise<void> {
    return this.#stream.send(sseEvent({ event: 'message', data: frame.text }))
  }

  close(reason?: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#ground.sweep.delete(this)
    this.#ended(this)
    this.#stream.end()
    this.#receiver?.closed(reason)
  }

  gone(): void {
    this.#stream.gone()
    this.close()
  }

  drained(): void {
    this.#stream.drained()
  }

  sweep(now: number): void {
    if (this.#expiresAt !== undefined && now >= this.#expiresAt) this.close()
  }

  shut(): void {
    this.close()
  }

  #batch(turn: Turn, head: HttpHead, batch: BatchMessage): void {
    const revision = this.#receiver?.session?.revision ?? '2025-03-26'
    const fault = batchFault(batch, revision)
    if (fault !== undefined) return refuse(turn, fault, undefined, revision)
    if (requestIds(batch).length > 0) {
      accept(turn)
      return this.#receive(batch, head)
    }
    const { accepted, text, status } = unasking(batch, revision)
    if (text === undefined) accept(turn)
    else answerJson(turn, text, status)
    if (accepted !== undefined) this.#receive(accepted, head)
  }

  #receive(message: Message | BatchMessage, head: HttpHead): void {
    try {
      this.#receiver?.receive(message, head)
    } catch (cause) {
      this.#ground.service.report(cause, 'http sse session')
    }
  }
}
