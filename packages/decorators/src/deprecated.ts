/** `@Deprecated`: still there, but not for long. */

import { layer, type LayerDecorator } from './layer.ts'
import { refuseBare } from './member.ts'

/**
 * Marks a component, or everything of a class, as deprecated. The same as the option `deprecated`.
 *
 *     @Deprecated('use add2, which takes any number of terms')
 *     @Tool({ input: Add })
 *     add({ a, b }: In<typeof Add>) { … }
 *
 * The reason is announced in the description and in `_meta`. Where several versions of a component stand side by side, a deprecated one never answers
 * in place of another. The word nearest to the component counts: its option, then the method, then the class.
 */
export function Deprecated(reason?: string | true): LayerDecorator
export function Deprecated(reason: string | true = true, ...rest: readonly unknown[]): LayerDecorator {
  refuseBare('@Deprecated', [reason, ...rest])
  return layer('@Deprecated', layers => {
    layers.deprecated = reason
  })
}
