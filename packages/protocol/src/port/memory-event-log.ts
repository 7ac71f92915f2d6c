/** The events of HTTP sessions in this process's memory. */

import { duration, type Duration } from '../duration.ts'
import { checkOptions, type OptionNames } from '../option-names.ts'
import { type Clock, systemClock } from './clock.ts'
import type { EventLog, LoggedEvent, Replay, StreamKey } from './event-log.ts'
import { EventTape } from './event-tape.ts'
import { LogSession } from './log-session.ts'
import { StreamTable } from './stream-table.ts'

/** Bounds of the log. Whatever is exceeded, the oldest events go first. */
export interface MemoryEventLogOptions {
  /** Events kept of one stream. 1,000 when absent. */
  readonly maxEvents?: number
  /** Bytes kept of one stream, characters of long events. A million when absent. */
  readonly maxStreamSize?: number
  /** The same in all. 16 million when absent. The log may take a little more than twice as many from the system. */
  readonly maxSize?: number
  /** How long an event is kept. `5m` when absent. */
  readonly maxAge?: Duration
  readonly clock?: Clock
}

const LOG_OPTIONS: OptionNames<MemoryEventLogOptions> = {
  maxEvents: true,
  maxStreamSize: true,
  maxSize: true,
  maxAge: true,
  clock: true,
}

/** What an event costs beyond its text, so that empty events are bounded too. */
const OVERHEAD = 200
/** Bytes that the tape may take without a look at what is kept of them. */
const SLACK = 262_144
/** Events that are moved with each that comes. */
const RENEWALS = 4

/**
 * A log for one process. An id is the secret of its session and two counts, so that telling a thousand streams of one change costs little; it is only known to the
 * session it was given to (T6).
 */
export function memoryEventLog(options: MemoryEventLogOptions = {}): MemoryEventLog {
  return new MemoryEventLog(options)
}

/** What `memoryEventLog` makes; all of it answers at once. */
export class MemoryEventLog implements EventLog {
  readonly #maxEvents: number
  readonly #maxStreamSize: number
  readonly #maxSize: number
  readonly #maxAgeMs: number
  readonly #clock: Clock
  readonly #sessions = new Map<string, LogSession>()
  readonly #streams = new StreamTable<LogSession>()
  readonly #tape = new EventTape()
  #size = 0
  /** Nothing is too old before. */
  #due = Number.POSITIVE_INFINITY

  constructor(options: MemoryEventLogOptions) {
    checkOptions(options, LOG_OPTIONS, 'memoryEventLog()')
    this.#maxEvents = options.maxEvents ?? 1000
    this.#maxStreamSize = options.maxStreamSize ?? 1_000_000
    this.#maxSize = options.maxSize ?? 16_000_000
    this.#maxAgeMs = duration(options.maxAge ?? '5m', 'maxAge')
    this.#clock = options.clock ?? systemClock
  }

