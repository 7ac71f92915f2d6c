/** The kit: one client, on any server over any transport, whose every call is an expectation. */

import { CLIENT_OPTIONS, Client, type ClientOptions, type Progress, type RequestOptions } from '@oarlock/client'
import { checkOptions, duration } from '@oarlock/protocol'
import type {
  CompleteRequestParams,
  Duration,
  JsonObject,
  OptionNames,
  Prompt,
  Resource,
  ResourceTemplate,
  Revision,
  Tool,
} from '@oarlock/protocol'
import { CompletionExpectation } from '../expect/completion.ts'
import { ListExpectation } from '../expect/list.ts'
import { PromptExpectation } from '../expect/prompt.ts'
import { ResourceExpectation } from '../expect/resource.ts'
import { ResultExpectation } from '../expect/result.ts'
import { ToolExpectation } from '../expect/tool.ts'
import type { Json } from '../raw.ts'
import { PATIENCE_MS } from '../waiting.ts'
import type { Bench, Tracked } from './expectation.ts'
import { Lines } from './lines.ts'
import { Snapshots } from './snapshot.ts'
import { connectorFor, type Target, type TargetOptions } from './target.ts'
import { Traffic, type Crossing } from './traffic.ts'
import { siteOf, Unexpected } from './unexpected.ts'
import { violationsOf } from './violations.ts'

/** How a kit is opened. What a client can be given, and: */
export interface KitOptions extends ClientOptions, TargetOptions {
  /** Where snapshots are kept. */
  readonly snapshots?: string | URL | undefined
  /** `check` holds every message of the server against the official schema of its revision; `keep` only records. `check` when absent. */
  readonly frames?: 'check' | 'keep' | undefined
}

const KIT_OPTIONS: OptionNames<KitOptions> = { ...CLIENT_OPTIONS, headers: true, snapshots: true, frames: true }

/** A notification that came. */
export interface Notification {
  readonly method: string
  readonly params: Json
}

/**
 * A client under which every call is an expectation. Requests leave at once and side by side; await each, or many with `all`. Closing it
 * rejects where an expectation was never awaited, or a message of the server broke the protocol's schema unnoticed.
 */
export class Kit implements AsyncDisposable {
  readonly client: Client
  /** What the child wrote to its standard error. Empty where there is no child. */
  readonly stderr: Lines
  readonly #traffic: Traffic
  readonly #bench: Bench
  readonly #open: Set<Tracked>
  #noticed = 0
  #closed: Promise<void> | undefined

