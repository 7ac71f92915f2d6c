/** What can be chosen when a client is opened and for each request, and what is chosen when nobody does. */

import type { Clock, Conversation, Duration, Implementation, JsonObject, LoggingLevel, OptionNames, Revision } from '@oarlock/protocol'
import { checkOptions, conversationOf, duration, excerpt, isRevision, nearest, REVISIONS, systemClock } from '@oarlock/protocol'
import type { AnswerHandlers } from './answer/handlers.ts'
import type { Progress } from './events.ts'
import { type CacheOptions, type CacheSettings, cacheOf } from './cache/options.ts'
import { type Heal, type HealOptions, healOf } from './heal/options.ts'
import type { Validate } from './result-check.ts'

/** An extension of the protocol that this client declares and understands. */
export interface ClientExtension {
  /** Such as `io.modelcontextprotocol/tasks`. */
  readonly id: string
  /** Its settings in the capabilities. Empty when absent. */
  readonly settings?: JsonObject
  /** Values of `resultType` that it adds, by the method whose results may carry them. Any other unknown value is a broken answer. */
  readonly results?: Readonly<Record<string, readonly string[]>>
}

const CLIENT_EXTENSION: OptionNames<ClientExtension> = { id: true, settings: true, results: true }

/** How a client is opened. The members of `Implementation` say who it is; a name and version are supplied when absent. */
export interface ClientOptions extends Partial<Implementation> {
  /** Speak exactly this revision or fail. */
  readonly revision?: Revision | undefined
  /** Begin with this revision; accept any other that the server can. The newest when absent. */
  readonly prefer?: Revision | undefined
  /** Hold only this kind of conversation, in any revision that has it, or fail: 2026-07-28 and later are `stateless`, those before hold a `session`. */
  readonly conversation?: Conversation | undefined
  /** Handlers for what servers ask. They decide which capabilities are declared. */
  readonly answers?: AnswerHandlers | undefined
  readonly extensions?: readonly ClientExtension[] | undefined
  /** `capabilities.experimental`. */
  readonly experimental?: Readonly<Record<string, JsonObject>> | undefined
  /** Ask for log messages of this level and above. */
  readonly logLevel?: LoggingLevel | undefined
  /** Refuse locally what the server did not advertise. Off by default: some servers advertise less than they do. */
  readonly strict?: boolean | undefined
  /** How long to wait for an answer, counted anew with each progress notice. `60s` when absent. */
  readonly timeout?: Duration | undefined
  /** How long to wait at most, whatever the progress, and for each round of answers. `10m` when absent. */
  readonly maxTimeout?: Duration | undefined
  /**
   * How long until a server that does not react to `server/discover` is taken for one that needs `initialize`. `10s` when absent. Over HTTP
   * silence proves nothing, and `timeout` counts.
   */
  readonly probeTimeout?: Duration | undefined
  /** Times a server may ask before it answers one request. 10 when absent. */
  readonly rounds?: number | undefined
  /** Pages of one list that are followed. 256 when absent. */
  readonly maxPages?: number | undefined
  /** What to do when the connection breaks. It is opened again, and what is safe is repeated, unless this is false. */
  readonly heal?: false | HealOptions | undefined
  /** Keep what the server's hints allow to be kept. On unless false. */
  readonly cache?: false | CacheOptions | undefined
  /**
   * Checks the structured values of tools against the output schemas of their list; the whole package `oarlock` brings one. Of a tool whose
   * list was not seen nothing is known; with `strict` it is fetched first.
   */
  readonly validate?: Validate | undefined
  /** Gives up opening. */
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
}

/** The names of all options of a client, for what takes them beside options of its own. */
export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  name: true,
  version: true,
  title: true,
  description: true,
  websiteUrl: true,
  icons: true,
  revision: true,
  prefer: true,
  conversation: true,
  answers: true,
  extensions: true,
  experimental: true,
  logLevel: true,
  strict: true,
  timeout: true,
  maxTimeout: true,
  probeTimeout: true,
  rounds: true,
  maxPages: true,
  heal: true,
  cache: true,
  validate: true,
  signal: true,
  clock: true,
}

