/** What happened in a server, as past-tense facts. Events observe; middleware changes. */

import { type FaultName, type Head, isThenable, type Peer, type Principal } from '@oarlock/protocol'
import { EventEmitter } from 'eventemitter3'

/** How a call ended. */
export type CallEnd = 'complete' | 'tool-error' | 'asking' | 'fault' | 'cancelled'

/** A request was served. */
export interface CallFinished {
  readonly correlationId: string
  readonly method: string
  /** Name or URI of the component. */
  readonly name: string | undefined
  readonly peer: Peer
  readonly principal: Principal | undefined
  readonly head: Head
  readonly end: CallEnd
  readonly fault?: FaultName
  /** Why it was cancelled. */
  readonly reason?: unknown
  /** Milliseconds from arrival to answer. */
  readonly ms: number
}

/** Something went wrong that the peer is not told about. */
export interface ErrorReported {
  readonly correlationId: string | undefined
  /** Which part: a component's origin, a transport, a listener. */
  readonly where: string
  readonly cause: unknown
}

/** A message a handler logged, whether or not the client wanted it. */
export interface LogWritten {
  readonly correlationId: string
  readonly level: string
  readonly logger: string | undefined
  readonly data: unknown
}

/** The facts of a server, by name. Payloads are read-only. */
export interface ServerEvents {
  'call.finished': (event: CallFinished) => void
  'error.reported': (event: ErrorReported) => void
  'log.written': (event: LogWritten) => void
  'catalog.changed': (event: { readonly kinds: readonly ('tools' | 'resources' | 'prompts')[] }) => void
  'connection.opened': (event: { readonly head: Head }) => void
  'connection.closed': (event: { readonly head: Head }) => void
  'session.opened': (event: { readonly session: string; readonly peer: Peer; readonly principal: Principal | undefined }) => void
  'session.closed': (event: { readonly session: string }) => void
  /** The client of a session says that its roots are others now: what was remembered of them is out of date. */
  'roots.changed': (event: { readonly session: string; readonly peer: Peer }) => void
  'subscription.opened': (event: { readonly peer: Peer; readonly uris: number }) => void
  'subscription.closed': (event: { readonly peer: Peer }) => void
}

/** The emitter of one server. A listener that throws is reported as `error.reported` and hurts nobody else. */
export class Events {
  readonly #emitter = new EventEmitter<ServerEvents>()

  on<E extends keyof ServerEvents>(event: E, listener: ServerEvents[E]): () => void {
    const safe = ((payload: never) => {
      const failed = (cause: unknown): void => {
        if (event !== 'error.reported') this.emit('error.reported', { correlationId: undefined, where: `listener of ${event}`, cause })
      }
      try {
        const done = (listener as (payload: never) => unknown)(payload)
        if (isThenable(done)) done.then(undefined, failed)
      } catch (cause) {
        failed(cause)
      }
    }) as never
    this.#emitter.on(event, safe)
    return () => void this.#emitter.off(event, safe)
  }

  /** Whether anybody listens: payloads are made only then. */
  wants(event: keyof ServerEvents): boolean {
    return this.#emitter.listenerCount(event) > 0
  }

  emit<E extends keyof ServerEvents>(event: E, payload: Parameters<ServerEvents[E]>[0]): void {
    this.#emitter.emit(event, ...([payload] as never))
  }
}
