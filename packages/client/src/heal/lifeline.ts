/** The connection of a client, and how there is another when it breaks. */

import { ConnectionClosed, type Revision } from '@oarlock/protocol'
import type { Connection, Host } from '../connection.ts'
import { announce } from '../events.ts'
import { patiently } from '../patiently.ts'
import type { Talk } from '../talk/talk.ts'
import { fateOf, mayPass } from './broken.ts'
import type { Heal } from './options.ts'
import { Outage } from './outage.ts'
import { delayOf, pause, Waits } from './wait.ts'

/** Opens a connection on which both sides have agreed how to speak. */
export type Open = (signal: AbortSignal | undefined, known: Revision | undefined) => Promise<Connection>

/** News that people listen to who made no request: as long as somebody does, a broken connection is mended without being asked for. */
const AWAITED = ['tools.changed', 'prompts.changed', 'resources.changed', 'resource.updated', 'log.received', 'notice.received'] as const

/** Holds one connection at a time. Whoever needs it while it is broken waits for the same attempts. */
export class Lifeline {
  /** For credentials, while connections are opened or requests sent. */
  readonly waits: Waits
  /** Breaks that leave the connection standing. */
  readonly outage: Outage
  readonly #host: Host
  readonly #open: Open
  readonly #heal: Heal | undefined
  readonly #starts: number[] = []
  /** Aborts what is under way when the client is closed. */
  readonly #over = new AbortController()
  #last: Connection | undefined
  /** One that was taken out of use on purpose, and is closing. */
  #retired: Connection | undefined
  /** The one attempt to get another that may be under way. */
  #opening: Promise<Connection> | undefined
  #callOff: (() => void) | undefined

  constructor(host: Host, heal: Heal | undefined, open: Open) {
    this.waits = new Waits(host.settings.clock)
    this.outage = new Outage(host.events)
    this.#host = host
    this.#heal = heal
    this.#open = open
  }

  /** Whether the client was closed. */
  get closed(): boolean {
    return this.#over.signal.aborted
  }

  /** Whether a connection is being opened in place of another. */
  get opening(): boolean {
    return this.#opening !== undefined
  }

  /** The connection, as long as it stands. */
  get connection(): Connection | undefined {
    const last = this.#last
    return last?.ended === false && last !== this.#retired ? last : undefined
  }

  /** The connection, or the one that was before it broke. */
  get last(): Connection | undefined {
    return this.#last
  }

  /** How that one speaks. @throws ConnectionClosed when there is none */
  get talk(): Talk {
    const talk = this.#last?.talk
    if (talk === undefined) throw new ConnectionClosed()
    return talk
  }

  /** Opens the first connection. One attempt. */
  async open(signal?: AbortSignal): Promise<void> {
    this.#adopt(await this.#open(signal, undefined))
  }

  /** Opens another connection in place of this one, which ends first: a server is not started beside itself. Nobody is told that it ended. */
  replace(): Promise<Connection> {
    if (this.#opening !== undefined) return this.#opening
    this.#retired = this.#last
    return this.#occupy(() => this.#renew())
  }

  /** A connection that stands, after as many attempts as it takes. Rejects when they are used up, or the client was closed. */
  alive(): Promise<Connection> {
    const { connection } = this
    if (connection !== undefined) return Promise.resolve(connection)
    if (this.#opening !== undefined) return this.#opening
    const heal = this.#heal
    if (heal === undefined || this.closed) return Promise.reject(new ConnectionClosed('The client is closed', undefined, true))
    return this.#occupy(() => this.#reopen(heal, this.#last?.cause))
  }

  /** A connection ended. */
  ended(connection: Connection, cause: unknown): void {
    if (connection !== this.#last || connection === this.#retired) return
    announce(this.#host.events, 'connection.closed', { cause })
    if (this.closed || this.#heal === undefined) return
    this.#callOff?.()
    if (AWAITED.some(event => this.#host.events.listenerCount(event) > 0)) this.alive().catch(() => {})
  }

  /** Ends every connection, those included that are being opened. Resolves when they are gone, or do not come to an end. */
  async close(): Promise<void> {
    if (!this.closed) this.#over.abort(new ConnectionClosed('The client is closed', undefined, true))
    this.#callOff?.()
    const { connections, settings } = this.#host
    const ends = Array.from(connections, each => each.close())
    if (this.#opening !== undefined) await patiently(this.#opening, settings.clock)
    await Promise.all([...ends, ...Array.from(connections, each => each.close())])
  }

  /** Whoever comes while `work` is under way waits for it: also who is called by what it does at once. */
  #occupy(work: () => Promise<Connection>): Promise<Connection> {
    let begin!: (work: Promise<Connection>) => void
    const opening = new Promise<Connection>(resolve => {
      begin = resolve
    })
    this.#opening = opening
    begin(
      work().finally(() => {
        this.#opening = undefined
      }),
    )
    return opening
  }

  async #renew(): Promise<Connection> {
    this.#callOff?.()
    await this.#last?.close()
    try {
      return await this.#another()
    } catch (cause) {
      this.#over.signal.throwIfAborted()
      if (this.#heal === undefined || !mayPass(cause)) throw cause
      return this.#reopen(this.#heal, cause)
    }
  }

  async #reopen(heal: Heal, why: unknown): Promise<Connection> {
    const { events, settings } = this.#host
    const { signal } = this.#over
    let cause = why
    for (let tries = 0; ; tries++) {
      try {
        this.#assertStart(heal, cause)
        const delayMs = delayOf(tries, heal)
        announce(events, 'reconnect.scheduled', { attempt: tries + 1, delayMs, cause })
        await pause(delayMs, settings.clock, signal)
        const connection = await this.#another()
        this.outage.replaced()
        announce(events, 'connection.restored', { attempts: tries + 1, revision: connection.talk?.revision as Revision })
        return connection
      } catch (error) {
        if (signal.aborted) throw signal.reason
        cause = error
        if (tries + 1 < heal.attempts && mayPass(error) && !(error instanceof TooManyStarts)) continue
        announce(events, 'connection.lost', { cause })
        throw fateOf(error) === undefined || error instanceof TooManyStarts
          ? error
          : new ConnectionClosed('The connection is broken and could not be opened again', error, true)
      }
    }
  }

  async #another(): Promise<Connection> {
    const { signal } = this.#over
    signal.throwIfAborted()
    const connection = await this.#open(signal, this.#last?.talk?.revision)
    if (signal.aborted) {
      void connection.close()
      throw signal.reason
    }
    this.#adopt(connection)
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

  /** No connection is left to itself: the one before has ended, or does now. */
  #adopt(connection: Connection): void {
    void this.#last?.close()
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
      connection.talk?.ping({ timeout: pingTimeoutMs }).then(again, (cause: unknown) => {
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
