/** How deep a text is nested, told before it is parsed: the parser's time grows with the square of it. */

const TAG = /\{\{\{?~?\s*([#^/]|else\b)?|\}\}|[()]/g

/** Branches of one `{{#if}} … {{else if}} …`, each of which is nested in the one before. */
const MOST_BRANCHES = 128

/** Whether blocks or sub-expressions are nested deeper than `most`, or a block has more branches than can be. Linear. */
export function isTooDeep(text: string, most: number): boolean {
  const branches: number[] = []
  let parentheses = 0
  let isInTag = false
  for (const { 0: token, 1: kind } of text.matchAll(TAG)) {
    if (token === '(' || token === ')') {
      if (isInTag) parentheses += token === '(' ? 1 : -1
    } else {
      parentheses = 0
      isInTag = token !== '}}'
      if (kind === '#' || kind === '^') branches.push(0)
      else if (kind === '/') branches.pop()
      else if (kind === 'else') branches.push((branches.pop() ?? 0) + 1)
    }
    if (parentheses > most || branches.length > most || (branches.at(-1) ?? 0) > MOST_BRANCHES) return true
  }
  return false
}
