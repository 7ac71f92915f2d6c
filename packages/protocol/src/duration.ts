/** Lengths of time as people write them. */

/** Milliseconds, or a number with a unit: `500ms`, `30s`, `2m`, `1h`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/**
 * Milliseconds of a duration.
 * @param option the name of the option that it was given as, for the error
 * @throws TypeError for anything that is not one, or is negative or not finite
 */
export function duration(value: Duration, option?: string): number {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) : undefined
  const ms = typeof value === 'number' ? value : match ? Number(match[1]) * (UNITS.get(match[2] as string) as number) : Number.NaN
  if (Number.isFinite(ms) && ms >= 0) return ms
  const what = `${typeof value === 'number' ? String(value) : JSON.stringify(value)} is not a duration`
  throw new TypeError(`${option === undefined ? '' : `${option}: `}${what}: use milliseconds or text such as '500ms', '30s', '2m'`)
}
