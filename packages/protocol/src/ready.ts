/** Text that is sent again and again, such as a page of a list: its bytes are made once, for all who send them. */

import { encodeResult, type RequestId } from './message.ts'

const encoder = new TextEncoder()

/** Text that does not change, and its bytes from the first time that somebody asks for them. */
export class Ready {
  readonly text: string
  #bytes: Uint8Array | undefined

  constructor(text: string) {
    this.text = text
  }

  /** The text in UTF-8. Not to be written to. */
  get bytes(): Uint8Array {
    return (this.#bytes ??= encoder.encode(this.text))
  }
}

/** A message around text that is ready. What it is made of spares a transport that writes bytes from encoding a long text for each peer. */
export interface Spliced {
  readonly before: string
  readonly ready: Ready
  readonly after: string
}

/** An answer as {@link encodeResult} encodes it, in its parts. */
export function spliceResult(id: RequestId, ready: Ready): Spliced {
  const empty = encodeResult(id, '')
  return { before: empty.slice(0, -1), ready, after: '}' }
}

/** The message in one piece. */
export function textOf({ before, ready, after }: Spliced): string {
  return before + ready.text + after
}
