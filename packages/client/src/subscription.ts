/** News from a server as an async iterable: one subscription, whichever way it travels. */

import { type OptionNames } from '@oarlock/protocol'
import { announce, type Events } from './events.ts'

/** Which news. */
export interface ListenFilter {
  /** The list of tools changed. */
  readonly tools?: boolean | undefined
  /** The list of prompts changed. */
  readonly prompts?: boolean | undefined
  /** The list of resources, or of templates, changed. */
  readonly resourceList?: boolean | undefined
  /** These resources changed, by URI. */
  readonly resources?: readonly string[] | undefined
}

/** All that can be listened to. */
export const LISTEN_FILTER: OptionNames<ListenFilter> = {
  tools: true,
  prompts: true,
  resourceList: true,
  resources: true,
}

/**
 * One piece of news. `uri` may be below a resource that was asked for. With `missed` it is a guess: the connection broke and stands again, and
 * this may have changed meanwhile.
 */
export type News =
  | { readonly kind: 'tools'; readonly missed?: true }
  | { readonly kind: 'prompts'; readonly missed?: true }
  | { readonly kind: 'resourceList'; readonly missed?: true }
  | { readonly kind: 'resource'; readonly uri: string; readonly missed?: true }

/** Where a conversation puts what it hears for one subscription. */
export interface NewsSink {
  /** What `close` does beyond ending the loop. */
  onClose(stop: () => void): void
  /** The server took the subscription up. */
  acknowledge(honoured: ListenFilter): void
  /** News arrived. */
  push(news: News): void
  /** No more news will come; with a cause, because something went wrong. */
  end(cause?: unknown): void
}

interface Waiter {
  resolve(result: IteratorResult<News, undefined>): void
  reject(cause: unknown): void
}

/** More unread news than this, and the oldest is dropped with a warning. */
const MOST_UNREAD = 1024

/**
 * A subscription. Iterate it once; leaving the loop closes it. News that was not read yet is kept once for each kind and URI, so a slow reader
 * misses no fact and costs no more memory than there are things to watch. The loop ends when the server ends the subscription, or when `close` is
 * called here or on the client, and throws when the connection breaks for good.
 */
export class Subscription implements AsyncIterableIterator<News, undefined, undefined>, NewsSink {
  /** What the server honours of the filter; rejects when the subscription could not be opened. */
  readonly ready: Promise<ListenFilter>
  readonly #events: Events
  readonly #wanted: ListenFilter
  readonly #signal: AbortSignal | undefined
  readonly #unread = new Map<string, News>()
  readonly #waiting: Waiter[] = []
  #settle!: { resolve(honoured: ListenFilter): void; reject(cause: unknown): void }
  #stop: (() => void) | undefined
  #ended = false
  #closed = false
  #cause: unknown

  /** @param signal closes it; closed from the beginning where it is aborted already */
  constructor(events: Events, wanted: ListenFilter, signal?: AbortSignal) {
    this.#events = events
    this.#wanted = wanted
    this.#signal = signal
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Whoever iterates learns of a failure there; waiting for `ready` is optional.
    this.ready.catch(() => {})
    if (signal?.aborted === true) this.close()
    else signal?.addEventListener('abort', this)
  }

  /** Whether no more news will come. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether this side ended it. */
  get closed(): boolean {
    return this.#closed
  }

  /** Ends the subscription and tells the server. Safe to call at any time, any number of times. */
  close(): void {
    this.#closed = true
    const stop = this.#stop
    this.end()
    stop?.()
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.close()
  }

  /** For the conversation: what `close` does beyond ending the loop. */
  onClose(stop: () => void): void {
    if (this.#ended) stop()
    else this.#stop = stop
  }

  /** For the conversation: the server took the subscription up. Reports what it leaves out (C-SUB-01). */
  acknowledge(honoured: ListenFilter): void {
    const missing = missingOf(this.#wanted, honoured)
    if (missing.length > 0)
      announce(this.#events, 'warning.reported', { message: `The server does not send news of ${missing.join(', ')}` })
    this.#settle.resolve(honoured)
  }

  /** For the conversation: news arrived. */
  push(news: News): void {
    if (this.#ended) return
    const waiter = this.#waiting.shift()
    if (waiter !== undefined) return waiter.resolve({ value: news, done: false })
    this.#unread.set(news.kind === 'resource' ? `resource ${news.uri}` : news.kind, news)
    if (this.#unread.size > MOST_UNREAD) this.#drop()
  }

  /** For the conversation: no more news will come. With a cause the loop throws it, after what is unread. */
  end(cause?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#stop = undefined
    this.#signal?.removeEventListener('abort', this)
    this.#cause = cause
    if (cause === undefined) this.#settle.resolve({})
    else this.#settle.reject(cause)
    const waiting = this.#waiting.splice(0)
    if (waiting.length > 0) this.#cause = undefined
    for (const waiter of waiting) {
      if (cause === undefined) waiter.resolve({ value: undefined, done: true })
      else waiter.reject(cause)
    }
  }

  next(): Promise<IteratorResult<News, undefined>> {
    for (const [key, news] of this.#unread) {
      this.#unread.delete(key)
      return Promise.resolve({ value: news, done: false })
    }
    if (!this.#ended) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
    const cause = this.#cause
    this.#cause = undefined
    return cause === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(cause)
  }

  return(): Promise<IteratorResult<News, undefined>> {
    this.#unread.clear()
    this.close()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close()
    return Promise.resolve()
  }

  #drop(): void {
    const [oldest] = this.#unread.keys()
    this.#unread.delete(oldest as string)
    announce(this.#events, 'warning.reported', { message: 'News was dropped because nobody reads the subscription' })
  }
}

function missingOf(wanted: ListenFilter, honoured: ListenFilter): readonly string[] {
  const lists = (['tools', 'prompts', 'resourceList'] as const).filter(kind => wanted[kind] === true && honoured[kind] !== true)
  const uris = new Set(honoured.resources)
  return [...lists, ...(wanted.resources ?? []).filter(uri => !uris.has(uri))]
}
