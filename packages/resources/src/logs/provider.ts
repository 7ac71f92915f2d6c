/** Logs as resources: `logs://{name}` and queries on it, live. */

import type { Component, Context } from '@oarlock/kernel'
import { Fault, LOGGING_LEVELS } from '@oarlock/protocol'
import type { Who } from '../access.ts'
import { interval } from '../interval.ts'
import { Address, withoutQuery } from '../provider/address.ts'
import type { CompleteRequest, CompletionValue, ListedResource, ReadRequest, SourceAnswer, SourceTemplate } from '../provider/contract.ts'
import { ResourceProvider } from '../provider/provider.ts'
import { whole } from '../whole.ts'
import { checkLogsOptions, type LogsOptions, type NamedLog, namedLogs } from './options.ts'
import { type Page, readPage } from './page.ts'
import { type Limits, type LogQuery, matches, QUERY_NAMES, type QueryText, readQuery } from './query.ts'
import { Redaction } from './redact/redaction.ts'
import { searchTool } from './search-tool.ts'
import { Tail } from './tail.ts'

/** Room for what stands around the entries of a page. */
const FRAME_BYTES = 12 * 1024
const MIN_BYTES = 32 * 1024

/**
 * Offers logs: `logs({ sources: { api: '/var/log/api.log', app: buffer } })`. Each is a resource that holds its newest entries, and any query on it is one
 * too: `logs://api?level=error&since=15m`. Whoever subscribes to such a URI is told when an entry comes that it wants.
 * @throws TypeError for options that cannot be
 */
export function logs(options: LogsOptions): LogProvider {
  return new LogProvider(options)
}

/** A provider of logs. */
export class LogProvider extends ResourceProvider {
  readonly #logs: ReadonlyMap<string, NamedLog>
  readonly #tails: ReadonlyMap<string, Tail>
  readonly #redaction: Redaction
  readonly #address: Address
  readonly #template: SourceTemplate
  readonly #limits: Limits
  readonly #maxScan: number
  readonly #debounceMs: number
  readonly #tools: readonly Component[]

