/** Sends requests again that a broken connection left without an answer: those that may be, and no other. */

import type { Connection, Host } from '../connection.ts'
import { OutcomeUnknown } from '../error.ts'
import type { RequestOptions } from '../options.ts'
import { patienceOf } from '../pending.ts'
import type { Talk } from '../talk/talk.ts'
import { fateOf, retryAfterOf } from './broken.ts'
import type { Lifeline } from './lifeline.ts'
import type { Heal } from './options.ts'
import { Allowance, delayOf, pause, within } from './wait.ts'

/** What is said on a connection. */
export type Say<T> = (talk: Talk, options: RequestOptions) => Promise<T>

/** The requests of one client. */
export class Repeats {
  readonly #host: Host
  readonly #heal: Heal | undefined
  readonly #lifeline: Lifeline

  constructor(host: Host, heal: Heal | undefined, lifeline: Lifeline) {
    this.#host = host
    this.#heal = heal
    this.#lifeline = lifeline
  }

  /**
   * Says something until it is answered. All attempts together stay within the request's timeout, unless progress extends it.
   * @param safe whether saying it twice does no harm
   * @throws OutcomeUnknown when the connection broke and it is not safe to ask again
   */
  async run<T>(method: string, safe: boolean, options: RequestOptions, say: Say<T>): Promise<T> {
    const { settings } = this.#host
    const { timeoutMs, limitMs } = patienceOf(options, settings)
    const time = new Allowance(settings.clock, this.#lifeline.waits, timeoutMs, limitMs)
    for (let tries = 0; ; tries++) {
      const connection = this.#lifeline.connection ?? (await this.#connect(method, time, options))
      const left = tries === 0 ? options : { ...options, timeout: Math.max(time.left, 1) }
      try {
        const said = await say(connection.talk as Talk, left)
        this.#lifeline.outage.healed((connection.talk as Talk).revision)
        return said
      } catch (cause) {
        await this.#forgive(cause, method, safe, tries, time, connection, options)
      }
    }
  }

  #connect(method: string, time: Allowance, { signal }: RequestOptions): Promise<Connection> {
    return within(this.#lifeline.alive(), method, time, this.#host.settings.clock, signal)
  }

  /** Throws unless another attempt is allowed; else waits until it is due. */
  async #forgive(
    cause: unknown,
    method: string,
    safe: boolean,
    tries: number,
    time: Allowance,
    connection: Connection,
    { signal }: RequestOptions,
  ): Promise<void> {
    const heal = this.#heal
    const fate = fateOf(cause)
    const { outage } = this.#lifeline
    outage.refused(cause, connection.talk?.revision)
    if (heal === undefined || fate === undefined || this.#lifeline.closed) throw cause
    const isStatus = typeof (cause as { status?: unknown }).status === 'number'
    if (!safe && fate === 'unknown') throw isStatus ? cause : new OutcomeUnknown(method, cause)
    const { clock } = this.#host.settings
    const waitMs = connection.ended ? 0 : Math.max(delayOf(tries, heal), retryAfterOf(cause))
    if (tries + 1 >= heal.attempts || waitMs >= time.left) {
      outage.lost(cause)
      throw cause
    }
    if (!connection.ended) outage.broke(tries, waitMs, cause)
    if (waitMs > 0) await within(pause(waitMs, clock, signal), method, time, clock, signal)
  }
}
