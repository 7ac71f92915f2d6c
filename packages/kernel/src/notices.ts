/** What a call tells its client while it works, progress and log messages: what an earlier run of the handler told is not told again. */

import { isId, LOGGING_LEVELS, type JsonObject, type LoggingLevel, type RequestId } from '@oarlock/protocol'
import type { Call } from './call.ts'
import { WritingLog } from './call-log.ts'
import type { CallLog } from './context.ts'
import type { Events } from './events.ts'

const SEVERITY: ReadonlyMap<string, number> = new Map(LOGGING_LEVELS.map((level, index) => [level, index]))

/** Progress notices that may leave at once; then at most one each `PROGRESS_GAP_MS` (DIGEST S-PROG-07). The last one, done = total, always leaves. */
const PROGRESS_BURST = 100
const PROGRESS_GAP_MS = 20

/** The call that tells. */
interface Telling {
  readonly call: Call
  readonly meta: JsonObject
  readonly correlationId: string
  report(cause: unknown, where: string): void
}

interface ProgressParams {
  readonly progressToken: RequestId
  readonly progress: number
  total?: number
  message?: string
}

/** How many notices there were. */
interface Count {
  readonly progress: number
  readonly logs: number
}

const NONE: Count = { progress: 0, logs: 0 }

/** The notices of one call. */
export class Notices {
  readonly #ctx: Telling
  readonly #events: Events
  /** What the layers around the handler had told when it first ran: its re-entry counts from there. Undefined until then. */
  #outer: Count | undefined
  #progressSeen = 0
  #logsSeen = 0
  #log: CallLog | undefined
  #progressAt = 0
  #progressDone = Number.NEGATIVE_INFINITY

  /** @param running whether the handler's first run has begun */
  constructor(ctx: Telling, events: Events, running: boolean) {
    this.#ctx = ctx
    this.#events = events
    this.#outer = running ? NONE : undefined
  }

  /** A run of the handler begins: it counts from where the first one did. */
  begin(): void {
    this.#outer ??= { progress: this.#progressSeen, logs: this.#logsSeen }
    this.#progressSeen = this.#outer.progress
    this.#logsSeen = this.#outer.logs
  }

  /** See `Context.log`. */
  get log(): CallLog {
    return (this.#log ??= new WritingLog(this))
  }

  /** Sends a log message. Never fails because of what is logged. */
  write(level: LoggingLevel, data: unknown, logger: string | undefined): void {
    const severity = SEVERITY.get(level)
    if (severity === undefined) throw new TypeError(`Unknown log level ${JSON.stringify(level)}: use one of ${LOGGING_LEVELS.join(', ')}`)
    const { call } = this.#ctx
    const { journal, logLevel, method } = call
    this.#logsSeen += 1
    if (this.#logsSeen <= journal.logsSent) return
    journal.logsSent = this.#logsSeen
    if (this.#events.wants('log.written')) this.#events.emit('log.written', { correlationId: this.#ctx.correlationId, level, logger, data })
    if (logLevel === undefined || severity < (SEVERITY.get(logLevel) as number)) return
    try {
      void call.notify('notifications/message', { level, ...(logger === undefined ? {} : { logger }), data: loggable(data) })
    } catch (cause) {
      this.#ctx.report(cause, `log of ${method}`)
    }
  }

  /** See `Context.progress`. */
  progress(done: number, total: number | undefined, message: string | undefined): void | PromiseLike<void> {
    const { call, meta } = this.#ctx
    const token = meta['progressToken']
    if (!isId(token)) return
    if (!Number.isFinite(done)) throw new TypeError(`progress: done must be a finite number, not ${done}`)
    if (total !== undefined && !Number.isFinite(total)) throw new TypeError(`progress: total must be a finite number, not ${total}`)
    const { journal } = call
    this.#progressSeen += 1
    if (this.#progressSeen <= journal.progressSent || done <= this.#progressDone) return
    if (this.#tooSoon() && done !== total) return
    this.#progressDone = done
    journal.progressSent = this.#progressSeen
    const params: ProgressParams = { progressToken: token, progress: done }
    if (total !== undefined) params.total = total
    if (message !== undefined) params.message = message
    return call.notify('notifications/progress', params)
  }

  #tooSoon(): boolean {
    if (this.#progressSeen <= PROGRESS_BURST) return false
    const now = Date.now()
    if (now - this.#progressAt < PROGRESS_GAP_MS) return true
    this.#progressAt = now
    return false
  }
}

/** Errors say what they are, without their stack; nothing is null, as JSON has no word for undefined. */
function loggable(data: unknown): unknown {
  return data instanceof Error ? `${data.name}: ${data.message}` : (data ?? null)
}
