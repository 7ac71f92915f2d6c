/** Whole numbers, as options give them. */

/** A number of an option. @throws TypeError for what is no whole number, or too small or too large, which names the option */
export function whole(name: string, value: number, least = 1, most: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`
  throw new TypeError(`${name} must be a whole number, ${bounds}, not ${String(value)}`)
}
