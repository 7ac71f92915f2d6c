/** Subscriptions that are requests which stay open: acknowledged, fed and ended by what arrives under their id (DIGEST 3.10). */

import { Cancelled, isObject, type JsonObject, META, type NoticeMessage, type RequestId, type SubscriptionFilter } from '@oarlock/protocol'
import type { Connection } from '../connection.ts'
import { announce } from '../events.ts'
import type { RequestOptions } from '../options.ts'
import type { Pending } from '../pending.ts'
import type { ListenFilter, News, NewsSink } from '../subscription.ts'
import { newsOf } from './news.ts'

interface Stream {
  readonly pending: Pending
  readonly filter: ListenFilter
  readonly subscription: NewsSink
  acknowledged: boolean
}

/** The open subscriptions of one connection, by the id of the request that opened each. */
export class Streams {
  readonly #connection: Connection
  readonly #streams = new Map<unknown, Stream>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Opens one. `write` sends the request. */
  open(filter: ListenFilter, subscription: NewsSink, options: RequestOptions, write: (pending: Pending, params: JsonObject) => void): void {
    const { correlation } = this.#connection
    let pending: Pending
    try {
      pending = correlation.open('subscriptions/listen', options)
    } catch (cause) {
      return subscription.end(cause)
    }
    this.#streams.set(pending.id, { pending, filter, subscription, acknowledged: false })
    pending.promise.then(
      () => this.#end(pending.id),
      (cause: unknown) => this.#end(pending.id, cause),
    )
    subscription.onClose(() => correlation.abort(pending, new Cancelled('The subscription was closed')))
    write(pending, { notifications: toWire(filter) })
  }

  /** Takes a notification that belongs to a subscription. Returns whether it did. */
  take(message: NoticeMessage): boolean {
    const { method, params } = message
    if (method === 'notifications/cancelled') return this.#cancelled(params?.['requestId'])
    const meta = params?.['_meta']
    const id = isObject(meta) ? meta[META.subscription] : undefined
    if (id === undefined) return false
    const stream = this.#streams.get(id)
    if (stream === undefined) this.#warn(`${method} came for a subscription that is not open`)
    else if (method === 'notifications/subscriptions/acknowledged') this.#acknowledge(stream, params?.['notifications'])
    else this.#feed(stream, message)
    return true
  }

  #acknowledge(stream: Stream, filter: unknown): void {
    if (stream.acknowledged) return this.#warn('A subscription was acknowledged twice')
    stream.acknowledged = true
    stream.pending.keep()
    stream.subscription.acknowledge(fromWire(isObject(filter) ? filter : {}))
  }

  /** What comes before the acknowledgement, or was not asked for, is not news (C-SUB-09). */
  #feed(stream: Stream, message: NoticeMessage): void {
    const news = newsOf(message)
    if (news === undefined) return this.#warn(`${message.method} came on a subscription, where it does not belong`)
    if (!stream.acknowledged) return this.#warn(`${message.method} came before its subscription was acknowledged`)
    if (!wants(stream.filter, news)) return this.#warn(`${message.method} came on a subscription that did not ask for it`)
    stream.subscription.push(news)
    this.#connection.host.news(news)
  }

  /** A server may end a subscription by withdrawing it instead of answering it (DIGEST 3.18, C-SUB-04). */
  #cancelled(id: unknown): boolean {
    if (!this.#streams.has(id)) return false
    this.#connection.correlation.settle({ kind: 'reply', id: id as RequestId, result: {}, error: undefined })
    return true
  }

  #end(id: RequestId, cause?: unknown): void {
    this.#streams.get(id)?.subscription.end(cause)
    this.#streams.delete(id)
  }

  #warn(message: string): void {
    announce(this.#connection.host.events, 'warning.reported', { message })
  }
}

function wants(filter: ListenFilter, news: News): boolean {
  // The URI of news may lie below the one that was asked for, so the server's word is taken for it.
  return news.kind === 'resource' ? (filter.resources ?? []).length > 0 : filter[news.kind] === true
}

function toWire({ tools, prompts, resourceList, resources }: ListenFilter): SubscriptionFilter {
  return {
    ...(tools === true && { toolsListChanged: true }),
    ...(prompts === true && { promptsListChanged: true }),
    ...(resourceList === true && { resourcesListChanged: true }),
    ...(resources !== undefined && { resourceSubscriptions: [...resources] }),
  }
}

function fromWire(filter: JsonObject): ListenFilter {
  const uris = filter['resourceSubscriptions']
  return {
    tools: filter['toolsListChanged'] === true,
    prompts: filter['promptsListChanged'] === true,
    resourceList: filter['resourcesListChanged'] === true,
    resources: Array.isArray(uris) ? uris.filter(uri => typeof uri === 'string') : [],
  }
}
