/** A server's class as the type of its client: `client.as<typeof Calculator>()` (types only, but for one Proxy). */

import type { RequestOptions } from './options.ts'

/** What a value is after it travelled as JSON. */
type Sent<T> = T extends { toJSON(): infer J } ? J : T

/** What a handler hands to its caller: promises awaited, the last word of a generator. */
type Answer<R> =
  R extends AsyncGenerator<unknown, infer V, never> ? Sent<V> : R extends Generator<unknown, infer V, never> ? Sent<V> : Sent<Awaited<R>>

/** What the `run` of a class field takes and gives, where fields hold tools instead of methods. */
interface Runs<A extends readonly never[], R> {
  run(...args: A): R
}

/** One tool, seen from the client. */
type Remote<A extends readonly unknown[], R> = A extends readonly []
  ? (args?: { readonly [name: string]: never }, options?: RequestOptions) => Promise<Answer<R>>
  : (args: A[0], options?: RequestOptions) => Promise<Answer<R>>

type Instance<C> = C extends abstract new (...args: never) => infer I ? I : C

type ToolKeys<I> = {
  [K in keyof I]: I[K] extends (...args: never) => unknown ? K : I[K] extends Runs<never, unknown> ? K : never
}[keyof I] &
  string

/** The tools of a class, or of an instance type, by method name: arguments as the method takes them, a promise of what it returns. */
export type Typed<C> = {
  readonly [K in ToolKeys<Instance<C>>]: Instance<C>[K] extends (...args: infer A) => infer R
    ? Remote<A, R>
    : Instance<C>[K] extends Runs<infer A, infer R>
      ? Remote<A, R>
      : never
}

/** Calls a tool by name and gives its value. */
export type Call = (name: string, args: object | undefined, options: RequestOptions | undefined) => Promise<unknown>

/** An object whose every method calls the tool of that name. */
export function typed<C>(call: Call): Typed<C> {
  const methods = new Map<string, (args?: object, options?: RequestOptions) => Promise<unknown>>()
  return new Proxy(Object.create(null) as object, {
    get(_target, name) {
      // A Proxy with a `then` would be taken for a promise.
      if (typeof name === 'symbol' || name === 'then') return undefined
      let method = methods.get(name)
      if (method === undefined) {
        method = (args, options) => call(name, args, options)
        methods.set(name, method)
      }
      return method
    },
  }) as Typed<C>
}
