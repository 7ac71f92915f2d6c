/** Composition of middleware: every layer around a component, folded once into one function. */

import type { CallInfo, Middleware, Next } from './catalog/component.ts'
import type { Context } from './context.ts'

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
  // Not async: a promise of the layer within is passed on as it is, which costs each layer three promises less.
  return () => {
    if (called) return Promise.reject(new Error('next() was called twice by one middleware; a call runs once'))
    called = true
    try {
      return Promise.resolve(inner())
    } catch (error) {
      return Promise.reject(error)
    }
  }
}
