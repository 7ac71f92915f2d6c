/** `@Use`: middleware around one method, or around all components of a class. */

import type { Middleware } from '@oarlock/kernel'
import { layer, type LayerDecorator } from './layer.ts'
import { refuseBare } from './member.ts'

/**
 * Puts middleware around components.
 *
 *     @Use(timing)
 *     class Orders {
 *       @Use(transaction, retry)
 *       @Tool({ description: 'Place an order', input: Order })
 *       place(order: In<typeof Order>) { … }
 *     }
 *
 * Middleware is `(call, next, ctx) => next()`. The order is that of reading, outermost first: the server's, then that of parent classes, of the class,
 * of the method's decorators from top to bottom, and last the option `use`. Around `place` above: timing, transaction, retry. Guards decide
 * before any of the class's middleware runs. Middleware of an overridden method stays around the override.
 *
 * On a class it applies to everything its objects offer, `tool(…)` fields and inherited members included.
 */
export function Use(...middleware: readonly Middleware[]): LayerDecorator {
  refuseBare('@Use', middleware)
  // Decorators run from the bottom up, and are read from the top down.
  return layer('@Use', ({ use }) => use.unshift(...middleware))
}
