/** `@OnElicit`, `@OnSampling`, `@OnRoots`: methods that answer what servers ask. */

import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestFormParams,
  ElicitRequestURLParams,
  ElicitResult,
  Implementation,
  Root,
} from '@oarlock/protocol'
import { noteOn, type OnDecorator } from './on.ts'

/** What a method knows beside the question. */
export interface QuestionContext {
  /** Aborts when the answer is no longer wanted. */
  readonly signal: AbortSignal
  /** Who asks, in its own words. */
  readonly server: Implementation | undefined
}

/** Answers a form. */
export type FormMethod = (form: ElicitRequestFormParams, context: QuestionContext) => ElicitResult | Promise<ElicitResult>

/** Answers a page: opens it on consent only. */
export type PageMethod = (page: ElicitRequestURLParams, context: QuestionContext) => ElicitResult | Promise<ElicitResult>

/** Answers as the model. */
export type SampleMethod = (
  request: CreateMessageRequestParams,
  context: QuestionContext,
) => CreateMessageResult | Promise<CreateMessageResult>

/** Lists roots. */
export type RootsMethod = (context: QuestionContext) => readonly Root[] | Promise<readonly Root[]>

/**
 * Makes a method answer forms, or with `{ mode: 'url' }` pages. Having it declares the capability.
 *
 *     class Desk {
 *       @OnElicit()
 *       async form({ message, requestedSchema }: ElicitRequestFormParams): Promise<ElicitResult> { … }
 *     }
 *     await client.answerWith(new Desk())
 */
export function OnElicit(options?: { readonly mode?: 'form' }): OnDecorator<FormMethod>
export function OnElicit(options: { readonly mode: 'url' }): OnDecorator<PageMethod>
export function OnElicit({ mode = 'form' }: { readonly mode?: 'form' | 'url' } = {}): (...args: readonly unknown[]) => void {
  return (...args) => noteOn('@OnElicit', { kind: mode }, args)
}

/** Makes a method answer sampling requests: with text, and with `tools` also with calls of tools. */
export function OnSampling(options: { readonly tools?: boolean; readonly context?: boolean } = {}): OnDecorator<SampleMethod> {
  return ((...args: readonly unknown[]) => noteOn('@OnSampling', { kind: 'sample', options }, args)) as OnDecorator<SampleMethod>
}

/** Makes a method list the roots that the user agreed to expose. */
export function OnRoots(): OnDecorator<RootsMethod> {
  return ((...args: readonly unknown[]) => noteOn('@OnRoots', { kind: 'roots' }, args)) as OnDecorator<RootsMethod>
}
