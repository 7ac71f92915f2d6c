/** Where facts about the server meet those who want to know: "tools changed", "this resource was updated". Filters are applied here, once. */

import { encodeNotice, excerpt, isObject, type Bus, type Clock } from '@oarlock/protocol'
import type { ListKind } from './catalog/catalog.ts'
import { quietly } from './quietly.ts'

/** Something subscribers are told. */
export type Fact = { readonly kind: 'list'; readonly list: ListKind } | { readonly kind: 'resource'; readonly uri: string }

/** One stream of facts to one client. */
export interface Subscriber {
  /** Whether it wants to hear that a list changed. The same answer from its subscription to its end. */
  wants(list: ListKind): boolean
  /** Called for each fact it wants, never re-entrantly, with the fact as a notice of its own. Must not hold the others up. */
  deliver(fact: Fact, text: string): void
}

const TOPIC = 'oarlock.facts'

/** What a hub is made with. */
export interface HubOptions {
  readonly clock: Clock
  /** How long facts are collected. */
  readonly windowMs: number
  readonly bus?: Bus | undefined
  /** Called with a URI when its first subscriber comes. */
  watch(uri: string): void
  /** Resolves when the sources of URIs that were watched are watched; undefined when they are already. */
  started(uris: readonly string[]): Promise<void> | undefined
  /** Called when its last one left. */
  unwatch(uri: string): void
  report(cause: unknown, where: string): void
}

/** Distributes facts. Bursts are coalesced: the same fact twice within the window is told once (DIGEST S-SUB-17, THREATS T34). */
export class Hub {
  readonly #options: HubOptions
  readonly #subscribers = new Set<Subscriber>()
  readonly #byUri = new Map<string, Set<Subscriber>>()
  /** Subscribers that want to hear that the list of resources changed, and who wants to know whether there are any. */
  #listFollowers = 0
  readonly #listWatchers = new Set<(followed: boolean) => void>()
  #pending = new Map<string, Fact>()
  #stopTimer: (() => void) | undefined
  readonly #stopBus: (() => void) | undefined
  #closed = false

  constructor(options: HubOptions) {
    this.#options = options
    this.#stopBus = options.bus?.subscribe(TOPIC, text => this.#hear(text))
  }

  /** Subscribers now. */
  get size(): number {
    return this.#subscribers.size
  }

  /** URIs that somebody follows. */
  get followed(): Iterable<string> {
    return this.#byUri.keys()
  }

  /** Adds a subscriber, with the URIs it follows. */
  subscribe(subscriber: Subscriber, uris: Iterable<string> = []): void {
    if (!this.#subscribers.has(subscriber)) this.#countList(subscriber, 1)
    this.#subscribers.add(subscriber)
    for (const uri of uris) this.follow(subscriber, uri)
  }

  /** Removes a subscriber and all it follows. */
  unsubscribe(subscriber: Subscriber, uris: Iterable<string> = []): void {
    if (this.#subscribers.delete(subscriber)) this.#countList(subscriber, -1)
    for (const uri of uris) this.unfollow(subscriber, uri)
  }

  #countList(subscriber: Subscriber, by: 1 | -1): void {
    if (!subscriber.wants('resources')) return
    this.#listFollowers += by
    const isTurn = this.#listFollowers === (by === 1 ? 1 : 0)
    if (isTurn) for (const watcher of this.#listWatchers) this.#tellWatcher(watcher)
  }

  #tellWatcher(watcher: (followed: boolean) => void): void {
    try {
      watcher(this.#listFollowers > 0)
    } catch (cause) {
      this.#options.report(cause, 'list watcher')
    }
  }

  /** Tells whether anybody follows the list of resources: at once when somebody does, then at each change. Returns how to stop. */
  whenListFollowed(watcher: (followed: boolean) => void): () => void {
    this.#listWatchers.add(watcher)
    if (this.#listFollowers > 0) this.#tellWatcher(watcher)
    return () => void this.#listWatchers.delete(watcher)
  }

  /** A subscriber wants to hear of one URI. */
  follow(subscriber: Subscriber, uri: string): void {
    const followers = this.#byUri.get(uri)
    if (followers !== undefined) {
      followers.add(subscriber)
      return
    }
    this.#byUri.set(uri, new Set([subscriber]))
    this.#options.watch(uri)
  }

  /** Resolves when whatever happens to these URIs will be heard of; undefined when that is so already. */
  started(uris: readonly string[]): Promise<void> | undefined {
    return this.#options.started(uris)
  }

  /** A subscriber no longer does. */
  unfollow(subscriber: Subscriber, uri: string): void {
    const followers = this.#byUri.get(uri)
    if (followers === undefined || !followers.delete(subscriber) || followers.size > 0) return
    this.#byUri.delete(uri)
    this.#options.unwatch(uri)
  }

  /** Tells a fact, here and to every process on the bus. */
  publish(fact: Fact): void {
    const { bus, report } = this.#options
    if (bus === undefined || this.#closed) return this.#collect(fact)
    quietly(
      () => bus.publish(TOPIC, JSON.stringify(fact)),
      cause => report(cause, 'bus'),
    )
  }

  /** Delivers what waits and stops listening to the bus. What comes later is not told. */
  close(): void {
    quietly(
      () => this.#stopBus?.(),
      cause => this.#options.report(cause, 'bus'),
    )
    this.#flush()
    this.#closed = true
  }

  /** Other processes share the bus: what is no fact is reported and nothing more. */
  #hear(text: string): void {
    try {
      const fact = JSON.parse(text) as Fact
      if (!isFact(fact)) throw new TypeError(`no fact: ${excerpt(text)}`)
      this.#collect(fact)
    } catch (cause) {
      this.#options.report(cause, 'bus')
    }
  }

  /** What nobody listens to is not kept: whoever comes later reads what is there then. */
  #collect(fact: Fact): void {
    const heard = fact.kind === 'resource' ? this.#byUri.has(fact.uri) : this.#subscribers.size > 0
    if (this.#closed || !heard) return
    this.#pending.set(fact.kind === 'list' ? fact.list : `:${fact.uri}`, fact)
    this.#stopTimer ??= this.#options.clock.after(this.#options.windowMs, () => this.#flush())
  }

  #flush(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    const facts = this.#pending
    this.#pending = new Map()
    for (const fact of facts.values()) this.#tell(fact)
  }

  /** The notice is encoded once for all. One subscriber that fails does not keep it from the others. */
  #tell(fact: Fact): void {
    const text = noticeOf(fact)
    for (const subscriber of (fact.kind === 'resource' ? this.#byUri.get(fact.uri) : this.#subscribers) ?? []) {
      try {
        if (fact.kind === 'resource' || subscriber.wants(fact.list)) subscriber.deliver(fact, text)
      } catch (cause) {
        this.#options.report(cause, 'subscription')
      }
    }
  }
}

function noticeOf(fact: Fact): string {
  if (fact.kind === 'list') return encodeNotice(`notifications/${fact.list}/list_changed`)
  return encodeNotice('notifications/resources/updated', { uri: fact.uri })
}

const LISTS: ReadonlySet<unknown> = new Set<ListKind>(['tools', 'resources', 'prompts'])

function isFact(value: unknown): value is Fact {
  if (!isObject(value)) return false
  return value['kind'] === 'list' ? LISTS.has(value['list']) : value['kind'] === 'resource' && typeof value['uri'] === 'string'
}
