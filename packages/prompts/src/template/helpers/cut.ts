/** Shortens texts: to a number of characters, or of tokens. */

/** At most `most` UTF-16 units with the ending included; no character is cut in half. */
export function cut(text: string, most: number, ending: string): string {
  if (text.length <= most) return text
  if (most <= ending.length) return whole(text, most)
  return whole(text, most - ending.length).trimEnd() + ending
}

/** At most `most` tokens with the ending included. Cut between words where that costs little. */
export function cutToTokens(text: string, most: number, ending: string, tokens: (text: string) => number): string {
  if (tokens(text) <= most) return text
  let fits = 0
  let tooLong = text.length
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1
    if (tokens(whole(text, middle) + ending) <= most) fits = middle
    else tooLong = middle
  }
  const kept = atWord(text, whole(text, fits)).trimEnd()
  return kept === '' ? '' : kept + ending
}

/** The first `length` units of a text, and no half of a surrogate pair. */
function whole(text: string, length: number): string {
  const code = text.charCodeAt(length - 1)
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length)
}

/** Up to the last space, when the text would go on within a word and the space is near. */
function atWord(text: string, kept: string): string {
  if (/\s/.test(text[kept.length] ?? ' ')) return kept
  const space = kept.search(/\s\S*$/)
  return space > kept.length - 40 && space > 0 ? kept.slice(0, space) : kept
}
