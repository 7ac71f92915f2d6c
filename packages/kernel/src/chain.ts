/** Middleware and its composition: every layer around a component, folded once into one function. */

import type { Component } from './catalog/component.ts'
import type { Context } from './context.ts'

/** What middleware sees of a request. */
export interface CallInfo {
  /** The protocol's method: `tools/call`, `resources/read`, `prompts/get`, `tools/list`, … */
  readonly method: string
  /** The component it resolved to, for the methods that have one. */
  readonly component: Component | undefined
  /** Validated arguments of the component; the params for methods without one. */
  readonly args: unknown
}

/** The rest of the way: what lies inside this layer. Returns the result object of the method. Call it at most once. */
export type Next = () => Promise<object>

/**
 * A layer around a call. Returns the result: that of `next()`, changed or not, or its own. May throw Fault or ToolError. Runs once per call, whatever
 * number of times the handler is re-entered in one session call.
 */
export type Middleware = (call: CallInfo, next: Next, ctx: Context) => object | Promise<object>

/** The innermost work of a chain. */
export type Core = (call: CallInfo, ctx: Context) => object | Promise<object>

/** Folds layers, outermost first, around the core. Without layers it is the core itself. */
export function compose(layers: readonly Middleware[], core: Core): Core {
  return layers.reduceRight<Core>(
    (inner, layer) => (call, ctx) =>
      layer(
        call,
        once(() => inner(call, ctx)),
        ctx,
      ),
    core,
  )
}

function once(inner: () => object | Promise<object>): Next {
  let called = false
  return async () => {
    if (called) throw new Error('next() was called twice by one middleware; a call runs once')
    called = true
    return inner()
  }
}
