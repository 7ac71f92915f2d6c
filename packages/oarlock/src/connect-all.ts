/** `connectAll(config)`: several servers as one, from the file that hosts keep them in. */

import type { Client, RequestOptions } from '@oarlock/client'
import { checkOptions, type CallToolResult, type Duration, duration, type OptionNames, type Tool, Unsupported } from '@oarlock/protocol'
import { type ConfigFile, isConfigFile, readConfig } from './config-file.ts'
import { connect, CONNECT_OPTIONS, type ConnectOptions } from './connect.ts'
import { configured, entriesOf, type ServerEntry, type ServersConfig } from './server-config.ts'
import { changeBetween, digestsOf, type ToolChange, type ToolDigests } from './tool-digest.ts'

/** The longest that a timer can wait. */
const LONGEST_MS = 2 ** 31 - 1

/** How the servers are connected. */
export interface ConnectAllOptions extends ConnectOptions {
  /** For `${VAR}`. The environment of this process when absent; nothing of it reaches a server that the file does not name. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** For VS Code's `${input:id}`. */
  readonly inputs?: Readonly<Record<string, string | undefined>>
  /** How long until a server that does not get ready counts as failed. `30s` when absent. */
  readonly startTimeout?: Duration
  /** Fingerprints of tool lists that somebody approved, by alias: when a server offers another at its start, `tools.changed` tells. */
  readonly pins?: Readonly<Record<string, string>>
  /** A server failed, at its start or later. The others go on. */
  readonly onFailed?: (event: { readonly alias: string; readonly cause: unknown }) => void
  /** A server offers other tools than before, or than were approved (T31). */
  readonly onToolsChanged?: (event: ToolsChanged) => void
}

const CONNECT_ALL_OPTIONS: OptionNames<ConnectAllOptions> = {
  ...CONNECT_OPTIONS,
  env: true,
  inputs: true,
  startTimeout: true,
  pins: true,
  onFailed: true,
  onToolsChanged: true,
}

/** What became of the tools of a server. `before` and `after` are fingerprints of the whole list. */
export interface ToolsChanged extends ToolChange {
  readonly alias: string
  readonly before: string
  readonly after: string
}

/** A tool of one of several servers. */
export interface NamedTool {
  /** `alias__tool`: by the alias in the file, because what a server calls itself proves nothing (C-TOOL-05). */
  readonly name: string
  readonly alias: string
  readonly tool: Tool
}

/**
 * Connects to every server that is listed and not switched off: in a file (`{ file: './mcp.json' }`), in its JSON text, or in an object like it.
 * Never rejects because one of them fails, or is listed with a mistake: see `failures`.
 * @throws TypeError for a file that cannot be read or is no such list, and for an option that does not exist
 */
export async function connectAll(config: ServersConfig | ConfigFile | string, options: ConnectAllOptions = {}): Promise<Clients> {
  checkOptions(options, CONNECT_ALL_OPTIONS, 'connectAll()')
  const clients = new Clients(await listed(config), options)
  await Promise.all([...clients.aliases].map(alias => clients.connect(alias)))
  return clients
}

async function listed(config: ServersConfig | ConfigFile | string): Promise<ReturnType<typeof entriesOf>> {
  if (!isConfigFile(config)) return entriesOf(config)
  const { path, text } = await readConfig(config)
  return entriesOf(text, path)
}

/** Clients of several servers, by alias. */
export class Clients implements AsyncDisposable {
  readonly #entries: ReadonlyMap<string, ServerEntry>
  readonly #options: ConnectAllOptions
  readonly #startMs: number
  #clients: ReadonlyMap<string, Client> = new Map()
  readonly #failures = new Map<string, unknown>()
  readonly #digests = new Map<string, ToolDigests>()

  constructor(entries: readonly (readonly [string, ServerEntry])[], options: ConnectAllOptions) {
    this.#entries = new Map(entries)
    this.#options = options
    this.#startMs = Math.min(Math.ceil(duration(options.startTimeout ?? '30s', 'startTimeout')), LONGEST_MS)
  }

  /** All servers of the file. */
  get aliases(): Iterable<string> {
    return this.#entries.keys()
  }

  /** Those that are connected, in the order of the file. */
  get clients(): ReadonlyMap<string, Client> {
    return this.#clients
  }

  /** Why the others are not. */
  get failures(): ReadonlyMap<string, unknown> {
    return this.#failures
  }

