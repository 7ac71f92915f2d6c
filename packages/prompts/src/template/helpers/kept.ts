/** Formatters are expensive to make and few: the last ones made are kept. */

const MOST = 64

/** Remembers what a function made, by its arguments. */
export function kept<A extends readonly string[], T>(make: (...given: A) => T): (...given: A) => T {
  const made = new Map<string, T>()
  return (...given) => {
    const key = given.join('\n')
    const known = made.get(key)
    if (known !== undefined) return known
    if (made.size >= MOST) made.clear()
    const fresh = make(...given)
    made.set(key, fresh)
    return fresh
  }
}