  append(key: StreamKey, text: string): string {
    const at = this.#clock.now()
    const stream = this.#streamOf(key)
    const streams = this.#streams
    const place = this.#tape.add(stream, at, text)
    if (this.#due > at + this.#maxAgeMs) this.#due = at + this.#maxAgeMs
    const size = this.#sizeOf(place)
    const before = streams.add(stream, place, size)
    if (before !== 0) this.#tape.follow(before, place)
    this.#size += size
    const id = this.#idOf(stream, streams.eventsOf(stream))
    while (streams.countOf(stream) > this.#maxEvents || streams.sizeOf(stream) > this.#maxStreamSize) {
      if (this.#forgetFirst(stream) === 0) break
    }
    this.#expire(at)
    return id
  }

  after(session: string, id: string): Replay | undefined {
    const now = this.#clock.now()
    this.#expire(now)
    const known = this.#sessions.get(session)
    const stream = known?.numbered(Number(id.slice(known.secret.length + 1, id.lastIndexOf('-'))))
    if (stream === undefined) return undefined
    const streams = this.#streams
    // What was moved lies behind what is younger.
    while (this.#tape.timeOf(streams.firstOf(stream)) <= now - this.#maxAgeMs) if (this.#forgetFirst(stream) === 0) return undefined
    let place = streams.firstOf(stream)
    let event = streams.eventsOf(stream) - streams.countOf(stream) + 1
    while (place !== 0 && this.#idOf(stream, event) !== id) {
      place = this.#tape.following(place)
      event += 1
    }
    if (place === 0) return undefined
    const events: LoggedEvent[] = []
    for (place = this.#tape.following(place); place !== 0; place = this.#tape.following(place)) {
      event += 1
      events.push({ id: this.#idOf(stream, event), text: this.#tape.textOf(place) })
    }
    return { stream: streams.nameOf(stream), events }
  }

  drop(session: string, stream?: string): void {
    const known = this.#sessions.get(session)
    if (known === undefined) return
    const dropped = stream === undefined ? known.streams : [known.named(stream)]
    for (const one of dropped) if (one !== undefined) while (this.#forgetFirst(one) > 0);
  }

  /** The id of an event, counted from 1. */
  #idOf(stream: number, event: number): string {
    return `${(this.#streams.sessionOf(stream) as LogSession).secret}-${this.#streams.numberOf(stream)}-${event}`
  }

  #streamOf(key: StreamKey): number {
    const { known } = key
    if (typeof known === 'number' && this.#streams.sessionOf(known)?.id === key.session && this.#streams.nameOf(known) === key.stream)
      return known
    const session = this.#sessionOf(key.session)
    const fresh = key.fresh === true
    return (key.known = (fresh ? undefined : session.named(key.stream)) ?? session.begin(key.stream, fresh))
  }

  #sessionOf(id: string): LogSession {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    const made = new LogSession(id, this.#streams)
    this.#sessions.set(id, made)
    return made
  }

  #sizeOf(place: number): number {
    return this.#tape.sizeOf(place) + OVERHEAD
  }

  /** Whatever is too old, and the oldest of what is too much. Records that count no more leave with them. */
  #expire(now: number): void {
    if (now < this.#due && this.#size <= this.#maxSize && !this.#isCrowded) return
    const tape = this.#tape
    let renewals = RENEWALS
    for (let place = tape.oldest; place !== undefined; place = tape.oldest) {
      if (!tape.oldestIsStruck) {
        this.#due = tape.oldestTime + this.#maxAgeMs
        if (now >= this.#due || this.#size > this.#maxSize) this.#forget(tape.oldestOwner, place)
        else if (this.#isCrowded && renewals-- > 0) this.#renew(tape.oldestOwner, place)
        else return
      }
      tape.shift()
    }
    this.#due = Number.POSITIVE_INFINITY
  }

  /** Whether streams that forget much themselves have left much more on the tape than is kept. */
  get #isCrowded(): boolean {
    return this.#tape.held > 2 * this.#size + SLACK
  }

  /** Moves the oldest event to the end of the tape, so that what lies behind it can leave. */
  #renew(stream: number, place: number): void {
    const tape = this.#tape
    let before = 0
    for (let at = this.#streams.firstOf(stream); at !== place; at = tape.following(at)) before = at
    const renewed = tape.renew()
    if (before !== 0) tape.follow(before, renewed)
    this.#streams.move(stream, place, renewed)
  }

  /** Forgets an event of a stream and those before it: the first of a stream need not be the oldest on the tape, once it was moved. */
  #forget(stream: number, place: number): void {
    for (let first = 0; first !== place;) {
      first = this.#streams.firstOf(stream)
      this.#forgetFirst(stream)
    }
  }

  /** Returns how many events the stream has left. */
  #forgetFirst(stream: number): number {
    const streams = this.#streams
    const first = streams.firstOf(stream)
    const size = this.#sizeOf(first)
    this.#size -= size
    const left = streams.forget(stream, size, this.#tape.following(first))
    this.#tape.strike(first)
    if (left === 0) this.#leave(stream)
    return left
  }

  #leave(stream: number): void {
    const session = this.#streams.sessionOf(stream) as LogSession
    session.end(stream)
    if (session.kept === 0) this.#sessions.delete(session.id)
  }
}