  /** Fingerprints of the tool lists that were seen last, by alias: what to approve, and to give as `pins` the next time. */
  get digests(): ReadonlyMap<string, string> {
    return new Map([...this.#digests].map(([alias, { list }]) => [alias, list]))
  }

  /** Connects to one server, again after it failed. Returns whether that succeeded. */
  async connect(alias: string): Promise<boolean> {
    if (this.#clients.has(alias)) return true
    const { env = process.env, inputs = {}, headers, ...rest } = this.#options
    const { pins: _, onFailed: __, onToolsChanged: ___, startTimeout: ____, ...options } = rest
    try {
      if (prefixOf(alias) === '') throw new TypeError('its name has no letter or digit')
      const first = [...this.#entries.keys()].find(other => prefixOf(other) === prefixOf(alias))
      if (first !== alias) throw new TypeError(`its tools would be named like those of ${first}`)
      const { target, headers: own } = configured(this.#entries.get(alias), { env, inputs })
      const signal = AbortSignal.any([AbortSignal.timeout(this.#startMs), ...(options.signal === undefined ? [] : [options.signal])])
      const client = await connect(target, { ...options, signal, ...((own ?? headers) && { headers: { ...headers, ...own } }) })
      this.#add(alias, client)
      this.#failures.delete(alias)
      this.#watch(alias, client)
      if (this.#options.pins?.[alias] !== undefined) await this.#list(alias, client)
      return true
    } catch (cause) {
      this.#fail(alias, cause)
      return false
    }
  }

  /** The tools of all servers, in the order of the file. A server that cannot list its tools has none, and `onFailed` is told. */
  async tools(options?: RequestOptions): Promise<readonly NamedTool[]> {
    const lists = await Promise.all([...this.#clients].map(([alias, client]) => this.#list(alias, client, options)))
    return lists.flat()
  }

  /** Calls a tool by the name that `tools` gave it. */
  async call<T = unknown>(name: string, args?: object, options?: RequestOptions): Promise<T> {
    const [client, tool] = this.#find(name)
    return client.call<T>(tool, args, options)
  }

  /** The same with the whole result, errors of the tool included: what a model is to see. */
  callRaw(name: string, args?: object, options?: RequestOptions): Promise<CallToolResult> {
    const [client, tool] = this.#find(name)
    return client.callRaw(tool, args, options)
  }

  /** Closes all. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#clients.values()].map(client => client.close()))
    this.#clients = new Map()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #add(alias: string, client: Client): void {
    const clients = new Map(this.#clients).set(alias, client)
    this.#clients = new Map([...this.#entries.keys()].flatMap(each => (clients.has(each) ? [[each, clients.get(each) as Client]] : [])))
  }

  /** One prefix may begin another, so the longest that fits counts. */
  #find(name: string): readonly [Client, string] {
    const fitting = [...this.#clients].filter(([alias]) => name.startsWith(`${prefixOf(alias)}__`))
    const [first, ...rest] = fitting
    if (first === undefined) throw new Unsupported(`No connected server has a tool named ${name}`)
    const [alias, client] = rest.reduce((best, each) => (prefixOf(each[0]).length > prefixOf(best[0]).length ? each : best), first)
    return [client, name.slice(prefixOf(alias).length + 2)]
  }

  async #list(alias: string, client: Client, options?: RequestOptions): Promise<readonly NamedTool[]> {
    if (client.server?.capabilities.tools === undefined && client.server !== undefined) return []
    try {
      const tools = await client.tools(options)
      await this.#compare(alias, tools)
      return tools.map(tool => ({ name: `${prefixOf(alias)}__${tool.name}`, alias, tool }))
    } catch (cause) {
      options?.signal?.throwIfAborted()
      this.#fail(alias, cause)
      return []
    }
  }

  async #compare(alias: string, tools: readonly Tool[]): Promise<void> {
    const after = await digestsOf(tools)
    const before = this.#digests.get(alias)
    const pin = before?.list ?? this.#options.pins?.[alias]
    this.#digests.set(alias, after)
    if (pin === undefined || pin === after.list) return
    // Of a list that was only pinned nobody knows which tool is another.
    const change = before === undefined ? { added: [], removed: [], changed: [...after.tools.keys()] } : changeBetween(before, after)
    this.#options.onToolsChanged?.({ alias, before: pin, after: after.list, ...change })
  }

  #watch(alias: string, client: Client): void {
    client.on('tools.changed', () => void this.#list(alias, client))
    client.on('connection.lost', ({ cause }) => this.#fail(alias, cause))
    client.on('connection.restored', () => {
      this.#failures.delete(alias)
      void this.#list(alias, client)
    })
    if (client.server?.capabilities.tools?.listChanged === true) void drain(client)
  }

  #fail(alias: string, cause: unknown): void {
    this.#failures.set(alias, cause)
    this.#options.onFailed?.({ alias, cause })
  }
}

/** News arrive as events too; here they are only taken off. */
async function drain(client: Client): Promise<void> {
  try {
    for await (const _ of client.listen({ tools: true }));
  } catch {
    // The connection is lost for good, which `connection.lost` tells.
  }
}

/** What a model is shown of an alias: names of tools have few characters. */
function prefixOf(alias: string): string {
  return alias.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replaceAll(/^_+|_+$/g, '')
}
