/** The client: one server, however it speaks. */

import {
  checkOptions,
  type CallToolResult,
  type CompleteRequestParams,
  type CompleteResult,
  type Connector,
  type Conversation,
  type GetPromptResult,
  type JsonObject,
  type LoggingLevel,
  type Prompt,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplate,
  type Revision,
  type Tool,
} from '@oarlock/protocol'
import { EventEmitter } from 'eventemitter3'
import { Answers } from './answer/answers.ts'
import { enlist } from './answer/enlist.ts'
import type { AnswerHandlers } from './answer/handlers.ts'
import { introduce } from './answer/introduce.ts'
import { Completer, type CompleterOptions, completionOf } from './completer.ts'
import type { Connection, Host } from './connection.ts'
import { listen, type ClientEvents } from './events.ts'
import { type Follow, Following, type FollowOptions } from './following.ts'
import { Lifeline } from './heal/lifeline.ts'
import { Relisten } from './heal/relisten.ts'
import { Repeats, type Say } from './heal/repeats.ts'
import { startLog } from './log-level.ts'
import type { ClientMiddleware } from './middleware.ts'
import { negotiate } from './negotiate.ts'
import { type ClientOptions, faultIn, type RequestOptions, settingsOf } from './options.ts'
import { RawClient } from './raw.ts'
import { Requests } from './requests.ts'
import type { ServerDescription } from './server.ts'
import { LISTEN_FILTER, type ListenFilter, Subscription } from './subscription.ts'
import { announceNews } from './talk/news.ts'
import { typed, type Typed } from './typed.ts'
import { listOf, valueOf } from './value.ts'

const NO_OPTIONS: RequestOptions = Object.freeze({})
const NO_ARGUMENTS: object = Object.freeze({})

/**
 * A client of one server. It finds out which revision the server speaks, and from then on every method works alike in all of them; where a
 * revision has no way to do a thing, the method rejects with `Unsupported`.
 *
 * Requests run side by side. They reject with `RemoteFault` for what the server refused, `ToolFailed` for a tool that failed, and the local
 * errors `TimedOut`, `Cancelled`, `ConnectionClosed` and `Unsupported`. When the connection breaks it is opened again and what is safe is asked
 * again; what is not rejects with `OutcomeUnknown` (option `heal`).
 */
