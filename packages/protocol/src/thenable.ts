/** Values that may be there already: most calls finish without waiting for anything. */

/** A value, or a promise of it. Only thenables are awaited. */
export type MaybePromise<T> = T | Promise<T>

/** What of a type has to be waited for. */
type Awaitable<V> = unknown extends V ? PromiseLike<unknown> : Extract<V, PromiseLike<unknown>>

/** Whether a value has to be waited for. */
export function isThenable<V>(value: V): value is V & Awaitable<V> {
  return typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'
}
