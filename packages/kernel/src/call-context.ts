/** The context a handler is given: one object per call, over the Call of the edge. */

import {
  atLeast,
  duration,
  Fault,
  isObject,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type Duration,
  type HeaderView,
  type JsonObject,
  type JsonValue,
  type Peer,
  type Principal,
  type Root,
} from '@oarlock/protocol'
import { elicit, roots, sample, type Ask, type Askable, type Elicited, type ElicitForm, type ElicitUrl } from './ask.ts'
import type { Call } from './call.ts'
import type { Entry } from './catalog/entry.ts'
import { canAsk, cannotAsk, withoutUnknownContext } from './capability.ts'
import type { CallLog, Context, SessionValues } from './context.ts'
import { copyOf } from './copy.ts'
import { correlationId } from './correlation.ts'
import { ASKING, ToolError } from './error.ts'
import type { Events } from './events.ts'
import { Notices } from './notices.ts'
import type { Schema } from './schema/schema.ts'
import { toldHeaders } from './told-headers.ts'

const NO_META: JsonObject = Object.freeze({})

export class CallContext implements Context {
  readonly call: Call
  readonly #events: Events
  /** The component that the call resolved to. */
  entry: Entry | undefined
  /** Questions of the present run without an answer, by key. Once there is one, whatever the handler does is discarded. */
  asks: Map<string, Ask> | undefined
  /** Whether the handler runs. What asks outside of that, middleware and guards, is not unwound where the client can be asked directly. */
  #running = false
  /** Whether its first run has begun. */
  #begun = false
  /** Nobody waits for the handler any more. */
  #abandoned = false
  #works: Map<string, Promise<unknown>> | undefined
  #correlationId: string | undefined
  #state: Map<unknown, unknown> | undefined
  #notices: Notices | undefined
  #headers: HeaderView | undefined

  constructor(call: Call, events: Events) {
    this.call = call
    this.#events = events
  }

  /** Starts a run of the handler. */
  begin(): void {
    this.asks = undefined
    this.#running = true
    this.#begun = true
    this.#notices?.begin()
  }

  /** The run came to its value or its error. */
  end(): void {
    this.asks = undefined
    this.#running = false
  }

  /** The run goes on, but its outcome is decided: it cannot ask any more. */
  abandon(): void {
    this.end()
    this.#abandoned = true
  }

  /** Whether nobody waits for what the handler comes to: its client gave the call up, or its time ran out. */
  get over(): boolean {
    return this.#abandoned || this.call.cancellation.cancelled
  }

