/** How a pattern is run. */

/**
 * A pattern without the `.*` it begins with. A search finds the rest anywhere in the text by itself; with it, the engine would look at the whole rest of
 * the text from every place, in quadratic time. Libraries write it: zod's `endsWith('z')` is `.*z$`.
 */
export function searchPattern(pattern: string): string {
  return pattern.replace(/^\.\*\??/, '')
}
