/** `@OnElicit`, `@OnSampling`, `@OnRoots`: methods that answer what servers ask. */

import type { FormHandler, PageHandler, RootsHandler, SampleHandler } from '@oarlock/protocol'
import { noteOn, type OnDecorator } from './on.ts'

/**
 * Makes a method answer forms, or with `{ mode: 'url' }` pages. Having it declares the capability.
 *
 *     class Desk {
 *       @OnElicit()
 *       async form({ message, requestedSchema }: ElicitRequestFormParams, context: AskContext): Promise<ElicitResult> { … }
 *     }
 *     await client.answerWith(new Desk())
 */
export function OnElicit(options?: { readonly mode?: 'form' }): OnDecorator<FormHandler>
export function OnElicit(options: { readonly mode: 'url' }): OnDecorator<PageHandler>
export function OnElicit({ mode = 'form' }: { readonly mode?: 'form' | 'url' } = {}): (...args: readonly unknown[]) => void {
  return (...args) => noteOn('@OnElicit', { kind: mode }, args)
}

/** Makes a method answer sampling requests: with text, and with `tools` also with calls of tools. */
export function OnSampling(options: { readonly tools?: boolean; readonly context?: boolean } = {}): OnDecorator<SampleHandler> {
  return ((...args: readonly unknown[]) => noteOn('@OnSampling', { kind: 'sample', options }, args)) as OnDecorator<SampleHandler>
}

/** Makes a method list the roots that the user agreed to expose. */
export function OnRoots(): OnDecorator<RootsHandler> {
  return ((...args: readonly unknown[]) => noteOn('@OnRoots', { kind: 'roots' }, args)) as OnDecorator<RootsHandler>
}
