/** The events of HTTP sessions in this process's memory. */

import { duration, type Duration } from '../duration.ts'
import { checkOptions, type OptionNames } from '../option-names.ts'
import { randomId } from '../random-id.ts'
import { type Clock, systemClock } from './clock.ts'
import type { EventLog, LoggedEvent, Replay, StreamKey } from './event-log.ts'
import { Queue, type Queued } from '../queue.ts'

/** Bounds of the log. Whatever is exceeded, the oldest events go first. */
export interface MemoryEventLogOptions {
  /** Events kept of one stream. 1,000 when absent. */
  readonly maxEvents?: number
  /** Characters kept of one stream. A million when absent. */
  readonly maxStreamSize?: number
  /** Characters kept in all. 16 million when absent. */
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

/** An event, in the order of the whole log (`older`, `newer`) and of its stream (`following`). */
interface Entry extends Queued {
  /** Its place in its stream, counted from 1. */
  readonly place: number
  readonly text: string
  readonly stream: Stream
  readonly at: number
  following: Entry | undefined
  older: this | undefined
  newer: this | undefined
}

interface Stream {
  readonly key: StreamKey
  /** What the ids of its events begin with: its session's secret and its number there. */
  readonly prefix: string
  /** Events so far, forgotten ones included. */
  places: number
  first: Entry | undefined
  last: Entry | undefined
  count: number
  size: number
}

/** The streams of one session by name: an id is looked for nowhere else. */
interface Session {
  /** 128 random bits, so that no other session can tell an id (T6), and none outlives what the log has of its session. */
  readonly secret: string
  readonly streams: Map<string, Stream>
  /** The same by what their ids begin with. */
  readonly byPrefix: Map<string, Stream>
  /** Streams so far. */
  count: number
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
  readonly #all = new Queue<Entry>()
  #size = 0

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
    this.#expire(at)
    const session = this.#sessionOf(key.session)
    const stream = streamOf(session, key)
    const place = ++stream.places
    const entry: Entry = { place, text, stream, at, following: undefined, older: undefined, newer: undefined }
    this.#all.add(entry)
    if (stream.last === undefined) stream.first = entry
    else stream.last.following = entry
    stream.last = entry
    stream.count += 1
    stream.size += text.length + OVERHEAD
    this.#size += text.length + OVERHEAD
    this.#trim(stream)
    return idOf(stream, place)
  }

  after(session: string, id: string): Replay | undefined {
    this.#expire(this.#clock.now())
    const known = entryOf(this.#sessions.get(session), id)
    if (known === undefined) return undefined
    const { stream } = known
    const events: LoggedEvent[] = []
    for (let entry = known.following; entry !== undefined; entry = entry.following) {
      events.push({ id: idOf(stream, entry.place), text: entry.text })
    }
    return { stream: stream.key.stream, events }
  }

  drop(session: string, stream?: string): void {
    const streams = this.#sessions.get(session)?.streams
    if (streams === undefined) return
    const dropped = stream === undefined ? [...streams.values()] : [streams.get(stream)]
    for (const one of dropped) for (let entry = one?.first; entry !== undefined; entry = one?.first) this.#forget(entry)
  }

  #sessionOf(id: string): Session {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    const made: Session = { secret: randomId(), streams: new Map(), byPrefix: new Map(), count: 0 }
    this.#sessions.set(id, made)
    return made
  }

  #trim(stream: Stream): void {
    while (stream.first !== undefined && (stream.count > this.#maxEvents || stream.size > this.#maxStreamSize)) this.#forget(stream.first)
    while (this.#size > this.#maxSize && this.#all.oldest !== undefined) this.#forget(this.#all.oldest)
  }

  #expire(now: number): void {
    const limit = now - this.#maxAgeMs
    for (let entry = this.#all.oldest; entry !== undefined && entry.at <= limit; entry = this.#all.oldest) this.#forget(entry)
  }

  /** Forgets the first event of a stream: the oldest of the log is always the first of its own. */
  #forget(entry: Entry): void {
    const { stream } = entry
    const size = entry.text.length + OVERHEAD
    this.#all.remove(entry)
    this.#size -= size
    stream.size -= size
    stream.count -= 1
    stream.first = entry.following
    if (stream.first !== undefined) return
    stream.last = undefined
    this.#forgetStream(stream)
  }

  #forgetStream({ key: { session, stream }, prefix }: Stream): void {
    const owner = this.#sessions.get(session)
    owner?.streams.delete(stream)
    owner?.byPrefix.delete(prefix)
    if (owner?.streams.size === 0) this.#sessions.delete(session)
  }
}

function streamOf(session: Session, key: StreamKey): Stream {
  const known = session.streams.get(key.stream)
  if (known !== undefined) return known
  const prefix = `${session.secret}-${++session.count}-`
  const made: Stream = { key, prefix, places: 0, first: undefined, last: undefined, count: 0, size: 0 }
  session.streams.set(key.stream, made)
  session.byPrefix.set(prefix, made)
  return made
}

const idOf = ({ prefix }: Stream, place: number): string => prefix + place

/** The event of an id. Looking for it takes as long as its stream has events, which are bounded. */
function entryOf(session: Session | undefined, id: string): Entry | undefined {
  const stream = session?.byPrefix.get(id.slice(0, id.lastIndexOf('-') + 1))
  if (stream === undefined) return undefined
  for (let entry = stream.first; entry !== undefined; entry = entry.following) if (idOf(stream, entry.place) === id) return entry
  return undefined
}
