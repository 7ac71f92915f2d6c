/** Values that may be there already. */

/** A value, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>

/** Whether a value must be awaited. */
export function isThenable<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
