/** Values that may be there already: most calls finish without waiting for anything. */

/** A value, or a promise of it. Only thenables are awaited. */
export type MaybePromise<T> = T | Promise<T>

/** Whether a value must be awaited. */
export function isThenable<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
