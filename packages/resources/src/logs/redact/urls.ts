/** Passwords in URLs: `postgres://user:password@host`. */

/** Longest part before the `@` that is looked at. */
const MAX_USERINFO = 1_024
/** A user name of this length without a password is a token. */
const TOKEN_LENGTH = 20

/** Replaces what stands before the `@` of a URL, except a short user name. One pass: no part of the text is looked at for two URLs. */
export function maskUrls(text: string, mark: string, hit: () => void): string {
  let out = ''
  let from = 0
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const start = at + 3
    const last = lastAt(text, start)
    if (last === -1) continue
    const colon = text.indexOf(':', start)
    const secret = colon !== -1 && colon < last ? colon + 1 : last - start >= TOKEN_LENGTH ? start : last
    if (secret === last || text.startsWith(mark, secret)) continue
    out += text.slice(from, secret) + mark
    from = last
    hit()
  }
  return from === 0 ? text : out + text.slice(from)
}

/** The last `@` before the authority ends, or -1. */
function lastAt(text: string, start: number): number {
  let last = -1
  for (let at = start; at < text.length && at - start < MAX_USERINFO; at++) {
    const char = text.charAt(at)
    if (char === '@') last = at
    else if ('/?#"\'`<> \t\n'.includes(char)) break
  }
  return last
}
