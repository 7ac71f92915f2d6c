/** What a call remembers between runs of its handler: the answers it got, what it did once, and how much it already sent. */

import { Fault, isObject, randomId, type JsonObject } from '@oarlock/protocol'

/** The journal as it travels in `requestState`. Short keys: it is carried by every round. */
export interface JournalEntry {
  /** Answers by ask key. */
  readonly a?: JsonObject
  /** Results of `once` by key, each in a list, which is empty for undefined. */
  readonly o?: { readonly [key: string]: readonly unknown[] }
  /** What the round before asked. */
  readonly q?: readonly string[]
  /** Ids of url elicitations by ask key. */
  readonly e?: { readonly [key: string]: string }
  /** Progress notices sent, log messages sent, rounds so far. */
  readonly c?: readonly [number, number, number]
}

/** Characters of JSON that one `once` result may take. */
export const ONCE_LIMIT = 16_384

/** Rounds of questions one call may take (DIGEST S-MRTR-20). */
export const MAX_ROUNDS = 16

/** Mutable for the length of one call. */
export class Journal {
  #answers: Map<string, unknown> | undefined
  #done: Map<string, unknown> | undefined
  progressSent = 0
  logsSent = 0
  #rounds = 0
  /** The keys that the client was asked for; undefined when it was asked nothing yet. */
  #asked: ReadonlySet<string> | undefined
  #elicitations: Map<string, string> | undefined

  /** The client's answers by the key of what it was asked. */
  get answers(): Map<string, unknown> {
    return (this.#answers ??= new Map())
  }

  /** What was done once, by its key. */
  get done(): Map<string, unknown> {
    return (this.#done ??= new Map())
  }

  /** Another round of questions begins. @throws Fault INTERNAL_ERROR when there were enough */
  ask(keys: Iterable<string>): void {
    this.#rounds += 1
    if (this.#rounds > MAX_ROUNDS) throw new Fault('INTERNAL_ERROR', `The call asked for answers more than ${MAX_ROUNDS} times`)
    this.#asked = new Set(keys)
  }

  /** Remembers a result of `once`. @throws Fault INTERNAL_ERROR when it is not plain JSON of bounded size */
  remember(key: string, value: unknown): unknown {
    const text = value === undefined ? '' : (JSON.stringify(value) as string | undefined)
    if (text === undefined || text.length > ONCE_LIMIT) {
      const cause = new TypeError(`once('${key}'): the result must be plain JSON of at most ${ONCE_LIMIT} characters`)
      throw new Fault('INTERNAL_ERROR', undefined, { cause })
    }
    const plain: unknown = value === undefined ? undefined : JSON.parse(text)
    this.done.set(key, plain)
    return plain
  }

  /** The id by which the url elicitation with this key goes in every run of the call. Nobody can guess it. */
  elicitationId(key: string): string {
    this.#elicitations ??= new Map()
    let id = this.#elicitations.get(key)
    if (id === undefined) this.#elicitations.set(key, (id = randomId()))
    return id
  }

  /**
   * Adds the client's answers: to what was asked, once. A client that sends another answer later, or one that nobody wants, is not heard, so
   * that work already done stands on what it was done for. Each must be an object, the shape of every kind of answer (DIGEST S-MRTR-14).
   */
  addAnswers(answers: unknown): void {
    if (answers === undefined) return
    if (!isObject(answers)) throw new Fault('INVALID_PARAMS', 'inputResponses must be an object of answers by key')
    for (const [key, value] of Object.entries(answers)) {
      if (isObject(value) && (this.#asked?.has(key) ?? true)) this.answers.set(key, value)
    }
  }

  /** The journal as plain JSON. */
  toEntry(): JournalEntry {
    const { answers, done } = this
    return {
      ...(answers.size > 0 ? { a: Object.fromEntries(answers) } : {}),
      ...(done.size > 0 ? { o: Object.fromEntries(Array.from(done, ([key, value]) => [key, value === undefined ? [] : [value]])) } : {}),
      ...(this.#asked === undefined ? {} : { q: [...this.#asked] }),
      ...(this.#elicitations === undefined ? {} : { e: Object.fromEntries(this.#elicitations) }),
      c: [this.progressSent, this.logsSent, this.#rounds],
    }
  }

  /** Reads what `toEntry` wrote. Only ever given text that was opened with our own key. */
  static from({ a, o, q, e, c }: JournalEntry): Journal {
    const journal = new Journal()
    for (const [key, value] of Object.entries(a ?? {})) journal.answers.set(key, value)
    for (const [key, [value]] of Object.entries(o ?? {})) journal.done.set(key, value)
    if (q !== undefined) journal.#asked = new Set(q)
    if (e !== undefined) journal.#elicitations = new Map(Object.entries(e))
    ;[journal.progressSent, journal.logsSent, journal.#rounds] = c ?? [0, 0, 0]
    return journal
  }
}
