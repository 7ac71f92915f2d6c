/** What the edges of one server share: the kernel, the hub, the seal, and the list of work under way. */

import {
  callerOf,
  challengeOf,
  conversationOf,
  encodeFault,
  excerpt,
  Fault,
  Quota,
  Roster,
  type Clock,
  type Head,
  type Peer,
  type RequestId,
  type Revision,
  type Seated,
} from '@oarlock/protocol'
import { correlationId } from '../correlation.ts'
import type { Hub } from '../hub.ts'
import type { Kernel } from '../kernel.ts'
import { Elicitations } from './elicitations.ts'
import type { StateSeal } from './state.ts'

/** Work that ends by itself, or is told to. */
export interface Work extends Seated<Work> {
  cancel(reason: unknown): void
  readonly cancellation: { expire(reason: unknown): void }
}

/** A stream without end that wants to be told to finish when the server closes. */
export interface Stream {
  /** Ends in an orderly way, telling the client. */
  finish(): void
}

/** A connection that the server can end. */
export interface Connection {
  end(reason: unknown): void
}

/** A failed reply as text, with what HTTP says beside it. */
export interface Refusal {
  readonly text: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Limits that hold for each connection or caller. */
export interface Limits {
  /** Requests of one connection that may be under way. */
  readonly inFlight: number
  /** Milliseconds to wait for a client's answer to a question. */
  readonly askMs: number
}

/** One per server. Knows what is under way, so that closing can wait for it. */
export class Desk {
  readonly kernel: Kernel
  readonly hub: Hub
  readonly seal: StateSeal
  readonly clock: Clock
  readonly limits: Limits
  /** Streams and followed URIs, counted by caller (THREATS 17, T34). */
  readonly streams: Quota
  readonly uris: Quota
  readonly elicitations = new Elicitations()
  /** The revisions in which sessions are held, oldest first. */
  readonly spoken: readonly Revision[]
  /** Whoever has not introduced itself. An absent version means 2025-03-26 (DIGEST 2.3). */
  readonly stranger: Peer
  readonly #work = new Roster<Work>()
  /** Work whose client gave up and whose handler still runs, by caller. It costs what any work costs, so there is only so much of it. */
  readonly #left = new Map<Work, string>()
  readonly #leaving: Quota
  readonly #endless = new Set<Stream>()
  /** Connections that are open, whoever opened them. */
  readonly connections = new Set<Connection>()
  #idle: (() => void)[] = []
  #closing = false

  constructor(parts: Pick<Desk, 'kernel' | 'hub' | 'seal' | 'clock' | 'limits' | 'streams' | 'uris'>) {
    this.kernel = parts.kernel
    this.hub = parts.hub
    this.seal = parts.seal
    this.clock = parts.clock
    this.limits = parts.limits
    this.streams = parts.streams
    this.uris = parts.uris
    this.#leaving = new Quota({ each: parts.limits.inFlight, all: parts.limits.inFlight * 16 })
    this.spoken = parts.kernel.options.revisions.filter(revision => conversationOf(revision) === 'session')
    const assumed = '2025-03-26'
    const revision = this.spoken.includes(assumed) ? assumed : (this.spoken.at(-1) ?? assumed)
    this.stranger = Object.freeze({ revision, info: undefined, capabilities: Object.freeze({}) })
  }

  /** Work starts. Whoever calls asks `obstacle` first. */
  begin(work: Work): void {
    this.#work.add(work)
  }

  /** What keeps a caller from new work: the server closes, or too much of what the caller gave up is still running. */
  obstacle(head: Head): Fault | undefined {
    if (this.#closing) return new Fault('SHUTTING_DOWN')
    return this.#left.size > 0 && this.#leaving.lack(callerOf(head)) !== undefined ? new Fault('OVERLOADED') : undefined
  }

  /** The client gave up on work; its handler was told, and runs until it ends. */
  leave(work: Work, head: Head): void {
    const caller = callerOf(head)
    if (work.seat !== undefined && this.#leaving.take(caller)) this.#left.set(work, caller)
  }

  /** Work ended: its handler has returned. */
  end(work: Work): void {
    const caller = this.#left.size === 0 ? undefined : this.#left.get(work)
    if (caller !== undefined) {
      this.#left.delete(work)
      this.#leaving.give(caller)
    }
    if (this.#work.delete(work) && this.#work.size === 0) this.#wake()
  }

  get closing(): boolean {
    return this.#closing
  }

  /** Requests under way. */
  get busy(): number {
    return this.#work.size
  }

  /** A stream without end began. */
  keep(stream: Stream): void {
    this.#endless.add(stream)
  }

  /** It ended. False when it had not begun. */
  release(stream: Stream): boolean {
    return this.#endless.delete(stream)
  }

  /** Takes no new work and ends all streams. */
  close(): void {
    this.#closing = true
    for (const stream of this.#endless) stream.finish()
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#work.size === 0) return Promise.resolve()
    return new Promise(resolve => this.#idle.push(resolve))
  }

  /** Tells all work to stop; what still answers is still sent. */
  expire(reason: unknown): void {
    this.#work.each(work => work.cancellation.expire(reason))
  }

  #wake(): void {
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }

  /**
   * The failed reply for whatever was thrown. What is no Fault is told to the log, and to the peer only by an id. An anonymous caller that is refused for
   * being one is told how to say who it is: by the thrower, else by the challenges of its head (RFC 9110, section 15.5.2).
   */
  refusal(id: RequestId | undefined, error: unknown, where: string, revision: Revision | undefined, head?: Head): Refusal {
    try {
      const fault = Fault.is(error) ? error : this.#mask(error, where)
      const headers = fault.fault === 'UNAUTHENTICATED' ? challenging(fault, head?.challenges) : fault.headers
      return { ...encodeFault(id, fault, revision), ...(headers === undefined ? {} : { headers }) }
    } catch (cause) {
      // The fault's data are no JSON.
      return encodeFault(id, this.#mask(cause, where), revision)
    }
  }

  #mask(error: unknown, where: string): Fault {
    const correlation = correlationId()
    this.kernel.report(error, where, correlation)
    return new Fault('INTERNAL_ERROR', `Internal error. Error id: ${correlation}`)
  }

  /** A name from the peer, short enough to repeat. */
  quote(name: string): string {
    return excerpt(name)
  }
}

function challenging({ headers }: Fault, challenges: Head['challenges']): Refusal['headers'] {
  if (challenges === undefined || Object.keys(headers ?? {}).some(name => name.toLowerCase() === 'www-authenticate')) return headers
  return { ...headers, 'WWW-Authenticate': challengeOf(challenges) }
}
