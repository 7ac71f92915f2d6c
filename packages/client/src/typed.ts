/** A server's class as the type of its client: `client.as<typeof Calculator>()` (types only, but for one Proxy). */

import type { CallToolResult, ContentBlock, TextContent } from '@oarlock/protocol'
import type { RequestOptions } from './options.ts'

/** What the caller of a tool gets for one kind of value that its handler returns. Text comes as text, other blocks as a list. */
type Sent<T> = T extends TextContent
  ? string
  : T extends ContentBlock
    ? ContentBlock[]
    : T extends readonly ContentBlock[]
      ? string | ContentBlock[]
      : T extends CallToolResult
        ? unknown
        : T extends { toJSON(): infer J }
          ? J
          : T

/** What the caller gets for what a handler returns: promises awaited, the last word of a generator. */
type Answer<R> =
  R extends AsyncGenerator<unknown, infer V, never> ? Sent<V> : R extends Generator<unknown, infer V, never> ? Sent<V> : Sent<Awaited<R>>

/** One tool, seen from the client. */
type Remote<A extends readonly unknown[], R> = A extends readonly []
  ? (args?: { readonly [name: string]: never }, options?: RequestOptions) => Promise<Answer<R>>
  : (args: A[0], options?: RequestOptions) => Promise<Answer<R>>

type Instance<C> = C extends abstract new (...args: never) => infer I ? I : C

type ToolNames<I> = { [K in keyof I]: I[K] extends (...args: never) => unknown ? K : never }[keyof I] & string

/**
 * The tools of a class, or of an instance type, by method or field name: arguments as the handler takes them, a promise of what it returns.
 * A tool that has another name than its method is called with `client.call`.
 */
export type Typed<C> = {
  readonly [K in ToolNames<Instance<C>>]: Instance<C>[K] extends (...args: infer A) => infer R ? Remote<A, R> : never
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
