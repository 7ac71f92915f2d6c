/** Short ids that tie a log line, an event and a masked error together. */

const PROCESS = Array.from(crypto.getRandomValues(new Uint8Array(4)), byte => byte.toString(16).padStart(2, '0')).join('')
let last = 0

/** A new id: random per process, counted within it. Not a secret and not guess-proof. */
export function correlationId(): string {
  last += 1
  return `${PROCESS}-${last.toString(36)}`
}
