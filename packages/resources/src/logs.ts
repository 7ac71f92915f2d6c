/** The door of @oarlock/resources/logs: logs as resources, and what is needed to read logs on one's own. */

export { LogBuffer, type LogBufferOptions, type RecordedConsole } from './logs/buffer.ts'
export type { LogEntry, LogFields } from './logs/entry.ts'
export { followFile, type Following, type FollowOptions } from './logs/follower.ts'
export type { LogFormat } from './logs/format/format.ts'
export { detectFormat, formatNamed, type LogFormatName } from './logs/format/formats.ts'
export type { LogFileOptions, LogMemoryOptions, LogsOptions } from './logs/options.ts'
export { logs, LogProvider } from './logs/provider.ts'
export { REDACTED, Redaction, type RedactionCounts, type RedactOptions } from './logs/redact/redaction.ts'
