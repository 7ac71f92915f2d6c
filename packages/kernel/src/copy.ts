/** Copies of arguments, so that one run of a handler does not see what an earlier one did to them. */

/**
 * Copies objects and arrays all the way down, as JSON has them. What only a schema's own library can have made of an argument (a date, an instance of a
 * class, something that leads back to itself) is shared: it has no copy that is known to be one.
 */
export function copyOf(value: unknown): unknown {
  if (!isComposed(value)) return value
  try {
    return copied(value)
  } catch (error) {
    if (error instanceof RangeError) return value
    throw error
  }
}

function copied(value: object): object {
  if (Array.isArray(value)) return value.map(part => (isComposed(part) ? copied(part) : (part as unknown)))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const copy = { ...value } as Record<string, unknown>
  for (const key in copy) {
    const part = copy[key]
    // A member named __proto__ is the copy's own by now, and assigning to it changes no prototype.
    if (isComposed(part)) copy[key] = copied(part)
  }
  return prototype === null ? (Object.setPrototypeOf(copy, null) as object) : copy
}

function isComposed(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
