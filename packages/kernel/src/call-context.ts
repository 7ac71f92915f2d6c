/** The context a handler is given: one object per call, over the Call of the edge. */

import {
  atLeast,
  Fault,
  isObject,
  LOGGING_LEVELS,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type HeaderView,
  type JsonObject,
  type JsonValue,
  type LoggingLevel,
  type Peer,
  type Principal,
  type Root,
} from '@oarlock/protocol'
import { elicit, roots, sample, type Ask, type Elicited, type ElicitForm, type ElicitUrl } from './ask.ts'
import type { Call } from './call.ts'
import { canAsk, cannotAsk } from './capability.ts'
import type { Askable, CallLog, Context, SessionValues } from './context.ts'
import { correlationId } from './correlation.ts'
import { ASKING } from './error.ts'
import type { Events } from './events.ts'
import type { Schema } from './schema/schema.ts'

const NO_META: JsonObject = Object.freeze({})
const SEVERITY: ReadonlyMap<string, number> = new Map(LOGGING_LEVELS.map((level, index) => [level, index]))

/** Progress notices that may leave at once; then at most one each `PROGRESS_GAP_MS` (DIGEST S-PROG-07). The last one, done = total, always leaves. */
const PROGRESS_BURST = 100
const PROGRESS_GAP_MS = 20

export class CallContext implements Context {
  readonly call: Call
  readonly #events: Events
  /** Questions of the present run without an answer, by key. Once there is one, whatever the handler does is discarded. */
  asks: Map<string, Ask> | undefined
  #progressAt = 0
  #progressDone = Number.NEGATIVE_INFINITY
  #progressSeen = 0
  #logsSeen = 0
  #correlationId: string | undefined
  #state: Map<unknown, unknown> | undefined
  #log: CallLog | undefined

  constructor(call: Call, events: Events) {
    this.call = call
    this.#events = events
  }

