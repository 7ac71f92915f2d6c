/** Where replies go: straight to the link, or into the one frame that answers a batch. */

import type { BatchMessage, Frame, RequestId } from '@oarlock/protocol'

/** Takes frames that answer requests. */
export interface Replies {
  send(frame: Frame): void | PromiseLike<void>
}

/** Collects the replies to a batch and sends them as one array when the last is there. */
export class BatchReplies implements Replies {
  readonly #send: (frame: Frame) => void
  readonly #first: RequestId | undefined
  readonly #texts: string[] = []
  #missing: number

  constructor(batch: BatchMessage, send: (frame: Frame) => void) {
    const answered = batch.items.filter(item => item.kind === 'request' || (item.kind === 'invalid' && item.meant === undefined))
    this.#missing = answered.length
    this.#first = answered.find(item => item.kind === 'request')?.id
    this.#send = send
  }

  send(frame: Frame): void {
    this.#texts.push(frame.text)
    this.skip()
  }

  /** One request will have no reply: it was cancelled. */
  skip(): void {
    this.#missing -= 1
    if (this.#missing > 0 || this.#texts.length === 0) return
    this.#send({ kind: 'reply', text: `[${this.#texts.join(',')}]`, ...(this.#first === undefined ? {} : { id: this.#first }) })
  }
}