  constructor(options: LogsOptions) {
    checkLogsOptions(options)
    const { name = 'logs', access, scheme = 'logs', redact, limit = 100, maxLimit = 1_000, maxScan = 8 * 1024 * 1024 } = options
    const prefix = `${scheme}://`
    // A query reads the log that it is a query on: rules are about logs. What is none is refused as what is hidden is. Values are also suggested before a
    // log is named.
    const onLogs = (uri: string, who: Who): boolean => {
      const log = withoutQuery(uri)
      return log === prefix || (Object.hasOwn(options.sources, log.slice(prefix.length)) && (access === undefined || access(log, who)))
    }
    super({ ...options, name, access: onLogs })
    whole('maxBytes of logs', this.maxBytes, MIN_BYTES)
    this.#redaction = new Redaction(redact)
    this.#logs = namedLogs(options, this.#redaction, (cause, where) => this.failed(cause, where))
    this.#tails = new Map([...this.#logs].map(([name, { source }]) => [name, new Tail(source, this.#redaction)]))
    const uriTemplate = `${scheme}://{name}{?${QUERY_NAMES.join(',')}}`
    this.#address = new Address(uriTemplate, false, QUERY_NAMES)
    this.#template = {
      name,
      uriTemplate,
      description:
        'Entries of a log as JSON, the newest ones, oldest first. level: at least as severe. component: who wrote it. since, until: a time, or 15m for a quarter of an hour ago. text: contained, in any case. older in the answer is the URI of the page before.',
      mimeType: 'application/json',
      parts: false,
      unscreened: QUERY_NAMES,
    }
    this.#limits = { usual: whole('limit', limit), most: whole('maxLimit', maxLimit) }
    this.#maxScan = whole('maxScan', maxScan)
    this.#debounceMs = interval('debounce', options.debounce ?? '250ms')
    this.#tools = this.#toolsFor(options.search)
  }

  protected override templates(): readonly SourceTemplate[] {
    return [this.#template]
  }

  protected override extras(): readonly Component[] {
    return this.#tools
  }

  protected override list(): readonly ListedResource[] {
    return [...this.#logs.values()].map(({ name, title, description }) => ({
      uri: this.#address.uri({ name }),
      name,
      description,
      mimeType: 'application/json',
      ...(title === undefined ? {} : { title }),
    }))
  }

  protected override complete({ variable, value }: CompleteRequest): CompletionValue {
    const known = variable === 'name' ? [...this.#logs.keys()] : variable === 'level' ? LOGGING_LEVELS : []
    return known.filter(each => each.startsWith(value))
  }

  protected override async read({ variables, signal }: ReadRequest): Promise<SourceAnswer> {
    const { name, ...query } = variables as QueryText & { readonly name: string }
    const log = this.#logs.get(name)
    if (log === undefined) return undefined
    const page = await this.#page(log, readQuery(query, this.#limits), signal)
    const { before: _, ...same } = query
    const older = page.older === undefined ? undefined : this.#address.uri({ ...same, name, before: page.older })
    return { json: shown(name, page, older), ...(older === undefined ? {} : { part: { next: older } }) }
  }

  protected override async watch(uri: string, updated: () => void): Promise<() => void> {
    const { name, ...query } = (this.#address.read(uri)?.variables ?? {}) as QueryText & { readonly name?: string }
    const tail = this.#tails.get(name ?? '')
    // What is older than an entry stays as it is.
    if (tail === undefined || query.before !== undefined) return () => {}
    const wanted = soundQuery(query, this.#limits)
    // Whoever reads it is told what is wrong with it; here it would be tried again for ever.
    if (wanted === undefined) return () => {}
    let timer: NodeJS.Timeout | undefined
    const tell = (): void => {
      timer = undefined
      updated()
    }
    const leave = await tail.listen(entries => {
      if (timer !== undefined || !entries.some(entry => matches(entry, live(wanted)))) return
      timer = setTimeout(tell, this.#debounceMs)
      timer.unref()
    })
    return () => {
      clearTimeout(timer)
      leave().catch((cause: unknown) => this.failed(cause, `leaving ${uri}`))
    }
  }

  #page({ source }: NamedLog, query: LogQuery, signal: AbortSignal): Promise<Page> {
    return readPage(source, query, this.#redaction, { maxBytes: this.maxBytes - FRAME_BYTES, maxScan: this.#maxScan, signal })
  }

  #toolsFor(search: boolean | string | undefined): readonly Component[] {
    if (search === undefined || search === false) return []
    const names = (ctx: Context): readonly string[] => this.readable(this.#logs.keys(), name => this.#address.uri({ name }), ctx)
    const page = async (name: string, text: QueryText, ctx: Context): Promise<object> => {
      const page = await this.#page(this.#logs.get(name) as NamedLog, readQuery(text, this.#limits), ctx.signal)
      return shown(name, page, page.older)
    }
    const tool = search === true ? 'search_logs' : search
    // Before somebody is known, no name is told of a log that may be hidden from him.
    return [searchTool(tool, { names, page }, this.#limits.most)]
  }
}

function soundQuery(query: QueryText, limits: Limits): LogQuery | undefined {
  try {
    return readQuery(query, limits)
  } catch (cause) {
    if (Fault.is(cause)) return undefined
    throw cause
  }
}

/** An entry that came now was written now, whatever it says: `since` would only compare clocks. */
function live(query: LogQuery): LogQuery {
  return { ...query, since: undefined }
}

function shown(log: string, { entries, stopped, scanned, redacted }: Page, older: string | undefined): object {
  return {
    log,
    entries,
    ...(older === undefined ? {} : { older }),
    // Nothing older was found so far; whoever wants to go on follows `older`.
    ...(stopped ? { incomplete: true } : {}),
    scanned,
    ...(redacted.size === 0 ? {} : { redacted: Object.fromEntries(redacted) }),
  }
}
