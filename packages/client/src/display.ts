/** Text of a server made safe to look at: a name or description may hide what it says, or say what nobody sees (THREATS 22, T31, C-SEC-05). */

/** Controls (but tab and newline), direction overrides, zero-width and tag characters, private use, lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u{e0000}-\u{e0fff}]/gu

/** The text without characters that do not show or reorder others, at most `limit` characters of it. */
export function displayText(text: string, limit = 2000): string {
  const shown = text.replaceAll(HIDDEN, character => (character === '\n' || character === '\t' ? character : ''))
  return shown.length <= limit ? shown : `${shown.slice(0, limit)}…`
}

/** Whether a text has characters that do not show. */
export function hidesText(text: string): boolean {
  return displayText(text, Infinity) !== text
}

const PICTURE = /^data:image\/(?:png|jpeg|jpg|webp|svg\+xml);/i

/**
 * The icons whose address may be shown: https, or a picture in the address itself. Whoever fetches one sends no credentials, follows no redirect
 * to another origin, bounds its size, and lets no script in an SVG run; this package fetches none (C-SEC-02, C-SEC-03).
 */
export function displayIcons<I extends { readonly src: string }>(icons: readonly I[] | undefined): readonly I[] {
  return (icons ?? []).filter(
    ({ src }) => typeof src === 'string' && (PICTURE.test(src) || (URL.canParse(src) && new URL(src).protocol === 'https:')),
  )
}
