/** A subscription that outlives its connections: it is sent again when they break, and says that something may have been missed. */

import { ConnectionClosed } from '@oarlock/protocol'
import type { Host } from '../connection.ts'
import type { RequestOptions } from '../options.ts'
import type { ListenFilter, News, NewsSink, Subscription } from '../subscription.ts'
import { fateOf } from './broken.ts'
import type { Lifeline } from './lifeline.ts'
import type { Heal } from './options.ts'
import { delayOf, pause } from './wait.ts'

/** Stands between the conversations, which come and go, and the subscription, which stays until it, or the client, is closed. */
export class Relisten implements NewsSink {
  readonly #host: Host
  readonly #heal: Heal | undefined
  readonly #lifeline: Lifeline
  readonly #filter: ListenFilter
  readonly #subscription: Subscription
  readonly #options: RequestOptions
  #tries = 0
  /** It stood, and broke. */
  #interrupted = false
  #stood = false

  constructor(host: Host, lifeline: Lifeline, filter: ListenFilter, subscription: Subscription, options: RequestOptions) {
    this.#host = host
    this.#heal = host.settings.heal
    this.#lifeline = lifeline
    this.#filter = filter
    this.#subscription = subscription
    this.#options = options
  }

  /** Asks for the news. */
  open(): void {
    const { connection, closed } = this.#lifeline
    if (closed) this.#subscription.end(new ConnectionClosed('The client is closed', undefined, true))
    else if (connection === undefined) void this.#again(0)
    else connection.talk?.listen(this.#filter, this, this.#options)
  }

  onClose(stop: () => void): void {
    this.#subscription.onClose(stop)
  }

  acknowledge(honoured: ListenFilter): void {
    this.#tries = 0
    this.#stood = true
    this.#subscription.acknowledge(honoured)
    this.#lifeline.outage.healed(this.#lifeline.talk.revision)
    if (!this.#interrupted) return
    this.#interrupted = false
    // Nobody knows what happened meanwhile, so everything that may have is news (C-SUB-08).
    for (const news of newsIn(honoured)) {
      this.#subscription.push(news)
      this.#host.news(news)
    }
  }

  push(news: News): void {
    this.#subscription.push(news)
  }

  end(cause?: unknown): void {
    // Whoever closes the client wants no more news, and is not surprised.
    if (this.#lifeline.closed) return this.#subscription.end()
    const heal = this.#heal
    const { outage, connection } = this.#lifeline
    outage.refused(cause, connection?.talk?.revision)
    if (cause === undefined || heal === undefined || this.#subscription.ended || fateOf(cause) === undefined) {
      return this.#subscription.end(cause)
    }
    if (++this.#tries > heal.attempts) {
      outage.lost(cause)
      return this.#subscription.end(cause)
    }
    this.#interrupted = this.#stood
    const delayMs = delayOf(this.#tries - 1, heal)
    // A connection that ended tells of it by itself.
    if (connection !== undefined) outage.broke(this.#tries - 1, delayMs, cause)
    void this.#again(delayMs)
  }

  /** The process lives as long as somebody may be reading. */
  async #again(delayMs: number): Promise<void> {
    const over = new AbortController()
    const hold = setInterval(() => {}, 2 ** 30)
    this.#subscription.onClose(() => over.abort())
    try {
      // A connection that ended has a wait of its own.
      if (this.#lifeline.connection !== undefined) await pause(delayMs, this.#host.settings.clock, over.signal)
      await Promise.race([this.#lifeline.alive(), aborted(over.signal)])
      if (!this.#subscription.ended) this.open()
    } catch (cause) {
      this.#subscription.end(this.#lifeline.closed ? undefined : cause)
    } finally {
      clearInterval(hold)
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function newsIn({ tools, prompts, resourceList, resources = [] }: ListenFilter): readonly News[] {
  const lists = [tools && ('tools' as const), prompts && ('prompts' as const), resourceList && ('resourceList' as const)]
  return [
    ...lists.filter(kind => kind !== undefined && kind !== false).map(kind => ({ kind, missed: true }) as const),
    ...resources.map(uri => ({ kind: 'resource', uri, missed: true }) as const),
  ]
}
