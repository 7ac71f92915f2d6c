/** Where facts about the server meet those who want to know: "tools changed", "this resource was updated". Filters are applied here, once. */

import type { Bus, Clock } from '@oarlock/protocol'
import type { ListKind } from './catalog/catalog.ts'

/** Something subscribers are told. */
export type Fact = { readonly kind: 'list'; readonly list: ListKind } | { readonly kind: 'resource'; readonly uri: string }

/** One stream of facts to one client. */
export interface Subscriber {
  /** Whether it wants to hear that a list changed. */
  wants(list: ListKind): boolean
  /** Called for each fact it wants, never re-entrantly. Must not throw; must not hold the others up. */
  deliver(fact: Fact): void
}

const TOPIC = 'oarlock.facts'

/** Distributes facts. Bursts are coalesced: the same fact twice within the window is told once (DIGEST S-SUB-17, THREATS T34). */
export class Hub {
  readonly #clock: Clock
  readonly #windowMs: number
  readonly #bus: Bus | undefined
  readonly #onWatch: (uri: string) => void
  readonly #onUnwatch: (uri: string) => void
  readonly #subscribers = new Set<Subscriber>()
  readonly #byUri = new Map<string, Set<Subscriber>>()
  #pending = new Map<string, Fact>()
  #stopTimer: (() => void) | undefined
  #stopBus: (() => void) | undefined

  /**
   * @param watch called with a URI when its first subscriber comes
   * @param unwatch called when its last one left
   */
  constructor(options: {
    readonly clock: Clock
    readonly windowMs: number
    readonly bus?: Bus | undefined
    watch(uri: string): void
    unwatch(uri: string): void
  }) {
    this.#clock = options.clock
    this.#windowMs = options.windowMs
    this.#bus = options.bus
    this.#onWatch = options.watch
    this.#onUnwatch = options.unwatch
    this.#stopBus = options.bus?.subscribe(TOPIC, text => this.#collect(JSON.parse(text) as Fact))
  }

  /** Subscribers now. */
  get size(): number {
    return this.#subscribers.size
  }

  /** Adds a subscriber, with the URIs it follows. */
  subscribe(subscriber: Subscriber, uris: Iterable<string> = []): void {
    this.#subscribers.add(subscriber)
    for (const uri of uris) this.follow(subscriber, uri)
  }

  /** Removes a subscriber and all it follows. */
  unsubscribe(subscriber: Subscriber, uris: Iterable<string> = []): void {
    this.#subscribers.delete(subscriber)
    for (const uri of uris) this.unfollow(subscriber, uri)
  }

  /** A subscriber wants to hear of one URI. */
  follow(subscriber: Subscriber, uri: string): void {
    const followers = this.#byUri.get(uri)
    if (followers !== undefined) {
      followers.add(subscriber)
      return
    }
    this.#byUri.set(uri, new Set([subscriber]))
    this.#onWatch(uri)
  }

  /** A subscriber no longer does. */
  unfollow(subscriber: Subscriber, uri: string): void {
    const followers = this.#byUri.get(uri)
    if (followers === undefined || !followers.delete(subscriber) || followers.size > 0) return
    this.#byUri.delete(uri)
    this.#onUnwatch(uri)
  }

  /** Tells a fact, here and to every process on the bus. */
  publish(fact: Fact): void {
    if (this.#bus === undefined) this.#collect(fact)
    else void this.#bus.publish(TOPIC, JSON.stringify(fact))
  }

  /** Delivers what waits and stops listening to the bus. */
  close(): void {
    this.#stopBus?.()
    this.#flush()
  }

  #collect(fact: Fact): void {
    this.#pending.set(fact.kind === 'list' ? fact.list : `:${fact.uri}`, fact)
    this.#stopTimer ??= this.#clock.after(this.#windowMs, () => this.#flush())
  }

  #flush(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    const facts = this.#pending
    this.#pending = new Map()
    for (const fact of facts.values()) {
      if (fact.kind === 'resource') for (const subscriber of this.#byUri.get(fact.uri) ?? []) subscriber.deliver(fact)
      else for (const subscriber of this.#subscribers) if (subscriber.wants(fact.list)) subscriber.deliver(fact)
    }
  }
}
