/** Levels of log messages. */

import { named, Type } from '../type.ts'

/** Levels of RFC 5424, least to most severe. */
export const LOGGING_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const

/** How severe a log message is. */
export type LoggingLevel = (typeof LOGGING_LEVELS)[number]
export const LoggingLevel = named<LoggingLevel>(Type.Enum([...LOGGING_LEVELS]))

const SEVERITY: ReadonlyMap<unknown, number> = new Map(LOGGING_LEVELS.map((level, index) => [level, index]))

/** Whether a value from a peer is the name of a level. */
export function isLoggingLevel(value: unknown): value is LoggingLevel {
  return SEVERITY.has(value)
}

/** Whether a message of `level` is for somebody who asked for `least` and above. */
export function reaches(level: LoggingLevel, least: LoggingLevel): boolean {
  return (SEVERITY.get(level) as number) >= (SEVERITY.get(least) as number)
}