export class Client implements AsyncDisposable {
  /** Every request with its full params and result. */
  readonly raw: RawClient = new RawClient((method, params, options) => this.#requests.request(method, params, options))
  readonly #host: Host
  readonly #connector: Connector
  readonly #lifeline: Lifeline
  readonly #repeats: Repeats
  readonly #requests: Requests
  #logLevel: LoggingLevel | undefined

  private constructor(connector: Connector, options: ClientOptions) {
    this.#connector = connector
    this.#host = {
      settings: settingsOf(options),
      events: new EventEmitter<ClientEvents>(),
      answers: new Answers(options.answers, options.clock),
      personal: new WeakSet(),
      news: news => {
        this.#requests.invalidate(news)
        announceNews(this.#host.events, news)
      },
      held: work => this.#lifeline.waits.add(work),
      ended: (connection, cause) => this.#lifeline.ended(connection, cause),
      connections: new Set(),
    }
    this.#logLevel = options.logLevel
    const { heal } = this.#host.settings
    this.#lifeline = new Lifeline(this.#host, heal, (signal, known) => this.#open(signal, known))
    this.#repeats = new Repeats(this.#host, heal, this.#lifeline)
    this.#requests = new Requests(this.#host, connector, this.#lifeline, this.#repeats)
  }

  /**
   * Opens a client on whatever the connector connects to.
   * @throws Unsupported when there is no common revision; and what the transport says when it cannot connect
   */
  static async open(connector: Connector, options: ClientOptions = {}): Promise<Client> {
    const client = new Client(connector, options)
    await client.#lifeline.open(options.signal)
    return client
  }

  /** The revision that is spoken. */
  get revision(): Revision {
    return this.#lifeline.talk.revision
  }

  /** Which of the two ways of conversing that revision has. */
  get conversation(): Conversation {
    return this.#lifeline.talk.conversation
  }

  /** What the server said of itself. Absent only for a pinned stateless revision over HTTP, until `discover` is called. */
  get server(): ServerDescription | undefined {
    return this.#lifeline.talk.server
  }

  /** The name of the transport. */
  get transport(): string {
    return this.#connector.transport
  }

  /**
   * Calls a tool and gives its value: structured content, else text, else content blocks.
   * @throws ToolFailed when the tool answers with an error; `callRaw` returns such answers
   */
  async call<T = unknown>(name: string, args: object = NO_ARGUMENTS, options?: RequestOptions): Promise<T> {
    const result = await this.#requests.request('tools/call', { name, arguments: args }, options)
    return valueOf(name, result as unknown as CallToolResult) as T
  }

  /** Calls a tool and gives its whole result, errors of the tool included. */
  async callRaw(name: string, args: object = NO_ARGUMENTS, options?: RequestOptions): Promise<CallToolResult> {
    return (await this.#requests.request('tools/call', { name, arguments: args }, options)) as unknown as CallToolResult
  }

  /** The tools of a server as methods, typed by the class it offers: `client.as<typeof Calculator>().add({ a: 1, b: 2 })`. */
  as<C>(): Typed<C> {
    return typed<C>((name, args, options) => this.call(name, args, options))
  }

  /** Reads a resource: its contents, several when it is made of parts. */
  async read(uri: string, options?: RequestOptions): Promise<ReadResourceResult['contents']> {
    return listOf('resources/read', await this.raw.readResource({ uri }, options), 'contents')
  }

  /** Fills in a prompt: its messages. */
  async prompt(name: string, args?: Readonly<Record<string, string>>, options?: RequestOptions): Promise<GetPromptResult['messages']> {
    return listOf('prompts/get', await this.raw.getPrompt({ name, ...(args && { arguments: args }) }, options), 'messages')
  }

  /** Suggests values for an argument of a prompt or template, given the arguments that are filled in already. */
  async complete(
    ref: CompleteRequestParams['ref'],
    argument: CompleteRequestParams['argument'],
    filledIn?: Readonly<Record<string, string>>,
    options?: RequestOptions,
  ): Promise<CompleteResult['completion']> {
    const context = filledIn && { context: { arguments: filledIn } }
    return completionOf(await this.raw.complete({ ref, argument, ...context }, options))
  }

  /** Suggests values while they are typed: the server is asked when the typing rests. One for each field. */
  completer(ref: CompleteRequestParams['ref'], options: CompleterOptions = {}): Completer {
    return new Completer((...asked) => this.complete(ref, ...asked), this.#host.settings.clock, options)
  }

  /** All tools. Schemas are as the server sent them. */
  tools(options?: RequestOptions): Promise<Tool[]> {
    return this.#requests.all('tools/list', 'tools', options)
  }

  /** All resources. */
  resources(options?: RequestOptions): Promise<Resource[]> {
    return this.#requests.all('resources/list', 'resources', options)
  }

  /** All resource templates. */
  templates(options?: RequestOptions): Promise<ResourceTemplate[]> {
    return this.#requests.all('resources/templates/list', 'resourceTemplates', options)
  }

  /** All prompts. */
  prompts(options?: RequestOptions): Promise<Prompt[]> {
    return this.#requests.all('prompts/list', 'prompts', options)
  }

  /** Subscribes to news. The request leaves at once; `ready` tells what the server honours, and the loop over it brings the news. @throws TypeError for what cannot be listened to */
  listen(filter: ListenFilter, options: RequestOptions = NO_OPTIONS): Subscription {
    checkOptions(filter, LISTEN_FILTER, 'listen()')
    const wrong = faultIn(options)
    if (wrong !== undefined) throw wrong
    const subscription = new Subscription(this.#host.events, filter, options.signal)
    if (!subscription.ended) new Relisten(this.#host, this.#lifeline, filter, subscription, { ...options, signal: undefined }).open()
    return subscription
  }

  /** Keeps callers up to date: tells them what there is, and after each burst of news what there is then. */
  follow(follow: Follow, options: FollowOptions = {}): Following {
    return new Following(this.#host, this, follow, options)
  }

  /** What the server says of itself, asked anew where that is possible. */
  discover(options: RequestOptions = NO_OPTIONS): Promise<ServerDescription> {
    return this.#run('server/discover', options, (talk, left) => talk.discover(left))
  }

  /** Rejects when the server does not react. */
  ping(options: RequestOptions = NO_OPTIONS): Promise<void> {
    return this.#run('ping', options, (talk, left) => talk.ping(left))
  }

  /** Asks for log messages of this level and above, which arrive as `log.received`. */
  async setLogLevel(level: LoggingLevel, options: RequestOptions = NO_OPTIONS): Promise<void> {
    await this.#run('logging/setLevel', options, (talk, left) => talk.setLogLevel(level, left))
    this.#logLevel = level
  }

  /**
   * Adds or replaces handlers for what servers ask. On a session, handlers of a new kind have to be declared in its handshake: as long as
   * nothing was requested on it yet, it is opened anew, and this resolves when it stands. Best given to `open`.
   * @throws Unsupported for a new kind of handler on a session that is in use
   */
  answer(handlers: AnswerHandlers): Promise<void> {
    return introduce(this.#host, this.#lifeline, handlers)
  }

  /**
   * Lets an object answer and listen: an instance of a class with `@OnElicit`, `@OnSampling`, `@OnRoots`, `@OnProgress`, `@OnListChanged` or
   * `@OnResourceUpdated`. News that it wants is subscribed to. Resolves to how to stop listening; what it answers stays, as with `answer`.
   */
  answerWith(instance: object): Promise<() => void> {
    return enlist(this, this.#host.events, instance)
  }

  /** Tells the server that the roots changed, where it keeps them. */
  notifyRootsChanged(): void {
    this.#lifeline.talk.rootsChanged()
  }

  /** Sends a notification, such as an extension's. */
  notify(method: string, params?: JsonObject): void {
    this.#lifeline.talk.notify(method, params)
  }

  /** Adds a layer around every request, or around those of one method. The first added is the outermost. */
  use(layer: ClientMiddleware): this
  use(method: string, layer: ClientMiddleware): this
  use(first: string | ClientMiddleware, second?: ClientMiddleware): this {
    if (typeof first === 'string') this.#requests.use(first, second as ClientMiddleware)
    else this.#requests.use(undefined, first)
    return this
  }

  /** Listens to events. Returns how to stop. */
  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): () => void {
    return listen(this.#host.events, event, listener)
  }

  /** Ends the connection, and the server where this client started it. What still waits rejects with `ConnectionClosed`. */
  async close(): Promise<void> {
    await this.#lifeline.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #run<T>(method: string, options: RequestOptions, say: Say<T>): Promise<T> {
    const wrong = options === NO_OPTIONS ? undefined : faultIn(options)
    return wrong === undefined ? this.#repeats.run(method, true, options, say) : Promise.reject(wrong)
  }

  /** @param known the revision that this server was seen to speak */
  async #open(signal: AbortSignal | undefined, known: Revision | undefined): Promise<Connection> {
    const connection = await negotiate(this.#host, this.#connector, signal, known)
    if (this.#logLevel !== undefined) await startLog(connection, this.#logLevel)
    return connection.agreed()
  }
}
