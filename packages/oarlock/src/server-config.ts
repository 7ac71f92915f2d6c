/** The files in which hosts list their servers: `mcpServers`, which most have, and VS Code's `servers`. */

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

/** What an entry asks to connect to. */
export interface Configured {
  readonly target: string | CommandTarget
  readonly headers: Readonly<Record<string, string>> | undefined
}

/** The servers by alias, without those that are switched off. @throws TypeError when it is no such file */
export function entriesOf(config: ServersConfig | string): readonly (readonly [alias: string, entry: ServerEntry])[] {
  const parsed = typeof config === 'string' ? (JSON.parse(config) as ServersConfig) : config
  const servers = isRecord(parsed) ? (parsed.mcpServers ?? parsed.servers) : undefined
  if (!isRecord(servers)) throw new TypeError('A list of servers has them under "mcpServers" or "servers"')
  return Object.entries(servers as Record<string, ServerEntry>).filter(([, entry]) => entry?.disabled !== true)
}

/** Reads one entry. @throws Error that says what is missing or malformed */
export function configured(entry: ServerEntry, variables: Variables): Configured {
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
