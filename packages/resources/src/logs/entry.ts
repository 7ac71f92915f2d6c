/** One entry of a log, whatever wrote it. */

import { isLoggingLevel, type JsonValue, type LoggingLevel } from '@oarlock/protocol'

/** An entry. Only the message is always there. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time?: number | undefined
  /** In the protocol's words, the eight of RFC 5424. */
  readonly level?: LoggingLevel | undefined
  /** The logger, program or module that wrote it. */
  readonly component?: string | undefined
  readonly message: string
  /** Whatever else it says. */
  readonly fields?: LogFields | undefined
}

/** Named values of an entry. */
export type LogFields = Readonly<Record<string, JsonValue | undefined>>

const NAMES: ReadonlyMap<string, LoggingLevel> = new Map<string, LoggingLevel>([
  ...(['trace', 'verbose', 'silly', 'fine', 'finer', 'finest', 'dbg', 'd'] as const).map(name => [name, 'debug'] as const),
  ...(['information', 'informational', 'inf', 'log', 'http', 'i'] as const).map(name => [name, 'info'] as const),
  ...(['warn', 'wrn', 'w'] as const).map(name => [name, 'warning'] as const),
  ...(['err', 'severe', 'e'] as const).map(name => [name, 'error'] as const),
  ...(['crit', 'fatal', 'f', 'ftl'] as const).map(name => [name, 'critical'] as const),
  ...(['emerg', 'panic'] as const).map(name => [name, 'emergency'] as const),
])

/** Severities of syslog, most severe first. */
const SEVERITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const

/**
 * A level, however it is written: a name in any case (`WARN`, `err`, `fatal`), a number of pino and bunyan (10 to 60), or a severity of syslog (0 to 7).
 * Undefined for anything else.
 */
export function levelOf(value: unknown): LoggingLevel | undefined {
  if (typeof value === 'number') return levelOfNumber(value)
  if (typeof value !== 'string' || value.length === 0 || value.length > 13) return undefined
  const name = value.toLowerCase()
  if (isLoggingLevel(name)) return name
  return NAMES.get(name) ?? (/^\d{1,2}$/.test(name) ? levelOfNumber(Number(name)) : undefined)
}

function levelOfNumber(value: number): LoggingLevel | undefined {
  if (!Number.isInteger(value) || value < 0) return undefined
  if (value < 10) return SEVERITIES[value]
  if (value < 30) return 'debug'
  if (value < 40) return 'info'
  if (value < 50) return 'warning'
  return value < 60 ? 'error' : 'critical'
}
