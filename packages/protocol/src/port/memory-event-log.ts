/** The events of HTTP sessions in this process's memory. */

import { duration, type Duration } from '../duration.ts'
import { checkOptions, type OptionNames } from '../option-names.ts'
import { randomId } from '../random-id.ts'
import { type Clock, systemClock } from './clock.ts'
import type { EventLog, LoggedEvent, Replay, StreamKey } from './event-log.ts'
import { EventTape } from './event-tape.ts'

/** Bounds of the log. Whatever is exceeded, the oldest events go first. */
export interface MemoryEventLogOptions {
  /** Events kept of one stream. 1,000 when absent. */
  readonly maxEvents?: number
  /** Bytes kept of one stream, characters of long events. A million when absent. */
  readonly maxStreamSize?: number
  /** The same in all. 16 million when absent. The log may take twice as many from the system. */
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

/** The streams of one session: an id is looked for nowhere else. */
interface Session {
  readonly id: string
  /** 128 random bits, so that no other session can tell an id (T6), and none outlives what the log has of its session. */
  readonly secret: string
  /** In the order of their numbers. Some may be empty: they are swept out when they are many. */
  streams: Stream[]
  /** Those that were looked for by name. Most never are. */
  readonly named: Map<string, Stream>
  /** Streams so far, and how many of them are kept. */
  count: number
  kept: number
}

/** What is kept of one stream: nothing of it lies on the heap for each event. */
class Stream {
  readonly log: MemoryEventLog
  readonly session: Session
  readonly name: string
  readonly number: number
  /** Events so far, forgotten ones included. */
  events = 0
  /** Places on the tape. */
  first = 0
  last = 0
  count = 0
  size = 0

  constructor(log: MemoryEventLog, session: Session, name: string, number: number) {
    this.log = log
    this.session = session
    this.name = name
    this.number = number
  }

  /** The id of an event, counted from 1. */
  idOf(event: number): string {
    return `${this.session.secret}-${this.number}-${event}`
  }
}

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
  readonly #sessions = new Map<string, Session>()
  readonly #tape = new EventTape<Stream>()
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
    const place = this.#tape.add(stream, at, text)
    if (this.#due > at + this.#maxAgeMs) this.#due = at + this.#maxAgeMs
    if (stream.count === 0) stream.first = place
    else this.#tape.follow(stream.last, place)
    stream.last = place
    stream.count += 1
    const event = ++stream.events
    const size = this.#sizeOf(place)
    stream.size += size
    this.#size += size
    while (stream.count > this.#maxEvents || stream.size > this.#maxStreamSize) this.#forgetFirst(stream)
    this.#expire(at)
    return stream.idOf(event)
  }

  after(session: string, id: string): Replay | undefined {
    const now = this.#clock.now()
    this.#expire(now)
    const stream = streamOfId(this.#sessions.get(session), id)
    if (stream === undefined) return undefined
    // What was moved lies behind what is younger.
    while (stream.count > 0 && this.#tape.timeOf(stream.first) <= now - this.#maxAgeMs) this.#forgetFirst(stream)
    let place = stream.first
    let event = stream.events - stream.count + 1
    while (place !== 0 && stream.idOf(event) !== id) {
      place = this.#tape.following(place)
      event += 1
    }
    if (place === 0) return undefined
    const events: LoggedEvent[] = []
    for (place = this.#tape.following(place); place !== 0; place = this.#tape.following(place)) {
      event += 1
      events.push({ id: stream.idOf(event), text: this.#tape.textOf(place) })
    }
    return { stream: stream.name, events }
  }

  drop(session: string, stream?: string): void {
    const known = this.#sessions.get(session)
    if (known === undefined) return
    for (const one of known.streams) if (stream === undefined || one.name === stream) while (one.count > 0) this.#forgetFirst(one)
  }

  #streamOf(key: StreamKey): Stream {
    const { known } = key
    if (known instanceof Stream && known.count > 0 && known.log === this) return known
    const session = this.#sessionOf(key.session)
    const stream = key.fresh === true ? undefined : find(session, key.stream)
    return (key.known = stream ?? this.#begin(session, key))
  }

  #begin(session: Session, { stream: name, fresh }: StreamKey): Stream {
    const stream = new Stream(this, session, name, ++session.count)
    session.streams.push(stream)
    session.kept += 1
    if (fresh !== true) session.named.set(name, stream)
    return stream
  }

  #sessionOf(id: string): Session {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    const made: Session = { id, secret: randomId(), streams: [], named: new Map(), count: 0, kept: 0 }
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
  #renew(stream: Stream, place: number): void {
    const tape = this.#tape
    let before = 0
    for (let at = stream.first; at !== place; at = tape.following(at)) before = at
    const renewed = tape.renew()
    if (before === 0) stream.first = renewed
    else tape.follow(before, renewed)
    if (stream.last === place) stream.last = renewed
  }

  /** Forgets an event of a stream and those before it: the first of a stream need not be the oldest on the tape, once it was moved. */
  #forget(stream: Stream, place: number): void {
    for (let first = 0; first !== place;) {
      first = stream.first
      this.#forgetFirst(stream)
    }
  }

  #forgetFirst(stream: Stream): void {
    const { first } = stream
    const size = this.#sizeOf(first)
    this.#size -= size
    stream.size -= size
    stream.count -= 1
    stream.first = this.#tape.following(first)
    this.#tape.strike(first)
    if (stream.count === 0) this.#leave(stream)
  }

  #leave({ session, name, number }: Stream): void {
    session.kept -= 1
    if (session.named.get(name)?.number === number) session.named.delete(name)
    if (session.kept === 0) this.#sessions.delete(session.id)
    else if (session.streams.length > 2 * session.kept + 16) session.streams = session.streams.filter(({ count }) => count > 0)
  }
}

/** The stream of a name, if it is kept. One that was fresh is looked for once; then it is found. */
function find({ named, streams, kept }: Session, name: string): Stream | undefined {
  const known = named.get(name)
  if (known !== undefined || named.size === kept) return known
  const found = streams.findLast(stream => stream.name === name && stream.count > 0)
  if (found !== undefined) named.set(name, found)
  return found
}

/** The stream that an id begins with. */
function streamOfId(session: Session | undefined, id: string): Stream | undefined {
  if (session === undefined) return undefined
  const number = Number(id.slice(session.secret.length + 1, id.lastIndexOf('-')))
  const { streams } = session
  let low = 0
  let high = streams.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((streams[middle] as Stream).number < number) low = middle + 1
    else high = middle
  }
  const found = streams[low]
  return found?.number === number && found.count > 0 ? found : undefined
}
