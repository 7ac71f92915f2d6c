/** One HTTP request and the way to answer it. Node and Fetch each implement it; every step between them is written against it once. */

import type { Fault, HeaderView, Spliced } from '@oarlock/protocol'

/** Header names and values in turns: what `node:http` takes without copying. */
export type HeaderList = readonly string[]

/** An HTTP request on its way through the steps, and the only way to answer it: `answer` once, or `open` once. */
export interface Turn {
  readonly method: string
  readonly headers: HeaderView
  /** What follows the `?` of the URL; empty when nothing does. */
  readonly query: string
  /** The host the request was sent to, as the client wrote it. */
  readonly host: string | undefined
  /** Whether `Authorization` came more than once, or holds more than one credential. Asked only where somebody authenticates. */
  readonly repeatsAuthorization: boolean
  /** Address of the peer, where the platform tells. */
  readonly remote: string | undefined
  /** Headers that whatever answers this request has to carry: those of CORS. */
  extra: HeaderList
  /** Reads the body up to `limit` bytes and hands it to `reader`, at once or later, exactly once unless the client leaves before. */
  read(limit: number, reader: BodyReader): void
  /** Sends a whole answer in one write. */
  answer(status: number, headers: HeaderList, body?: string | Spliced): void
  /** Begins an answer that arrives in pieces. The head leaves with the first of them. */
  open(headers: HeaderList): Sink
  /** Tells `watcher` from now on when the client leaves or catches up; at once if it has left. Called when an answer takes its time. */
  watch(watcher: Watcher): void
}

/** What becomes of a body. */
export interface BodyReader {
  text(text: string): void
  /** A body that the framework in front of us has parsed. */
  value(value: unknown): void
  refused(fault: Fault): void
}

/** The open end of an answer in pieces. After `end` or `cut` everything is ignored. */
export interface Sink {
  /** Bytes taken but not yet on their way. */
  readonly buffered: number
  /** Some number that changes whenever the client takes anything. */
  readonly progress: number
  /** Writes a piece; an empty one only makes the head leave. False while the client is behind; `Watcher.drained` follows. */
  write(text: string): boolean
  /** Ends the answer in good order, after a last piece. */
  end(text?: string): void
  /** Breaks the connection. */
  cut(): void
}

/** Who wants to know what the client does while its answer is on the way. */
export interface Watcher {
  /** The client left before the answer was complete. Also called, harmlessly, after a complete answer. */
  gone(turn: Turn): void
  /** The client took what it was behind with. */
  drained(turn: Turn): void
}