  private constructor(client: Client, traffic: Traffic, stderr: Lines, { snapshots, frames = 'check' }: KitOptions) {
    const open = new Set<Tracked>()
    this.client = client
    this.stderr = stderr
    this.#traffic = traffic
    this.#open = open
    this.#bench = {
      traffic,
      validate: frames === 'check',
      snapshots: new Snapshots(snapshots),
      validated: new Set(),
      track: each => void open.add(each),
    }
  }

  /** Opens a kit. Without options of your own the client keeps and repeats nothing, so that every call reaches the server. */
  static async open(target: Target, options: KitOptions = {}): Promise<Kit> {
    checkOptions(options, KIT_OPTIONS, 'open()')
    const [traffic, stderr] = [new Traffic(), new Lines()]
    const connector = await connectorFor(target, options, line => stderr.add(line))
    const { snapshots: _, frames: __, headers: ___, ...ofClient } = options
    const client = await Client.open(traffic.recorded(connector), { cache: false, heal: false, ...ofClient })
    return new Kit(client, traffic, stderr, options)
  }

  /** The revision that is spoken. */
  get revision(): Revision {
    return this.client.revision
  }

  /** Every message that crossed so far, in order. */
  get traffic(): readonly Crossing[] {
    return this.#traffic.crossings
  }

  /** Calls a tool. */
  tool(name: string, args: object = {}, options: RequestOptions = {}): ToolExpectation {
    const progress: Progress[] = []
    const onProgress = (step: Progress): void => {
      progress.push(step)
      options.onProgress?.(step)
    }
    const work = () => this.client.callRaw(name, args, { ...options, onProgress })
    return new ToolExpectation(this.#bench, `tool ${name}`, work, this.tool, progress)
  }

  /** Reads a resource. */
  resource(uri: string, options?: RequestOptions): ResourceExpectation {
    return new ResourceExpectation(this.#bench, `resource ${uri}`, () => this.client.raw.readResource({ uri }, options), this.resource)
  }

  /** Fills in a prompt. */
  prompt(name: string, args?: Readonly<Record<string, string>>, options?: RequestOptions): PromptExpectation {
    const params = { name, ...(args === undefined ? {} : { arguments: args }) }
    return new PromptExpectation(this.#bench, `prompt ${name}`, () => this.client.raw.getPrompt(params, options), this.prompt)
  }

  /** Completes an argument of a prompt (by name) or of a template (by its URI template). */
  complete(
    ref: string | CompleteRequestParams['ref'],
    argument: string,
    value = '',
    filledIn?: Readonly<Record<string, string>>,
  ): CompletionExpectation {
    const to: CompleteRequestParams['ref'] =
      typeof ref !== 'string' ? ref : ref.includes('://') ? { type: 'ref/resource', uri: ref } : { type: 'ref/prompt', name: ref }
    const work = () => this.client.complete(to, { name: argument, value }, filledIn)
    return new CompletionExpectation(this.#bench, `completion of ${argument}`, work, this.complete)
  }

  /** Lists all tools. */
  tools(options?: RequestOptions): ListExpectation<Tool> {
    return new ListExpectation(this.#bench, 'tools', () => this.client.tools(options), this.tools)
  }

  /** Lists all resources. */
  resources(options?: RequestOptions): ListExpectation<Resource> {
    return new ListExpectation(this.#bench, 'resources', () => this.client.resources(options), this.resources)
  }

  /** Lists all resource templates. */
  templates(options?: RequestOptions): ListExpectation<ResourceTemplate> {
    return new ListExpectation(this.#bench, 'templates', () => this.client.templates(options), this.templates)
  }

  /** Lists all prompts. */
  prompts(options?: RequestOptions): ListExpectation<Prompt> {
    return new ListExpectation(this.#bench, 'prompts', () => this.client.prompts(options), this.prompts)
  }

  /** Any request, by its method. */
  request(method: string, params?: JsonObject, options?: RequestOptions): ResultExpectation {
    return new ResultExpectation(this.#bench, method, () => this.client.raw.request(method, params, options), this.request)
  }

  /** Awaits them all and rejects with everything that did not come true, not with the first of it only. */
  async all<const E extends readonly PromiseLike<unknown>[]>(...expectations: E): Promise<{ -readonly [K in keyof E]: Awaited<E[K]> }> {
    const site = siteOf(this.all)
    const settled = await Promise.allSettled(expectations)
    const failures = settled.flatMap(each => (each.status === 'rejected' ? [each.reason as Error] : []))
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) {
      const text = failures.map((each, index) => `${index + 1}. ${each.message}`).join('\n\n')
      throw new Unexpected(`${failures.length} of ${settled.length} expectations did not come true\n\n${text}`, site)
    }
    return settled.map(each => (each as PromiseFulfilledResult<unknown>).value) as never
  }

  /**
   * The next `count` notifications of the server, come already or still to come; each is given once. With a method only those, and the others
   * before them are passed over. Rejects after `timeout` and says what came instead.
   */
  async notifications(count: number, method?: string, timeout: Duration = PATIENCE_MS): Promise<readonly Notification[]> {
    const site = siteOf(this.notifications)
    const from = this.#noticed
    const wanted: Notification[] = []
    const ms = duration(timeout, 'timeout')
    const until = performance.now() + ms
    while (wanted.length < count) {
      const crossing = this.#traffic.crossings[this.#noticed]
      if (crossing !== undefined) {
        this.#noticed += 1
        const notice = noticeOf(crossing)
        if (notice !== undefined && (method === undefined || notice.method === method)) wanted.push(notice)
        continue
      }
      const left = until - performance.now()
      const more =
        left > 0 &&
        (await this.#traffic
          .next(() => true, left, 'message')
          .then(
            () => true,
            () => false,
          ))
      if (!more) throw this.#tooFew(count, method, wanted.length, from, ms, site)
    }
    return wanted
  }

  /** Ends the connection. @throws Unexpected where something went unnoticed */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await this.client.close()
    const forgotten = [...this.#open].filter(({ awaited }) => !awaited).map(({ label }) => label)
    if (forgotten.length > 0) throw new Unexpected(`Nobody awaited what was expected of ${forgotten.join(', ')}`, '')
    if (!this.#bench.validate) return
    for (const crossing of this.traffic) {
      if (crossing.side !== 'came' || this.#bench.validated.has(crossing)) continue
      const violations = await violationsOf(crossing)
      if (violations.length > 0)
        throw new Unexpected(
          `A message of the server breaks the official schema\n\n  came  ${JSON.stringify(crossing.message)}\n  ${violations.join('\n  ')}`,
          '',
        )
    }
  }

  #tooFew(count: number, method: string | undefined, got: number, from: number, ms: number, site: string): Unexpected {
    const came = this.traffic.slice(from).flatMap(crossing => noticeOf(crossing) ?? [])
    const list = came.map(each => `  came  ${each.method} ${JSON.stringify(each.params)}`).join('\n') || '  no notification came'
    const what = method === undefined ? `${count} notifications` : `${count} of ${method}`
    return new Unexpected(`Expected ${what} within ${ms} ms, but there were ${got}\n\n${list}`, site)
  }
}

/** Opens a kit on a server object, a URL, a command, or a connector. */
export function open(target: Target, options?: KitOptions): Promise<Kit> {
  return Kit.open(target, options)
}

function noticeOf({ side, message }: Crossing): Notification | undefined {
  if (side !== 'came' || Array.isArray(message)) return undefined
  const { id, method, params = {} } = message as { id?: unknown; method?: string; params?: Json }
  return id === undefined && method !== undefined ? { method, params } : undefined
}
