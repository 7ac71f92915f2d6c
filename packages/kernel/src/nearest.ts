/** "Did you mean …?" for a name that does not exist. */

/** Names looked at before giving up: a suggestion must not cost more than the call it could not serve. */
const MOST_NAMES = 500

/** ` Did you mean 'resize_image'?` with the nearest of `names`, or nothing when none is near. */
export function nearest(name: string, names: readonly string[]): string {
  if (name.length > 128) return ''
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of names.slice(0, MOST_NAMES)) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best === undefined ? '' : ` Did you mean '${best}'?`
}

/** Insertions, deletions and replacements between two texts; anything at or above `limit` counts as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replace, (previous[j] as number) + 1, (current[j - 1] as number) + 1))
    }
    previous = current
  }
  return Math.min(previous[b.length] as number, limit)
}