  get signal(): AbortSignal {
    return this.call.cancellation.signal
  }
  get peer(): Peer {
    return this.call.peer
  }
  get principal(): Principal | undefined {
    return this.call.principal
  }
  get headers(): HeaderView | undefined {
    const { headers } = this.call.head
    return headers === undefined ? undefined : (this.#headers ??= toldHeaders(headers))
  }
  get remote(): string | undefined {
    return this.call.head.remote
  }
  get session(): SessionValues | undefined {
    return this.call.session
  }
  get meta(): JsonObject {
    const meta = this.call.params['_meta']
    return isObject(meta) ? meta : NO_META
  }
  get state(): Map<unknown, unknown> {
    return (this.#state ??= new Map())
  }
  get log(): CallLog {
    return this.#told.log
  }
  get correlationId(): string {
    return (this.#correlationId ??= correlationId())
  }

  /** Whether an error is nothing but the end of the call, which the handler was told of: no mistake of anybody. */
  isEnd(error: unknown): boolean {
    const { reason } = this.call.cancellation
    return reason !== undefined && error === reason
  }

  /** Tells the server's log what the peer is not told. */
  report(cause: unknown, where: string): void {
    this.#events.emit('error.reported', { correlationId: this.correlationId, where, cause })
  }

  progress(done: number, total?: number, message?: string): void | PromiseLike<void> {
    return this.#told.progress(done, total, message)
  }

  get #told(): Notices {
    return (this.#notices ??= new Notices(this, this.#events, this.#begun))
  }

  can(what: Askable): boolean {
    return canAsk(this.peer, what)
  }

  elicit<S extends Schema>(key: string, form: ElicitForm<S>): Promise<Elicited<S>>
  elicit(key: string, url: ElicitUrl): Promise<Elicited<never>>
  elicit(key: string, question: ElicitForm | ElicitUrl): Promise<unknown> {
    return this.#one<unknown>(key, () => ('url' in question ? elicit(question) : elicit(question)))
  }

  sample(key: string, params: CreateMessageRequestParams): Promise<CreateMessageResult> {
    return this.#one(key, () => sample(params))
  }

  roots(key = 'roots'): Promise<readonly Root[]> {
    return this.#one(key, roots)
  }

  ask<A extends Readonly<Record<string, Ask>>>(asks: A): Promise<{ readonly [K in keyof A]: A[K] extends Ask<infer T> ? T : never }> {
    const answers = Object.entries(asks).map(async ([key, ask]) => [key, await this.#one(key, () => ask)] as const)
    return handled(Promise.all(answers).then(settled => Object.fromEntries(settled))) as Promise<never>
  }

  once<T>(key: string, work: () => T | Promise<T>): Promise<T> {
    const { journal } = this.call
    if (journal.done.has(key)) return Promise.resolve(copyOf(journal.done.get(key)) as T)
    const known = this.#works?.get(key)
    if (known !== undefined) return known as Promise<T>
    // A run that has asked is over: what it would start now, its successor starts.
    if (this.asks !== undefined || this.#abandoned) return handled(Promise.reject(ASKING))
    const works = (this.#works ??= new Map())
    const working = new Promise<T>(resolve => resolve(work()))
      .then(value => copyOf(journal.remember(key, value)) as T)
      .finally(() => works.delete(key))
    works.set(key, working)
    return handled(working)
  }

  /** Resolves when all that is to be done once has been, or has failed. */
  async worked(): Promise<void> {
    while (this.#works !== undefined && this.#works.size > 0) await Promise.allSettled(this.#works.values())
  }

  elicitationId(key: string): string {
    return this.call.elicitationId(key)
  }

  requireUrl(key: string, url: ElicitUrl): Promise<void> {
    return handled(this.#requireUrl(key, url))
  }

  async #requireUrl(key: string, url: ElicitUrl): Promise<void> {
    if (this.call.revision === '2025-11-25' && this.call.answer !== undefined) {
      if (!this.can('elicit.url')) throw cannotAsk('elicit.url', this.peer)
      const elicitation = { ...elicit(url).params, elicitationId: this.elicitationId(key) } as unknown as JsonValue
      throw new Fault('URL_ELICITATION_REQUIRED', url.message, { data: { elicitations: [elicitation] } })
    }
    const { action } = await this.elicit(key, url)
    if (action !== 'accept') throw new ToolError(`This cannot go on: the user did not agree to open the page (${action})`)
  }

  release(retry: Duration): boolean {
    const retryMs = Math.ceil(duration(retry, 'release'))
    return atLeast(this.call.revision, '2025-11-25') && this.call.release(retryMs)
  }

  /** Asks the client in the middle of the call and notes its answers. Only where `call.answer` is. */
  async answerAll(asks: ReadonlyMap<string, Ask>): Promise<void> {
    const { journal } = this.call
    journal.ask(asks.keys())
    const answers = await this.call.answer?.(asks)
    for (const [key, answer] of answers ?? []) journal.answers.set(key, answer)
  }

  #one<T>(key: string, make: () => Ask<T>): Promise<T> {
    return handled(this.#answer(key, make))
  }

  async #answer<T>(key: string, make: () => Ask<T>): Promise<T> {
    const ask = withoutUnknownContext(make(), this.peer)
    if (!this.can(ask.needs)) throw cannotAsk(ask.needs, this.peer)
    if (this.over) throw ASKING
    for (;;) {
      const answer = this.call.journal.answers.get(key)
      if (answer !== undefined) {
        try {
          return await ask.read(copyOf(answer))
        } catch (error) {
          // An answer that does not fit is as good as none: the client is asked again (DIGEST S-MRTR-14).
          if (!Fault.is(error)) throw error
          this.call.journal.answers.delete(key)
        }
      }
      if (this.#running || this.call.answer === undefined) break
      await this.answerAll(new Map([[key, ask]]))
    }
    ;(this.asks ??= new Map()).set(key, ask)
    throw ASKING
  }
}

/** A handler may start several things and await only the first: the others must not count as unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
