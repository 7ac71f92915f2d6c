/** The events of HTTP sessions in this process's memory. */

import { checkOptions, type OptionNames } from '../option-names.ts'
import { randomId } from '../random-id.ts'
import { type Clock, systemClock } from './clock.ts'
import type { EventLog, LoggedEvent, Replay, StreamKey } from './event-log.ts'
import { Queue, type Queued } from './queue.ts'

/** Bounds of the log. Whatever is exceeded, the oldest events go first. */
export interface MemoryEventLogOptions {
  /** Events kept of one stream. 1,000 when absent. */
  readonly maxEvents?: number
  /** Characters kept of one stream. A million when absent. */
  readonly maxStreamSize?: number
  /** Characters kept in all. 64 million when absent. */
  readonly maxSize?: number
  /** Milliseconds that an event is kept. Five minutes when absent. */
  readonly maxAgeMs?: number
  readonly clock?: Clock
}

const LOG_OPTIONS: OptionNames<MemoryEventLogOptions> = {
  maxEvents: true,
  maxStreamSize: true,
  maxSize: true,
  maxAgeMs: true,
  clock: true,
}

/** What an event costs beyond its text, so that empty events are bounded too. */
const OVERHEAD = 200

/** An event, in the order of the whole log (`older`, `newer`) and of its stream (`following`). */
interface Entry extends Queued, LoggedEvent {
  readonly stream: Stream
  readonly at: number
  following: Entry | undefined
  older: this | undefined
  newer: this | undefined
}

interface Stream {
  readonly key: StreamKey
  first: Entry | undefined
  last: Entry | undefined
  count: number
  size: number
}

/** The streams of one session, and its events by id: an id is looked for nowhere else. */
interface Session {
  readonly streams: Map<string, Stream>
  readonly events: Map<string, Entry>
}

/** A log for one process. Ids are random, so one tells nothing of another; an id is only known to the session it was given to (T6). */
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
    this.#maxSize = options.maxSize ?? 64_000_000
    this.#maxAgeMs = options.maxAgeMs ?? 300_000
    this.#clock = options.clock ?? systemClock
  }

  append(key: StreamKey, text: string): string {
    const at = this.#clock.now()
    this.#expire(at)
    const session = this.#sessionOf(key.session)
    const stream = streamOf(session, key)
    const entry: Entry = { id: randomId(), text, stream, at, following: undefined, older: undefined, newer: undefined }
    session.events.set(entry.id, entry)
    this.#all.add(entry)
    if (stream.last === undefined) stream.first = entry
    else stream.last.following = entry
    stream.last = entry
    stream.count += 1
    stream.size += text.length + OVERHEAD
    this.#size += text.length + OVERHEAD
    this.#trim(stream)
    return entry.id
  }

  after(session: string, id: string): Replay | undefined {
    this.#expire(this.#clock.now())
    const known = this.#sessions.get(session)?.events.get(id)
    if (known === undefined) return undefined
    const events: LoggedEvent[] = []
    for (let entry = known.following; entry !== undefined; entry = entry.following) events.push({ id: entry.id, text: entry.text })
    return { stream: known.stream.key.stream, events }
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
    const made: Session = { streams: new Map(), events: new Map() }
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
    if (stream.first === undefined) stream.last = undefined
    this.#forgetIn(stream.key, entry.id, stream.first === undefined)
  }

  #forgetIn({ session, stream }: StreamKey, id: string, emptied: boolean): void {
    const owner = this.#sessions.get(session)
    if (owner === undefined) return
    owner.events.delete(id)
    if (emptied) owner.streams.delete(stream)
    if (owner.streams.size === 0) this.#sessions.delete(session)
  }
}

function streamOf(session: Session, key: StreamKey): Stream {
  const known = session.streams.get(key.stream)
  if (known !== undefined) return known
  const made: Stream = { key: { session: key.session, stream: key.stream }, first: undefined, last: undefined, count: 0, size: 0 }
  session.streams.set(key.stream, made)
  return made
}
