/** Bounds that are given as numbers. */

/**
 * Refuses what is no bound: nothing is larger than what is no number.
 * @param prefix comes before the name in the error: `limits.`
 * @param names those to look at. All when absent; what is undefined is left to its default
 * @throws TypeError that names the bound
 */
export function checkBounds(given: object = {}, prefix = '', names: readonly string[] = Object.keys(given)): void {
  for (const name of names) {
    const value = (given as Readonly<Record<string, unknown>>)[name]
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue
    const what = typeof value === 'number' ? String(value) : typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)
    throw new TypeError(`${prefix}${name} must be a number that is not negative, or Infinity for no bound. It is ${what}`)
  }
}
