/** A result that is sent again and again, such as a page of a list: its bytes are made once, for all who send it. */

import { encodeResult, type RequestId } from './message.ts'

const encoder = new TextEncoder()

/** A result that does not change, as JSON text, and the bytes in which an answer with it ends from the first time that somebody asks for them. */
export class Ready {
  readonly text: string
  #ending: Uint8Array | undefined

  constructor(text: string) {
    this.text = text
  }

  /** The result and the brace that closes the answer, in UTF-8. Not to be written to. */
  get ending(): Uint8Array {
    return (this.#ending ??= encoder.encode(`${this.text}}`))
  }
}

/** An answer whose result is ready. What it is made of spares a transport that writes bytes from encoding a long text for each peer. */
export interface Spliced {
  /** All that comes before the result. */
  readonly before: string
  readonly ready: Ready
}

/** An answer as {@link encodeResult} encodes it, in its parts. */
export function spliceResult(id: RequestId, ready: Ready): Spliced {
  return { before: encodeResult(id, '').slice(0, -1), ready }
}

/** The answer in one piece. */
export function textOf({ before, ready }: Spliced): string {
  return `${before}${ready.text}}`
}
