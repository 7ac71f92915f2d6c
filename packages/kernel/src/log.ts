/** The log of last resort: errors that peers are not told of, on the console's error stream, one JSON line each. */

import type { ErrorReported } from './events.ts'

/** Longest text of one field. */
const MOST = 8_192

/** Writes one line. JSON escapes control characters, so that nothing a peer sent can forge a line (THREATS T28). */
export function logToConsole({ correlationId, where, cause }: ErrorReported): void {
  const reason = cause instanceof Error && cause.cause !== undefined ? redact(textOf(cause.cause)) : undefined
  console.error(JSON.stringify({ level: 'error', where, correlationId, error: redact(textOf(cause)), reason }))
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

const SECRETS =
  /\b(bearer|basic|dpop)\s+[A-Za-z0-9._~+/=-]{8,}|("?(?:authorization|cookie|set-cookie|x-api-key|api[_-]?key|password|secret|token)"?\s*[:=]\s*)("[^"]*"|[^\s,;}]+)/gi

/** Takes what looks like a credential out of a text. */
export function redact(text: string): string {
  return text
    .slice(0, MOST)
    .replace(SECRETS, (_, scheme: string | undefined, name: string | undefined) =>
      scheme === undefined ? `${name}[redacted]` : `${scheme} [redacted]`,
    )
}
