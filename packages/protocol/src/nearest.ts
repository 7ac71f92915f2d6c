/** "Did you mean …?" for a name that does not exist. */

/** Names looked at before giving up: a suggestion must not cost more than the call it could not serve. */
const MOST_NAMES = 500

/** Names shorter than this are near to everything. */
const SHORTEST = 3

/**
 * ` Did you mean 'resize_image'?` with the nearest of `names`, or nothing when none is near. A model may act on it, so that a wrong suggestion
 * is worse than none: at most a third of the letters differ, and at most a fifth where the first letter does.
 */
export function nearest(name: string, names: readonly string[]): string {
  if (name.length > 128) return ''
  const said = plain(name)
  let best: string | undefined
  let bestDistance = Infinity
  for (const candidate of names.slice(0, MOST_NAMES)) {
    const meant = plain(candidate)
    const limit = Math.min(bestDistance, mostBetween(said, meant) + 1)
    const distance = editDistance(said, meant, limit)
    if (distance < limit) [best, bestDistance] = [candidate, distance]
  }
  return best === undefined ? '' : ` Did you mean '${best}'?`
}

/** Without case, and without the dashes of an option, which are no letters to be right about. */
function plain(name: string): string {
  return name.toLowerCase().replace(/^-+/, '')
}

function mostBetween(said: string, meant: string): number {
  const length = Math.min(said.length, meant.length)
  if (length < SHORTEST) return said === meant ? 0 : -1
  return Math.floor(length / (said[0] === meant[0] ? 3 : 5))
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts; anything at or above `limit` counts as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (beforePrevious[j - 2] as number) + 1 : Infinity
      current.push(Math.min(replace, swap, (previous[j] as number) + 1, (current[j - 1] as number) + 1))
    }
    beforePrevious = previous
    previous = current
  }
  return Math.min(previous[b.length] as number, limit)
}
