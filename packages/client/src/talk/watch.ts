/** Subscriptions on a session: what the server announced comes by itself, single resources are subscribed to one by one (DIGEST 2.7). */

import { declares } from '@oarlock/protocol'
import { isWithin } from '../below.ts'
import type { Connection } from '../connection.ts'
import { RemoteFault } from '../error.ts'
import { announce } from '../events.ts'
import type { RequestOptions } from '../options.ts'
import type { ServerDescription } from '../server.ts'
import type { ListenFilter, News, NewsSink } from '../subscription.ts'

/** Sends `resources/subscribe` or `resources/unsubscribe`. */
export type Subscribe = (method: 'resources/subscribe' | 'resources/unsubscribe', uri: string, options: RequestOptions) => Promise<unknown>

interface Watched {
  readonly begun: Promise<unknown>
  count: number
}

/** The open subscriptions of one session. A resource that several watch is subscribed to once. */
export class Watches {
  readonly #connection: Connection
  readonly #subscribe: Subscribe
  readonly #open = new Map<NewsSink, ListenFilter>()
  readonly #watched = new Map<string, Watched>()

  constructor(connection: Connection, subscribe: Subscribe) {
    this.#connection = connection
    this.#subscribe = subscribe
  }

  /** Opens one. */
  open(filter: ListenFilter, subscription: NewsSink, options: RequestOptions, server: ServerDescription | undefined): void {
    this.#begin(filter, subscription, options, server).catch((cause: unknown) => {
      this.#open.delete(subscription)
      subscription.end(cause)
    })
  }

  /** News arrived. */
  feed(news: News): void {
    for (const [subscription, filter] of this.#open) if (wants(filter, news)) subscription.push(news)
  }

  /** The session is over. */
  end(cause: unknown): void {
    for (const subscription of this.#open.keys()) subscription.end(cause)
    this.#open.clear()
    this.#watched.clear()
  }

  async #begin(
    filter: ListenFilter,
    subscription: NewsSink,
    options: RequestOptions,
    server: ServerDescription | undefined,
  ): Promise<void> {
    const offers = (path: string): boolean => server !== undefined && declares(server.capabilities, path)
    const honoured = {
      tools: filter.tools === true && offers('tools.listChanged'),
      prompts: filter.prompts === true && offers('prompts.listChanged'),
      resourceList: filter.resourceList === true && offers('resources.listChanged'),
    }
    const uris = offers('resources.subscribe') ? [...new Set(filter.resources)] : []
    this.#open.set(subscription, { ...honoured, resources: uris })
    const taken: string[] = []
    subscription.onClose(() => {
      this.#open.delete(subscription)
      for (const uri of taken) this.#leave(uri)
    })
    const outcomes = await Promise.allSettled(uris.map(uri => this.#watch(uri, options)))
    const resources = uris.filter((_, index) => (outcomes[index] as PromiseSettledResult<boolean> & { value?: boolean }).value === true)
    const failure = outcomes.find(outcome => outcome.status === 'rejected')
    if (failure !== undefined) {
      // What was granted beside what failed is nobody's: the subscription as a whole has not come about.
      for (const uri of resources) this.#leave(uri)
      throw failure.reason
    }
    // Closed while the server was being asked: give back what it granted.
    if (!this.#open.has(subscription)) return resources.forEach(uri => this.#leave(uri))
    taken.push(...resources)
    this.#open.set(subscription, { ...honoured, resources })
    subscription.acknowledge({ ...honoured, resources })
    if (!honoured.tools && !honoured.prompts && !honoured.resourceList && resources.length === 0) subscription.end()
  }

  /** Returns whether the server lets this resource be watched. Its refusal is part of the answer; a broken connection is not. */
  async #watch(uri: string, options: RequestOptions): Promise<boolean> {
    let watched = this.#watched.get(uri)
    if (watched === undefined) {
      watched = { begun: this.#subscribe('resources/subscribe', uri, options), count: 0 }
      this.#watched.set(uri, watched)
    }
    watched.count++
    try {
      await watched.begun
      return true
    } catch (cause) {
      if (this.#watched.get(uri) === watched) this.#watched.delete(uri)
      if (!RemoteFault.is(cause)) throw cause
      return false
    }
  }

  #leave(uri: string): void {
    const watched = this.#watched.get(uri)
    if (watched === undefined || --watched.count > 0) return
    this.#watched.delete(uri)
    if (this.#connection.ended) return
    this.#subscribe('resources/unsubscribe', uri, {}).catch((cause: unknown) => {
      announce(this.#connection.host.events, 'warning.reported', { message: `resources/unsubscribe of ${uri} failed`, cause })
    })
  }
}

function wants(filter: ListenFilter, news: News): boolean {
  if (news.kind !== 'resource') return filter[news.kind] === true
  return (filter.resources ?? []).some(uri => isWithin(news.uri, uri))
}
