/** The body of a POST: its media type, its size, and the message it holds. */

import { Fault, parse, read, type Incoming, type MessageLimits } from '@oarlock/protocol'
import { refuse } from './answer.ts'
import type { HttpHead } from './head.ts'
import { isJson, isPlain } from './media-type.ts'
import type { BodyReader, Turn } from './turn.ts'

/** Who gets what a body turned out to say. */
export interface PostReceiver {
  readonly settings: { readonly bodyLimit: number; readonly limits: MessageLimits }
  receive(turn: Turn, head: HttpHead, message: Incoming): void
}

/** Reads the message that was posted, or refuses the request. */
export function readPost(receiver: PostReceiver, turn: Turn, head: HttpHead): void {
  if (!isJson(turn.headers.get('content-type'))) return refuse(turn, new Fault('UNSUPPORTED_MEDIA_TYPE'))
  if (!isPlain(turn.headers.get('content-encoding')))
    return refuse(turn, new Fault('UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding must be identity'))
  turn.read(receiver.settings.bodyLimit, new Post(receiver, turn, head))
}

/** One POST while its body is read. */
class Post implements BodyReader {
  readonly #receiver: PostReceiver
  readonly #turn: Turn
  readonly #head: HttpHead

  constructor(receiver: PostReceiver, turn: Turn, head: HttpHead) {
    this.#receiver = receiver
    this.#turn = turn
    this.#head = head
  }

  text(text: string): void {
    this.#receiver.receive(this.#turn, this.#head, parse(text, this.#receiver.settings.limits))
  }

  value(value: unknown): void {
    this.#receiver.receive(this.#turn, this.#head, read(value, this.#receiver.settings.limits))
  }

  refused(fault: Fault): void {
    refuse(this.#turn, fault)
  }
}
