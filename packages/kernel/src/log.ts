/** The log of last resort: errors that peers are not told of, on the console's error stream, one JSON line each. */

import type { ErrorReported } from './events.ts'

/** Longest text of one field. */
const MOST = 8_192

/** Writes one line. All control characters are escaped, so that nothing a peer sent can forge a line or steer a terminal (THREATS T28). */
export function logToConsole({ correlationId, where, cause }: ErrorReported): void {
  outlive()
  const reason = cause instanceof Error && cause.cause !== undefined ? redact(textOf(cause.cause)) : undefined
  console.error(escaped(JSON.stringify({ level: 'error', where, correlationId, error: redact(textOf(cause)), reason })))
}

/** What Node writes a log to. */
interface ErrorStream {
  on(event: 'error', listener: () => void): unknown
  listenerCount?(event: 'error', listener: () => void): number
}

/** On a full disk, or when its reader is gone, Node ends the process for what it could not write to the console: no log is worth that. */
function outlive(): void {
  const { stderr } = (globalThis as { process?: { stderr?: ErrorStream } }).process ?? {}
  if (stderr?.listenerCount?.('error', ignore) === 0) stderr.on('error', ignore)
}

function ignore(): void {}

/** JSON leaves some as they are: DEL, the second set, in which U+009B begins a terminal sequence, and two that end lines. */
function escaped(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Anything can be thrown. */
function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.stack ?? `${thrown.name}: ${thrown.message}`
  if (typeof thrown === 'string') return thrown
  try {
    return JSON.stringify(thrown) ?? typeof thrown
  } catch {
    return `a ${typeof thrown} that is no JSON`
  }
}

/** A header that is a secret as a whole; a member or parameter whose name says so; a token behind its scheme, wherever it stands. */
const SECRETS = [
  /("?(?:authorization|cookie|set-cookie)"?\s*[:=]\s*)(?:"[^"]*"|[^\r\n]+)/gi,
  /("?(?:x-api-key|api[_-]?key|password|secret|token)"?\s*[:=]\s*)(?:"[^"]*"|[^\s,;}]+)/gi,
  /(\b(?:bearer|basic|dpop)\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
]

/** Takes what looks like a credential out of a text. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, secret) => rest.replace(secret, '$1[redacted]'), text.slice(0, MOST))
}
