/** How a provider of logs is set up. */

import { checkOptions, type OptionNames } from '@oarlock/protocol'
import { resolve } from 'node:path'
import type { Duration } from '@oarlock/kernel'
import { interval } from '../interval.ts'
import { RESOURCE_PROVIDER_OPTIONS, type ResourceProviderOptions } from '../provider/options.ts'
import { LogBuffer } from './buffer.ts'
import { BufferLog } from './buffer-log.ts'
import { FileLog } from './file-log.ts'
import type { LogFormat } from './format/format.ts'
import { formatNamed, type LogFormatName } from './format/formats.ts'
import type { RedactOptions, Redaction } from './redact/redaction.ts'
import type { LogSource } from './source.ts'

interface SourceOptions {
  /** Found out from the lines when absent. */
  readonly format?: LogFormatName | LogFormat
  readonly title?: string
  readonly description?: string
}

/** A log in a file. */
export interface LogFileOptions extends SourceOptions {
  /** The file that is written. It need not exist yet. */
  readonly path: string
  /** Whether files that rotation put aside beside it are read too (`app.log.1`, `app-20261121.log`; no zipped ones). On when absent. */
  readonly rotated?: boolean
}

/** A log in memory. */
export interface LogMemoryOptions extends SourceOptions {
  readonly buffer: LogBuffer
}

/** Options of `logs`. */
export interface LogsOptions extends Omit<ResourceProviderOptions, 'name' | 'keep'> {
  /** `logs` when absent. */
  readonly name?: string
  /** The logs by name: letters in lower case, digits, `.`, `_`, `-`. A path or a buffer alone is one without further options. */
  readonly sources: Readonly<Record<string, string | LogBuffer | LogFileOptions | LogMemoryOptions>>
  /** Of the URIs. `logs` when absent. */
  readonly scheme?: string
  /** Rules for secrets beside the default ones. */
  readonly redact?: RedactOptions
  /** Entries of a read that names no limit. 100 when absent. */
  readonly limit?: number
  /** The most entries of one read. 1,000 when absent. */
  readonly maxLimit?: number
  /** The most bytes of a log that one read looks through. 8 MiB when absent. */
  readonly maxScan?: number
  /** A tool that searches the logs, named `search_logs` or as said here. None when absent. */
  readonly search?: boolean | string
  /** How long news of a log are gathered into one. `250ms` when absent. */
  readonly debounce?: Duration
  /** How often a file that is followed is looked at, for file systems that do not tell of changes. `1s` when absent. */
  readonly poll?: Duration
}

const SOURCE: OptionNames<SourceOptions> = { format: true, title: true, description: true }
const FILE: OptionNames<LogFileOptions> = { ...SOURCE, path: true, rotated: true }
const MEMORY: OptionNames<LogMemoryOptions> = { ...SOURCE, buffer: true }
const { keep: _, ...OF_PROVIDERS } = RESOURCE_PROVIDER_OPTIONS
const LOGS: OptionNames<LogsOptions> = {
  ...OF_PROVIDERS,
  name: true,
  sources: true,
  scheme: true,
  redact: true,
  limit: true,
  maxLimit: true,
  maxScan: true,
  search: true,
  debounce: true,
  poll: true,
}

/** @throws TypeError for an option that does not exist */
export function checkLogsOptions(options: LogsOptions): void {
  checkOptions(options, LOGS, 'logs()')
  for (const [name, given] of Object.entries(options.sources)) {
    if (typeof given !== 'string' && !(given instanceof LogBuffer))
      checkOptions(given, 'buffer' in given ? MEMORY : FILE, `the log ${name} of logs()`)
  }
}

/** A log that is offered. */
export interface NamedLog {
  readonly name: string
  readonly title: string | undefined
  readonly description: string
  readonly source: LogSource
}

/** The logs of a provider. @throws TypeError for names and options that cannot be */
export function namedLogs(
  { sources, poll }: LogsOptions,
  redaction: Redaction,
  failed: (cause: unknown, where: string) => void,
): ReadonlyMap<string, NamedLog> {
  // Files are followed later, and an option that cannot be is told now.
  if (poll !== undefined) interval('poll', poll)
  const logs = new Map<string, NamedLog>()
  for (const [name, given] of Object.entries(sources)) {
    if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) || name.includes('..'))
      throw new TypeError(`${JSON.stringify(name)} is no name for a log: use a-z, 0-9, and . _ - between them`)
    const options: LogFileOptions | LogMemoryOptions =
      typeof given === 'string' ? { path: given } : given instanceof LogBuffer ? { buffer: given } : given
    const format = typeof options.format === 'string' ? formatNamed(options.format) : options.format
    if (format !== undefined && typeof format.parse !== 'function') throw new TypeError(`the format of the log ${name} needs parse(line)`)
    const { title, description = `The log ${name}, its newest entries in the order of time, secrets redacted` } = options
    const source =
      'buffer' in options
        ? new BufferLog(options.buffer, format)
        : new FileLog({
            path: resolve(options.path),
            format,
            rotated: options.rotated ?? true,
            redaction,
            follow: { onError: cause => failed(cause, `following ${name}`), ...(poll === undefined ? {} : { poll }) },
          })
    logs.set(name, { name, title, description, source })
  }
  if (logs.size === 0) throw new TypeError('logs needs at least one source')
  return logs
}