  /** Starts a run of the handler: counts from nothing, so that what earlier runs sent is recognised and not repeated. */
  begin(): void {
    this.asks = undefined
    this.#progressSeen = 0
    this.#logsSeen = 0
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
    return this.call.head.headers
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
    return (this.#log ??= new Log(this))
  }
  get correlationId(): string {
    return (this.#correlationId ??= correlationId())
  }

  /** Sends one log message, as `log` does. */
  writeLog(level: LoggingLevel, data: unknown, logger: string | undefined): void {
    const severity = SEVERITY.get(level)
    if (severity === undefined) throw new TypeError(`Unknown log level ${JSON.stringify(level)}: use one of ${LOGGING_LEVELS.join(', ')}`)
    this.#logsSeen += 1
    if (this.#logsSeen <= this.call.journal.logsSent) return
    this.call.journal.logsSent = this.#logsSeen
    if (this.#events.wants('log.written')) this.#events.emit('log.written', { correlationId: this.correlationId, level, logger, data })
    const least = this.call.logLevel
    if (least === undefined || severity < (SEVERITY.get(least) as number)) return
    void this.call.notify('notifications/message', {
      level,
      ...(logger === undefined ? {} : { logger }),
      data: data === undefined ? null : data,
    })
  }

  progress(done: number, total?: number, message?: string): void | PromiseLike<void> {
    const token = this.meta['progressToken']
    if (typeof token !== 'string' && typeof token !== 'number') return
    if (!Number.isFinite(done)) throw new TypeError(`progress: done must be a finite number, not ${done}`)
    this.#progressSeen += 1
    if (this.#progressSeen <= this.call.journal.progressSent || done <= this.#progressDone) return
    if (this.#tooSoon() && done !== total) return
    this.#progressDone = done
    this.call.journal.progressSent = this.#progressSeen
    const rest = { ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message }) }
    return this.call.notify('notifications/progress', { progressToken: token, progress: done, ...rest })
  }

  #tooSoon(): boolean {
    if (this.#progressSeen <= PROGRESS_BURST) return false
    const now = Date.now()
    if (now - this.#progressAt < PROGRESS_GAP_MS) return true
    this.#progressAt = now
    return false
  }

  can(what: Askable): boolean {
    return canAsk(this.peer, what)
  }

  elicit<S extends Schema>(key: string, form: ElicitForm<S>): Promise<Elicited<S>>
  elicit(key: string, url: ElicitUrl): Promise<Elicited<never>>
  elicit(key: string, question: ElicitForm | ElicitUrl): Promise<Elicited<Schema>> {
    return this.#one(key, 'url' in question ? (elicit(question) as Ask<Elicited<Schema>>) : elicit(question))
  }

  sample(key: string, params: CreateMessageRequestParams): Promise<CreateMessageResult> {
    return this.#one(key, sample(params))
  }

  roots(key = 'roots'): Promise<readonly Root[]> {
    return this.#one(key, roots())
  }

  async ask<A extends Readonly<Record<string, Ask>>>(asks: A): Promise<{ readonly [K in keyof A]: A[K] extends Ask<infer T> ? T : never }> {
    const answers = await Promise.all(Object.entries(asks).map(async ([key, ask]) => [key, await this.#one(key, ask)] as const))
    return Object.fromEntries(answers) as never
  }

  async once<T>(key: string, work: () => T | Promise<T>): Promise<T> {
    const { journal } = this.call
    if (journal.done.has(key)) return journal.done.get(key) as T
    return journal.remember(key, await work()) as T
  }

  async requireUrl(key: string, url: ElicitUrl): Promise<void> {
    if (this.peer.revision === '2025-11-25' && this.call.answer !== undefined) {
      if (!this.can('elicit.url')) throw cannotAsk('elicit.url', this.peer)
      const elicitation = { ...elicit(url).params, elicitationId: this.call.elicitationId(key) } as unknown as JsonValue
      throw new Fault('URL_ELICITATION_REQUIRED', url.message, { data: { elicitations: [elicitation] } })
    }
    await this.elicit(key, url)
  }

  release(retryMs: number): boolean {
    return atLeast(this.peer.revision, '2025-11-25') && this.call.release(retryMs)
  }

  #one<T>(key: string, ask: Ask<T>): Promise<T> {
    const answer = this.#answer(key, ask)
    // A handler may start several questions and await only the first: the others must not count as unhandled.
    answer.catch(() => {})
    return answer
  }

  async #answer<T>(key: string, ask: Ask<T>): Promise<T> {
    if (!this.can(ask.needs)) throw cannotAsk(ask.needs, this.peer)
    const answer = this.call.journal.answers.get(key)
    if (answer !== undefined) {
      try {
        return await ask.read(answer)
      } catch (error) {
        // An answer that does not fit is as good as none: the client is asked again (DIGEST S-MRTR-14).
        if (!Fault.is(error)) throw error
        this.call.journal.answers.delete(key)
      }
    }
    ;(this.asks ??= new Map()).set(key, ask)
    throw ASKING
  }
}

class Log implements CallLog {
  readonly #ctx: CallContext
  constructor(ctx: CallContext) {
    this.#ctx = ctx
  }
  log(level: LoggingLevel, data: unknown, logger?: string): void {
    this.#ctx.writeLog(level, data, logger)
  }
  debug(data: unknown, logger?: string): void {
    this.#ctx.writeLog('debug', data, logger)
  }
  info(data: unknown, logger?: string): void {
    this.#ctx.writeLog('info', data, logger)
  }
  notice(data: unknown, logger?: string): void {
    this.#ctx.writeLog('notice', data, logger)
  }
  warning(data: unknown, logger?: string): void {
    this.#ctx.writeLog('warning', data, logger)
  }
  error(data: unknown, logger?: string): void {
    this.#ctx.writeLog('error', data, logger)
  }
  critical(data: unknown, logger?: string): void {
    this.#ctx.writeLog('critical', data, logger)
  }
  alert(data: unknown, logger?: string): void {
    this.#ctx.writeLog('alert', data, logger)
  }
  emergency(data: unknown, logger?: string): void {
    this.#ctx.writeLog('emergency', data, logger)
  }
}
