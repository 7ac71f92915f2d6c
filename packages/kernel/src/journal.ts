/** What a call remembers between runs of its handler: the answers it got, what it did once, and how much it already sent. */

import { Fault, isObject, type JsonObject } from '@oarlock/protocol'

/** The journal as it travels in `requestState`. Short keys: it is carried by every round. */
export interface JournalEntry {
  /** Answers by ask key. */
  readonly a?: JsonObject
  /** Results of `once` by key. */
  readonly o?: JsonObject
  /** Progress notices sent, log messages sent, rounds so far. */
  readonly c?: readonly [number, number, number]
}

/** Bytes of JSON that one `once` result may take. */
export const ONCE_LIMIT = 16_384

/** Mutable for the length of one call. */
export class Journal {
  readonly answers = new Map<string, unknown>()
  readonly done = new Map<string, unknown>()
  progressSent = 0
  logsSent = 0
  rounds = 0

  /** Remembers a result of `once`. @throws Fault INTERNAL_ERROR when it is not plain JSON of bounded size */
  remember(key: string, value: unknown): unknown {
    const text = value === undefined ? 'null' : JSON.stringify(value)
    if (text === undefined || text.length > ONCE_LIMIT) {
      throw new Fault('INTERNAL_ERROR', undefined, {
        cause: new TypeError(`once('${key}'): the result must be plain JSON of at most ${ONCE_LIMIT} characters`),
      })
    }
    const plain: unknown = value === undefined ? undefined : JSON.parse(text)
    this.done.set(key, plain)
    return plain
  }

  /** The journal as plain JSON. */
  toEntry(): JournalEntry {
    const entry: { a?: JsonObject; o?: JsonObject; c: readonly [number, number, number] } = {
      c: [this.progressSent, this.logsSent, this.rounds],
    }
    if (this.answers.size > 0) entry.a = fromMap(this.answers)
    if (this.done.size > 0) entry.o = fromMap(this.done)
    return entry
  }

  /** Reads what `toEntry` wrote. Only ever given text that was opened with our own key. */
  static from(entry: JournalEntry): Journal {
    const journal = new Journal()
    for (const [key, value] of Object.entries(entry.a ?? {})) journal.answers.set(key, value)
    for (const [key, value] of Object.entries(entry.o ?? {})) journal.done.set(key, value ?? undefined)
    ;[journal.progressSent, journal.logsSent, journal.rounds] = entry.c ?? [0, 0, 0]
    return journal
  }

  /** Adds the client's answers. Each must be an object, the shape of every kind of answer (DIGEST S-MRTR-14). */
  addAnswers(answers: unknown): void {
    if (answers === undefined) return
    if (!isObject(answers)) throw new Fault('INVALID_PARAMS', 'inputResponses must be an object of answers by key')
    for (const [key, value] of Object.entries(answers)) if (isObject(value)) this.answers.set(key, value)
  }
}

function fromMap(map: ReadonlyMap<string, unknown>): JsonObject {
  // fromEntries defines own properties, so a key such as __proto__ stays data.
  return Object.fromEntries(map)
}
