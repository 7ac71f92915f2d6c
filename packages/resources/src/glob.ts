/** Globs over URIs and paths, matched without backtracking: the time grows with the text, not with the number of ways to read the pattern. */

/**
 * A test for a glob: `*` is any text within a segment, `?` one character, `**` as a segment any number of segments, none included, and at the very end
 * (`logs:**`) whatever follows. Everything else stands for itself. The whole text has to fit.
 * @throws TypeError for `**` anywhere else
 */
export function glob(pattern: string): (text: string) => boolean {
  const segments = pattern.split('/')
  const last = segments.at(-1) as string
  if (last !== '**' && last.endsWith('**')) segments.splice(-1, 1, last.slice(0, -1), '**')
  const mixed = segments.find(segment => segment.includes('**') && segment !== '**')
  if (mixed !== undefined)
    throw new TypeError(`the glob ${pattern} has '${mixed}': ** stands alone between slashes, as in ${pattern.replace(mixed, '**/*')}`)
  return text => fit(segments, text.split('/'), '**', fitsSegment)
}

function fitsSegment(pattern: string, text: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
    ? fit([...pattern], [...text], '*', (sign, char) => sign === '?' || sign === char)
    : pattern === text
}

/** Fits a list of signs to a list of items. Of several `any` signs only the last can have to give way, so no earlier one is tried again. */
function fit(signs: readonly string[], items: readonly string[], any: string, same: (sign: string, item: string) => boolean): boolean {
  let at = 0
  let star = -1
  let taken = 0
  for (let index = 0; index < items.length;) {
    const sign = signs[at]
    if (sign === any) {
      star = at++
      taken = index
    } else if (sign !== undefined && same(sign, items[index] as string)) {
      at++
      index++
    } else if (star !== -1) {
      at = star + 1
      index = ++taken
    } else return false
  }
  while (signs[at] === any) at++
  return at === signs.length
}
