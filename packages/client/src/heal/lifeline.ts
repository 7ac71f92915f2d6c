/** The connection of a client, and how there is another when it breaks. */

import { ConnectionClosed, type Revision } from '@oarlock/protocol'
import type { Connection, Host } from '../connection.ts'
import { announce } from '../events.ts'
import { fateOf, mayPass } from './broken.ts'
import type { Heal } from './options.ts'
import { delayOf, pause, Waits } from './wait.ts'

/** Opens a connection on which both sides have agreed how to speak. */
export type Open = (signal: AbortSignal | undefined, known: Revision | undefined) => Promise<Connection>

/** News that people listen to who made no request: as long as somebody does, a broken connection is mended without being asked for. */
const AWAITED = ['toolsChanged', 'promptsChanged', 'resourcesChanged', 'resourceUpdated', 'log', 'notice'] as const

/** Holds one connection at a time. Whoever needs it while it is broken waits for the same attempts. */
export class Lifeline {
  /** For credentials, while connections are opened or requests sent. */
  readonly waits: Waits
  readonly #host: Host
  readonly #open: Open
  readonly #heal: Heal | undefined
  readonly #starts: number[] = []
  /** Aborts what is under way when the client is closed. */
  readonly #over = new AbortController()
  #last: Connection | undefined
  #reopening: Promise<Connection> | undefined
  #callOff: (() => void) | undefined

  constructor(host: Host, heal: Heal | undefined, open: Open) {
    this.waits = new Waits(host.settings.clock)
    this.#host = host
    this.#heal = heal
    this.#open = open
  }

  /** Whether the client was closed. */
  get closed(): boolean {
    return this.#over.signal.aborted
  }

  /** The connection, as long as it stands. */
  get connection(): Connection | undefined {
    return this.#last?.ended === false ? this.#last : undefined
  }

  /** The connection, or the one that was before it broke. */
  get last(): Connection | undefined {
    return this.#last
  }

  /** Opens the first connection, or one in place of another. One attempt. */
  async open(signal?: AbortSignal): Promise<void> {
    const before = this.#last
    const known = before?.talk?.revision
    this.#last = undefined
    await before?.close()
    this.#adopt(await this.#open(signal, known))
  }

  /** A connection that stands, after as many attempts as it takes. Rejects when they are used up, or the client was closed. */
  alive(): Promise<Connection> {
    const { connection } = this
    if (connection !== undefined) return Promise.resolve(connection)
    if (this.#heal === undefined || this.closed) return Promise.reject(new ConnectionClosed('The client is closed', undefined, true))
    this.#reopening ??= this.#reopen(this.#heal).finally(() => {
      this.#reopening = undefined
    })
    return this.#reopening
  }

  /** A connection ended by itself. */
  broke(connection: Connection): void {
    if (connection !== this.#last || this.closed || this.#heal === undefined) return
    this.#callOff?.()
    if (AWAITED.some(event => this.#host.events.listenerCount(event) > 0)) this.alive().catch(() => {})
  }

  async close(): Promise<void> {
    if (!this.closed) this.#over.abort(new ConnectionClosed('The client is closed', undefined, true))
    this.#callOff?.()
    await this.#last?.close()
  }

  async #reopen(heal: Heal): Promise<Connection> {
    const { events, settings } = this.#host
    const { signal } = this.#over
    let cause: unknown = this.#last?.cause
    for (let tries = 0; ; tries++) {
      try {
        this.#assertStart(heal, cause)
        const delayMs = delayOf(tries, heal)
        announce(events, 'reconnecting', { attempt: tries + 1, delayMs, cause })
        await pause(delayMs, settings.clock, signal)
        return await this.#again(tries + 1)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        cause = error
        if (tries + 1 < heal.attempts && mayPass(error) && !(error instanceof TooManyStarts)) continue
        announce(events, 'lost', { cause })
        throw fateOf(error) === undefined || error instanceof TooManyStarts
          ? error
          : new ConnectionClosed('The connection is broken and could not be opened again', error, true)
      }
    }
  }

  async #again(attempts: number): Promise<Connection> {
    const connection = await this.#open(this.#over.signal, this.#last?.talk?.revision)
    if (this.closed) {
      void connection.close()
      throw this.#over.signal.reason
    }
    this.#adopt(connection)
    announce(this.#host.events, 'reconnected', { attempts, revision: connection.talk?.revision as Revision })
    return connection
  }

  /** A process that ends as soon as it runs is not started for ever. */
  #assertStart({ restarts, withinMs }: Heal, cause: unknown): void {
    if (this.#last?.connector.transport !== 'stdio') return
    const now = this.#host.settings.clock.now()
    while (this.#starts[0] !== undefined && this.#starts[0] <= now - withinMs) this.#starts.shift()
    if (this.#starts.length >= restarts) throw new TooManyStarts(restarts, withinMs, cause)
    this.#starts.push(now)
  }

  #adopt(connection: Connection): void {
    this.#last = connection
    this.#watch(connection)
  }

  /** Asks from time to time whether the server is still there. Only where there is a connection that could be dead unnoticed. */
  #watch(connection: Connection): void {
    const { keepAliveMs, pingTimeoutMs } = this.#heal ?? {}
    if (keepAliveMs === undefined) return
    const again = (): void => this.#watch(connection)
    this.#callOff?.()
    this.#callOff = this.#host.settings.clock.after(keepAliveMs, () => {
      connection.talk?.ping({ timeoutMs: pingTimeoutMs }).then(again, (cause: unknown) => {
        // A refusal is an answer: somebody is there.
        if (connection.ended) return
        if (mayPass(cause)) connection.drop(new ConnectionClosed('The server did not answer a ping', cause))
        else again()
      })
    })
  }
}

/** Not worth another try, and an ordinary error for whoever waits: the message is what counts. */
class TooManyStarts extends ConnectionClosed {
  constructor(restarts: number, withinMs: number, cause: unknown) {
    super(`The server was started ${restarts} times in ${withinMs / 1000} s and ended each time`, cause, true)
  }
}
