/** One rule that decides who sees a component and who may call it. */

import type { Peer, Principal } from '@oarlock/protocol'
import type { Context } from './context.ts'

/**
 * A rule on a component. All guards of a component must agree. Lists, calls, completion and subscriptions ask the same guards, so that what
 * is hidden in one place is hidden everywhere (DIGEST S-RES-10).
 */
export interface Guard {
  /**
   * Whether the component exists for this caller. Hidden components are absent from lists and unknown when called. Pure and fast: it runs
   * for each component of each list. One that throws hides, and is reported.
   */
  visible?(principal: Principal | undefined, peer: Peer): boolean
  /** Scopes the principal must have. Missing ones answer FORBIDDEN with a challenge that names them all. */
  readonly requires?: readonly string[]
  /**
   * Decides one call, or one subscription to a resource, with its validated arguments; and one wish for suggestions, with the arguments as far as they are
   * typed, where a refusal is an empty list. Only true lets it pass; a string refuses and is the reason
   * told; it may also throw a Fault.
   */
  allow?(args: unknown, ctx: Context): boolean | string | Promise<boolean | string>
}