/** What can be chosen for one request. */
export interface RequestOptions {
  /** Aborting it cancels the request: the server is told, and the promise rejects with `Cancelled`. */
  readonly signal?: AbortSignal | undefined
  /** As in `ClientOptions`, and so is `maxTimeout`. */
  readonly timeout?: Duration | undefined
  readonly maxTimeout?: Duration | undefined
  /** Called with each progress notice. Its presence is what asks for them. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Asking twice does no harm, so this is sent again when the connection breaks. Known already of reading, and of tools that say so. */
  readonly idempotent?: boolean | undefined
  /** Ask the server, whatever is kept; what it answers is kept in its place. */
  readonly fresh?: boolean | undefined
  /** Merged into `_meta`. Keys that the protocol fills in itself are left out. */
  readonly meta?: JsonObject | undefined
  /** As in `ClientOptions`. With 0 a question comes back as the result, to be answered by the caller. */
  readonly rounds?: number | undefined
}

/** The names of all of them. */
export const REQUEST_OPTIONS: OptionNames<RequestOptions> = {
  signal: true,
  timeout: true,
  maxTimeout: true,
  onProgress: true,
  idempotent: true,
  fresh: true,
  meta: true,
  rounds: true,
}

/**
 * What is wrong with the options of a request, if anything is. Whoever asks returns a promise, so it is not thrown. Asked of calls that have options,
 * and of no others.
 */
export function faultIn(options: RequestOptions): unknown {
  try {
    checkOptions(options, REQUEST_OPTIONS, 'a request')
    if (options.timeout !== undefined) duration(options.timeout, 'timeout')
    if (options.maxTimeout !== undefined) duration(options.maxTimeout, 'maxTimeout')
    return undefined
  } catch (cause) {
    return cause
  }
}

/** Options with nothing left open. */
export interface Settings {
  readonly info: Implementation
  readonly revision: Revision | undefined
  readonly prefer: Revision | undefined
  readonly conversation: Conversation | undefined
  readonly extensions: readonly ClientExtension[]
  readonly experimental: Readonly<Record<string, JsonObject>> | undefined
  readonly strict: boolean
  readonly timeoutMs: number
  readonly maxTimeoutMs: number
  readonly probeTimeoutMs: number
  readonly rounds: number
  readonly maxPages: number
  readonly heal: Heal | undefined
  readonly cache: CacheSettings | undefined
  readonly validate: Validate | undefined
  readonly clock: Clock
}

const CONVERSATIONS: readonly unknown[] = ['stateless', 'session'] satisfies readonly Conversation[]

/** @throws TypeError for a revision or conversation that does not exist, and when the revision that is wanted has no such conversation */
function checkedConversation({ conversation, revision, prefer }: ClientOptions): Conversation | undefined {
  if (conversation !== undefined && !CONVERSATIONS.includes(conversation))
    throw new TypeError(`conversation: '${excerpt(conversation)}' is neither 'stateless' nor 'session'`)
  for (const [option, wanted] of Object.entries({ revision, prefer })) {
    if (wanted !== undefined && !isRevision(wanted)) {
      const name = excerpt(String(wanted))
      throw new TypeError(
        `${option}: '${name}' is no revision that Oarlock speaks, which are ${REVISIONS.join(', ')}.${nearest(name, REVISIONS)}`,
      )
    }
    if (conversation !== undefined && wanted !== undefined && conversationOf(wanted) !== conversation)
      throw new TypeError(`conversation: '${conversation}' does not go with ${wanted}, which is '${conversationOf(wanted)}'`)
  }
  return conversation
}

/** Fills in what was left out. @throws TypeError for options that do not exist or contradict each other */
export function settingsOf(options: ClientOptions): Settings {
  checkOptions(options, CLIENT_OPTIONS, 'a client')
  for (const extension of options.extensions ?? []) checkOptions(extension, CLIENT_EXTENSION, 'an extension of a client')
  const { name = 'oarlock-client', version = '0', title, description, websiteUrl, icons } = options
  return {
    info: JSON.parse(JSON.stringify({ name, title, version, description, websiteUrl, icons })) as Implementation,
    revision: options.revision,
    prefer: options.prefer,
    conversation: checkedConversation(options),
    extensions: options.extensions ?? [],
    experimental: options.experimental,
    strict: options.strict ?? false,
    timeoutMs: duration(options.timeout ?? '60s', 'timeout'),
    maxTimeoutMs: duration(options.maxTimeout ?? '10m', 'maxTimeout'),
    probeTimeoutMs: duration(options.probeTimeout ?? '10s', 'probeTimeout'),
    rounds: options.rounds ?? 10,
    maxPages: options.maxPages ?? 256,
    heal: healOf(options.heal),
    cache: cacheOf(options.cache),
    validate: options.validate,
    clock: options.clock ?? systemClock,
  }
}
