/** `@Tags`: words to choose components by. */

import { layer, type LayerDecorator } from './layer.ts'
import { refuseBare } from './member.ts'

/**
 * Tags components.
 *
 *     @Tags('orders')
 *     class Orders {
 *       @Tags('read-only')
 *       @Tool({ description: 'Find orders' })
 *       find() { … }
 *     }
 *
 * Transforms, guards and presets choose by tags; clients do not see them. Tags of parent classes, of the class, of the method and of the option `tags`
 * add up, each once.
 */
export function Tags(...tags: readonly string[]): LayerDecorator {
  refuseBare('@Tags', tags)
  return layer('@Tags', layers => layers.tags.unshift(...tags))
}
