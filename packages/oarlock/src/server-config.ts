/** The files in which hosts list their servers: `mcpServers`, which most have, and VS Code's `servers`. */

import { excerpt, isObject, nearest, type OptionNames } from '@oarlock/protocol'
import type { CommandTarget } from './connect.ts'
import { expand, type Variables } from './expand.ts'

/** One server, as it stands in such a file. What other hosts add is ignored. */
export interface ServerEntry {
  readonly command?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string | number | boolean | null>>
  readonly cwd?: string
  readonly url?: string
  /** Some hosts' word for `url`. */
  readonly serverUrl?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
  readonly disabled?: boolean
}

/** The whole file. */
export interface ServersConfig {
  readonly mcpServers?: Readonly<Record<string, ServerEntry>>
  readonly servers?: Readonly<Record<string, ServerEntry>>
}

const SERVER_ENTRY: OptionNames<ServerEntry> = {
  command: true,
  args: true,
  env: true,
  cwd: true,
  url: true,
  serverUrl: true,
  headers: true,
  type: true,
  disabled: true,
}
const SERVERS_CONFIG: OptionNames<ServersConfig> = { mcpServers: true, servers: true }

/** What an entry asks to connect to. */
export interface Configured {
  readonly target: string | CommandTarget
  readonly headers: Readonly<Record<string, string>> | undefined
}

/**
 * The servers by alias, in the order of the file, without those that are switched off.
 * @param path where it was read, for errors
 * @throws TypeError when it is no such file
 */
export function entriesOf(config: ServersConfig | string, path?: string): readonly (readonly [alias: string, entry: ServerEntry])[] {
  const where = path === undefined ? 'A list of servers' : `The list of servers in ${path}`
  const parsed = typeof config === 'string' ? parsedAs(config, where) : config
  if (isRecord(parsed)) checkKeys(parsed, SERVERS_CONFIG, where)
  const servers = isRecord(parsed) ? (parsed.mcpServers ?? parsed.servers) : undefined
  if (!isRecord(servers)) throw new TypeError(`${where} has them under "mcpServers" or "servers"`)
  return Object.entries(servers as Record<string, ServerEntry>).filter(([, entry]) => entry?.disabled !== true)
}

/** A path is no list: whoever gives one as text is told how to. */
function parsedAs(text: string, where: string): ServersConfig {
  try {
    return JSON.parse(text) as ServersConfig
  } catch (cause) {
    const isPath = /^[^\s{[][^\n{]*$/.test(text)
    const hint = isPath ? `: to read a file, write connectAll({ file: ${JSON.stringify(excerpt(text))} })` : ''
    throw new TypeError(`${where} is not JSON (${(cause as Error).message})${hint}`, { cause })
  }
}

/** Other hosts have keys of their own, which are none of our business; one that is nearly ours was meant for us. */
function checkKeys(given: object, known: Readonly<Record<string, true>>, where: string): void {
  for (const key of Object.keys(given)) {
    const meant = Object.hasOwn(known, key) ? '' : nearest(key, Object.keys(known))
    if (meant !== '') throw new TypeError(`${where} has a key '${excerpt(key)}', which is none.${meant}`)
  }
}

/** Reads one entry, which may be anything. @throws Error that says what is missing or malformed */
export function configured(given: unknown, variables: Variables): Configured {
  if (!isObject(given)) throw new TypeError('it is no object with a command or a url')
  const entry: ServerEntry = given
  const text = (value: unknown, what: string): string => {
    if (typeof value !== 'string') throw new TypeError(`${what} must be a string`)
    return expand(value, variables)
  }
  const texts = (record: object = {}, what: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(record)
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => [name, text(String(value), `${what}.${name}`)]),
    )
  checkKeys(entry, SERVER_ENTRY, 'it')
  const url = entry.url ?? entry.serverUrl
  if (url !== undefined)
    return { target: text(url, 'url'), headers: entry.headers === undefined ? undefined : texts(entry.headers, 'headers') }
  if (entry.command === undefined) throw new TypeError('it has neither a command nor a url')
  const target: CommandTarget = {
    command: text(entry.command, 'command'),
    ...(entry.args !== undefined && { args: entry.args.map((arg, index) => text(arg, `args[${index}]`)) }),
    ...(entry.env !== undefined && { env: texts(entry.env, 'env') }),
    ...(entry.cwd !== undefined && { cwd: text(entry.cwd, 'cwd') }),
  }
  return { target, headers: undefined }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
