/** What came and what went between two lists: told by reference, at the cost of what differs where most stays where it was. */

/** The difference of two lists, each item once. */
export interface Difference<T> {
  readonly gone: ReadonlySet<T>
  readonly come: ReadonlySet<T>
  /** What the second list holds twice where it differs. */
  readonly twice: readonly T[]
}

/**
 * The difference between a list and the one that takes its place. An item of the second list that stands also where the two begin or end alike counts
 * as come, though it was there: it is there twice now.
 * @param before no item twice
 */
export function difference<T>(before: readonly T[], after: readonly T[]): Difference<T> {
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start += 1
  let end = 0
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const old = new Set(before.slice(start, before.length - end))
  const now = after.slice(start, after.length - end)
  const come = new Set(now)
  const twice = come.size === now.length ? [] : now.filter((item, index) => now.indexOf(item) !== index)
  const gone = new Set<T>()
  for (const item of old) if (!come.delete(item)) gone.add(item)
  return { gone, come, twice }
}
