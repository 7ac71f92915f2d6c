/** Where the events of an HTTP session's streams are kept for a client that comes back with Last-Event-ID. */

/** A stream of one session. Both names are needed everywhere: a log shared by sessions must not be able to mix them (THREATS 6, T6). */
export interface StreamKey {
  readonly session: string
  readonly stream: string
  /** A hint for this call alone: no stream of the session had this name before. */
  fresh?: boolean
  /** A place for what a log knows of the stream, so that it need not look for it at the next event. It may be lost: a wrapper that copies keys loses it. */
  known?: unknown
}

/** One stored event. */
export interface LoggedEvent {
  readonly id: string
  /** The message as JSON text; empty for the priming event. */
  readonly text: string
}

/** What a client that comes back missed. */
export interface Replay {
  readonly stream: string
  readonly events: readonly LoggedEvent[]
}

/** Keeps recent events. Bounded by count and age; implementations must keep order within a stream. */
export interface EventLog {
  /** Stores one event and returns its id: visible ASCII, unguessable by other sessions, unique over the session's streams. */
  append(key: StreamKey, text: string): string | Promise<string>
  /** The events after `id` on the stream that `id` belongs to; undefined when the id is not of this session or no longer kept. */
  after(session: string, id: string): Replay | undefined | Promise<Replay | undefined>
  /** Forgets one stream, or with no stream the whole session. */
  drop(session: string, stream?: string): void | Promise<void>
}
