/** What a server has, kept up to date: whoever follows it is told anew after each burst of changes (C-SUB-07). */

import { checkOptions, type Duration, duration, type OptionNames } from '@oarlock/protocol'
import type { Prompt, ReadResourceResult, Resource, ResourceTemplate, Tool } from '@oarlock/protocol'
import { isWithin } from './below.ts'
import type { Host } from './connection.ts'
import { announce } from './events.ts'
import type { RequestOptions } from './options.ts'
import { type Burst, Quiet } from './quiet.ts'
import type { ListenFilter, News, Subscription } from './subscription.ts'

/** What is done with something that is followed. Called with what there is now, and again when it may have changed; one call at a time. */
export type Follower<T> = (now: T) => void | PromiseLike<void>

/** What is followed. */
export interface Follow {
  readonly tools?: Follower<Tool[]> | undefined
  readonly prompts?: Follower<Prompt[]> | undefined
  readonly resources?: Follower<Resource[]> | undefined
  readonly templates?: Follower<ResourceTemplate[]> | undefined
  /** Contents of resources, by URI. */
  readonly contents?: Readonly<Record<string, Follower<ReadResourceResult['contents']>>> | undefined
}

/** How it is followed. `signal` ends it; `timeout` and `meta` are those of each request. */
export interface FollowOptions extends Pick<RequestOptions, 'signal' | 'timeout' | 'meta'> {
  /** A burst of news is over after so long without any. `300ms` when absent. */
  readonly quiet?: Duration | undefined
  /** A burst is not waited for longer than this. `2s` when absent. */
  readonly longest?: Duration | undefined
}

const FOLLOW: OptionNames<Follow> = { tools: true, prompts: true, resources: true, templates: true, contents: true }
const FOLLOW_OPTIONS: OptionNames<FollowOptions> = { signal: true, timeout: true, meta: true, quiet: true, longest: true }

/** Where it is read from: a client. */
export interface Followable {
  tools(options?: RequestOptions): Promise<Tool[]>
  prompts(options?: RequestOptions): Promise<Prompt[]>
  resources(options?: RequestOptions): Promise<Resource[]>
  templates(options?: RequestOptions): Promise<ResourceTemplate[]>
  read(uri: string, options?: RequestOptions): Promise<ReadResourceResult['contents']>
  listen(filter: ListenFilter, options?: RequestOptions): Subscription
}

/** One thing that is followed: when it is read, and by whom it is heard. */
interface Followed {
  readonly concerns: (news: News) => boolean
  readonly quiet: Quiet
  /** Reads it and tells. */
  refresh(): Promise<void>
}

/** Follows until it is closed, or the server sends no more news. What fails on the way is told as `warning.reported`, and tried again with the next news. */
export class Following implements AsyncDisposable {
  /** Everybody was told once. Rejects when something could not be read. */
  readonly ready: Promise<void>
  readonly #host: Host
  readonly #burst: Burst
  readonly #followed: readonly Followed[]
  readonly #subscription: Subscription

  constructor(host: Host, client: Followable, follow: Follow, options: FollowOptions) {
    checkOptions(follow, FOLLOW, 'follow()')
    checkOptions(options, FOLLOW_OPTIONS, 'follow()')
    this.#host = host
    this.#burst = { quietMs: duration(options.quiet ?? '300ms', 'quiet'), longestMs: duration(options.longest ?? '2s', 'longest') }
    const { timeout, meta, signal } = options
    const sent = { timeout, meta, signal, fresh: true }
    const { tools, prompts, resources, templates, contents = {} } = follow
    const list = (kind: News['kind']) => (news: News) => news.kind === kind
    this.#followed = [
      ...this.#of(tools, list('tools'), () => client.tools(sent)),
      ...this.#of(prompts, list('prompts'), () => client.prompts(sent)),
      ...this.#of(resources, list('resourceList'), () => client.resources(sent)),
      ...this.#of(templates, list('resourceList'), () => client.templates(sent)),
      ...Object.entries(contents).flatMap(([uri, told]) => this.#of(told, isOf(uri), () => client.read(uri, sent))),
    ]
    const filter = { tools: !!tools, prompts: !!prompts, resourceList: !!(resources ?? templates), resources: Object.keys(contents) }
    this.#subscription = client.listen(filter, { signal, meta })
    this.ready = this.#begin()
    // Waiting for it is optional.
    this.ready.catch(() => {})
    void this.#hear()
  }

  /** Ends it. Nobody is told any more, except by a call that is under way. */
  close(): void {
    this.#subscription.close()
    for (const { quiet } of this.#followed) quiet.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close()
    return Promise.resolve()
  }

  /** What is read before the server listens could be out of date unnoticed. */
  async #begin(): Promise<void> {
    await this.#subscription.ready
    await Promise.all(this.#followed.map(each => each.refresh()))
  }

  async #hear(): Promise<void> {
    try {
      for await (const news of this.#subscription) {
        for (const { concerns, quiet } of this.#followed) if (concerns(news)) quiet.stir()
      }
    } catch (cause) {
      this.#warn(cause)
    }
  }

  /** Nothing, where nobody wants to be told. */
  #of<T>(told: Follower<T> | undefined, concerns: Followed['concerns'], read: () => Promise<T>): readonly Followed[] {
    if (told === undefined) return []
    // One after the other: an older answer must not come last.
    let turn: Promise<void> = Promise.resolve()
    const refresh = (): Promise<void> => {
      const mine = turn.then(async () => {
        if (this.#subscription.closed) return
        const now = await read()
        if (!this.#subscription.closed) await told(now)
      })
      turn = mine.catch(() => {})
      return mine
    }
    const again = (): void => void refresh().catch((cause: unknown) => this.#warn(cause))
    return [{ concerns, refresh, quiet: new Quiet(this.#host.settings.clock, this.#burst, again) }]
  }

  #warn(cause: unknown): void {
    if (!this.#subscription.closed)
      announce(this.#host.events, 'warning.reported', { message: 'What is followed could not be brought up to date', cause })
  }
}

function isOf(uri: string): (news: News) => boolean {
  return news => news.kind === 'resource' && isWithin(news.uri, uri)
}
