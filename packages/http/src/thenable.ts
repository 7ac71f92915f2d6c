/** Values that may be there already. Awaiting what is there costs a turn of the loop. */

/** Whether a value has to be waited for. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function'
}
