/** Composition of middleware: every layer around a component, folded once into one function. */

import type { CallInfo, Middleware, Next } from './catalog/component.ts'
import type { Context } from './context.ts'

/** The innermost work of a chain. */
export type Core = (call: CallInfo, ctx: Context) => object | Promise<object>

/** Folds layers, outermost first, around the core. Without layers it is the core itself. */
export function compose(layers: readonly Middleware[], core: Core): Core {
  return layers.reduceRight<Core>((inner, layer) => around(layer, inner), core)
}

/** One function for each call and layer, which is `next`. It is not async: a promise of what lies within is passed on as it is, which costs each layer three promises less. */
function around(layer: Middleware, inner: Core): Core {
  return (call, ctx) => {
    let called = false
    const next: Next = () => {
      if (called) return Promise.reject(new Error('next() was called twice by one middleware; a call runs once'))
      called = true
      try {
        return Promise.resolve(inner(call, ctx))
      } catch (error) {
        return Promise.reject(error)
      }
    }
    return layer(call, next, ctx)
  }
}
