/** Bounds on what arrives: how deep JSON may nest, as text before it is parsed or as a value, and the error for input that outgrows its limit. */

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Strings are walked for this many characters; the rest is left to indexOf, which costs a call but reads many characters at once. */
const NEAR = 64

/**
 * Whether the arrays and objects of a JSON text nest at most `maxDepth` levels. One pass at most, and none for most messages: a text with
 * at most `maxDepth` opening brackets cannot nest deeper. Text that is not JSON gets some answer; the parser refuses it afterwards.
 */
export function depthWithin(text: string, maxDepth: number): boolean {
  return text.length <= maxDepth || fewOpen(text, maxDepth) || scanDepth(text, maxDepth)
}

// Brackets inside strings count too: an overestimate only sends the text on to the scan.
function fewOpen(text: string, most: number): boolean {
  let left = most
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at + 1)) if (--left < 0) return false
  for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at + 1)) if (--left < 0) return false
  return true
}

function scanDepth(text: string, maxDepth: number): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) {
      i = stringEnd(text, i + 1)
      if (i === -1) return true
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return false
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return true
}

/** Index of the quote that ends the string whose first character is at `from`; -1 when it never ends. */
function stringEnd(text: string, from: number): number {
  const near = Math.min(text.length, from + NEAR)
  let at = from
  for (; at < near; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at++
  }
  // What is at `at` is not escaped, so only the backslashes from here on count: an even number of them leaves a quote what it is.
  for (let end = text.indexOf('"', at); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (before >= at && text.charCodeAt(before) === BACKSLASH) before--
    if ((end - before) % 2 === 1) return end
  }
  return -1
}

/** Whether the arrays and objects of a value that was parsed elsewhere nest at most `maxDepth` levels. Goes no deeper than that itself. */
export function valueDepthWithin(value: unknown, maxDepth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (maxDepth === 0) return false
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return members.every(member => valueDepthWithin(member, maxDepth - 1))
}

const BRAND = Symbol.for('oarlock.too-large')

/** Input outgrew its limit while it was still arriving. A local error: whoever reads decides what the peer is told. */
export class TooLarge extends Error {
  readonly code = 'TOO_LARGE'
  /** The limit, in the unit that the message names. */
  readonly limit: number

  constructor(message: string, limit: number) {
    super(message)
    this.name = 'TooLarge'
    this.limit = limit
  }

  /** True for errors of any copy of this package in the process. */
  static is(value: unknown): value is TooLarge {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(TooLarge.prototype, BRAND, { value: true })
