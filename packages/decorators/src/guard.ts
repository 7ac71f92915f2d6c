/** `@Guard`: rules that decide who sees and who may call one method, or everything of a class. */

import type { Guard as KernelGuard } from '@oarlock/kernel'
import { layer, type LayerDecorator } from './layer.ts'
import { refuseBare } from './member.ts'

/** One rule that decides who sees a component and who may call it. */
export type Guard = KernelGuard

/**
 * Puts rules on components.
 *
 *     const admins: Guard = { visible: principal => principal?.claims?.role === 'admin', requires: ['orders:write'] }
 *
 *     @Guard(signedIn)
 *     class Orders {
 *       @Guard(admins)
 *       @Tool({ description: 'Refund an order', input: Refund })
 *       refund(order: In<typeof Refund>) { … }
 *     }
 *
 * All rules must agree: those of parent classes, of the class, of the method, and of the option `guard`. `visible` hides a component from lists
 * and makes it unknown when called; `requires` names scopes; `allow` decides one call with its checked arguments. An override cannot lose a rule
 * of what it overrides, decorated or not. (DIGEST S-RES-10)
 */
export function Guard(...guards: readonly KernelGuard[]): LayerDecorator {
  refuseBare('@Guard', guards)
  return layer('@Guard', layers => layers.guards.unshift(...guards))
}
