/** Several credentials where one can be: `Authorization` is no list (RFC 9110, sections 5.3 and 11.6.2). */

/** What whoever sends several is told. */
export const ONE_CREDENTIAL = 'Authorization holds one credential: it must not be repeated, nor hold several'

/**
 * Whether a value of `Authorization` holds more than one credential, as it does where one that was repeated arrives joined. Parameters of a scheme, which have commas between them
 * as well, are none.
 */
export function holdsSeveral(authorization: string): boolean {
  return authorization.includes(',') && ANOTHER.test(authorization.replace(QUOTED, text => (CLOSED.test(text) ? '' : text)))
}

/** A quoted text, or one that is never closed. Each is looked at once, however many quotes there are. */
const QUOTED = /"(?:[^"\\]|\\[^])*"?/g
const CLOSED = /^".*"$/s

/** A scheme behind a comma: a word that no `=` follows. */
const ANOTHER = /,\s*[!#$%&'*+.^_`|~\w-]+(?:\s+[^=\s]|\s*(?:,|$))/
