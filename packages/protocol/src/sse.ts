/** Server-sent events, both ways: the text of one event, and a parser fed with chunks (WHATWG HTML, section 9.2). */

import { TooLarge } from './size.ts'

/** A comment: keeps a quiet stream alive, and every reader skips it. */
export const SSE_COMMENT = ':\n\n'

/** The most characters one event may have before the parser gives up, unless told otherwise: 10 Mi, like a line of stdio. */
export const MAX_SSE_EVENT = 10 * 1024 * 1024

/** An event to be written. */
export interface SseEvent {
  /** Where a client resumes from. Visible to the client, so never a secret. */
  readonly id?: string | undefined
  /** Type; a client assumes `message` when it is absent. */
  readonly event?: string | undefined
  /** JSON on one line. Empty for an event that only primes a stream with its id. */
  readonly data: string
  /** Milliseconds a client should wait before it reconnects. */
  readonly retry?: number | undefined
}

/** An event that was read. */
export interface ReceivedSseEvent {
  /** The id this event itself brought; the one to resume from is the parser's `lastEventId`. */
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/**
 * The text of one event. Line breaks in `data` become further data lines, which JSON does not mind; nothing in any field can start a field
 * of its own (THREATS T27).
 * @throws RangeError for an id or type with a line break or NUL, or a retry that is not a whole number of milliseconds
 */
export function sseEvent({ id, event, data, retry }: SseEvent): string {
  const idLine = id === undefined ? '' : `id: ${oneLine('id', id)}\n`
  const broken = data.includes('\n') || data.includes('\r')
  return `${idLine}${beforeData(event, retry)}${broken ? data.split(/\r\n|\n|\r/).join('\ndata: ') : data}\n\n`
}

/** Few pieces: each that is put together is an object, and there is an event for each stream that hears of a change. */
function beforeData(event: string | undefined, retry: number | undefined): string {
  if (event === 'message' && retry === undefined) return 'event: message\ndata: '
  const type = event === undefined ? '' : `event: ${oneLine('event', event)}\n`
  return `${type}${retry === undefined ? '' : `retry: ${wholeNumber(retry)}\n`}data: `
}

function oneLine(field: string, value: string): string {
  if (value.includes('\n') || value.includes('\r') || value.includes('\0')) {
    throw new RangeError(`The ${field} of a server-sent event must not contain line breaks or NUL`)
  }
  return value
}

function wholeNumber(retry: number): number {
  if (!Number.isSafeInteger(retry) || retry < 0) throw new RangeError(`retry is a whole number of milliseconds, not ${retry}`)
  return retry
}

const LF = 0x0a
const SPACE = 0x20

/**
 * Reads a stream of events from chunks that may split anywhere, inside a character or a line break too. Linear in the input; memory is
 * bounded by `maxEvent`. An event that the stream ends in the middle of is dropped, as the standard says.
 */
export class SseParser {
  /** The id to resume from: that of the last complete event that had one. Empty before the first. */
  lastEventId = ''
  /** Milliseconds to wait before reconnecting, if the server said so. */
  retry: number | undefined

  readonly #emit: (event: ReceivedSseEvent) => void
  readonly #maxEvent: number
  readonly #decoder = new TextDecoder()
  /** Pieces of the line that has not ended yet. */
  #pieces: string[] = []
  #skipLf = false
  /** Characters held for the event under way: its data and the unfinished line. */
  #held = 0
  #id: string | undefined
  #event = ''
  #data: string | undefined

  /**
   * @param emit gets each complete event that has data, in order; must not throw
   * @param maxEvent most characters of one event
   */
  constructor(emit: (event: ReceivedSseEvent) => void, maxEvent: number = MAX_SSE_EVENT) {
    this.#emit = emit
    this.#maxEvent = maxEvent
  }

  /**
   * Takes the next bytes of the stream.
   * @throws TooLarge when an event outgrows its limit; the stream is of no further use then
   */
  push(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true })
    if (text === '') return
    let start = this.#skipLf && text.charCodeAt(0) === LF ? 1 : 0
    this.#skipLf = false
    // The next of each kind is looked up again only once it was passed, so that a text without CR is searched for it once.
    let lf = text.indexOf('\n', start)
    let cr = text.indexOf('\r', start)
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      this.#line(this.#whole(text.slice(start, end)))
      start = end + 1
      if (end === cr) {
        if (start === text.length) this.#skipLf = true
        else if (text.charCodeAt(start) === LF) start++
      }
      if (lf !== -1 && lf < start) lf = text.indexOf('\n', start)
      if (cr !== -1 && cr < start) cr = text.indexOf('\r', start)
    }
    if (start < text.length) this.#keep(text.slice(start))
  }

  #keep(piece: string): void {
    this.#hold(piece.length)
    this.#pieces.push(piece)
  }

  #hold(length: number): void {
    this.#held += length
    if (this.#held > this.#maxEvent) throw new TooLarge(`A server-sent event has more than ${this.#maxEvent} characters`, this.#maxEvent)
  }

  #whole(piece: string): string {
    this.#hold(piece.length)
    if (this.#pieces.length === 0) return piece
    this.#pieces.push(piece)
    const line = this.#pieces.join('')
    this.#pieces = []
    return line
  }

  #line(line: string): void {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) {
      this.#held -= line.length
      return
    }
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1)
    this.#field(name, value)
    // What is not data is not collected: a stream of other fields grows nothing.
    if (name !== 'data') this.#held -= line.length
  }

  #field(name: string, value: string): void {
    if (name === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    else if (name === 'event') this.#event = value
    else if (name === 'id') {
      if (!value.includes('\0')) this.#id = value
    } else if (name === 'retry' && /^\d{1,15}$/.test(value)) this.retry = Number(value)
  }

  #dispatch(): void {
    const id = this.#id
    const event = this.#event
    const data = this.#data
    this.#id = undefined
    this.#event = ''
    this.#data = undefined
    this.#held = 0
    if (id !== undefined) this.lastEventId = id
    if (data !== undefined) this.#emit({ id, event: event === '' ? 'message' : event, data })
  }
}
