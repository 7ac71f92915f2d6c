/** How a client answers what servers ask: the shape of its handlers, wherever they are written. */

import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from './model/elicitation.ts'
import type { Implementation } from './model/implementation.ts'
import type { Root } from './model/roots.ts'
import type { CreateMessageRequestParams, CreateMessageResult } from './model/sampling.ts'

/** What a handler knows beside the question. */
export interface AskContext {
  /** Aborts when the answer is no longer wanted: the server withdrew the question, the call was cancelled, the connection ended. */
  readonly signal: AbortSignal
  /** Who asks, in its own words. To be shown to the user with the question (C-EL-06). */
  readonly server: Implementation | undefined
}

/** Shows a form. On `accept`, fields that are left out get their defaults, and the content is checked before it is sent. */
export type FormHandler = (form: ElicitRequestFormParams, context: AskContext) => ElicitResult | Promise<ElicitResult>

/**
 * Asks the user to visit a page: shows the whole URL, opens it only on consent, in a place neither the client nor the model can read, and
 * never fetches it itself. `accept` means consent; how it ended is learnt by retrying, or from `elicitation.completed`.
 */
export type PageHandler = (page: ElicitRequestURLParams, context: AskContext) => ElicitResult | Promise<ElicitResult>

/** Answers as the model. A human in the loop may say no: throw `Rejected`. `maxTokens` is a bound, not a wish. */
export type SampleHandler = (request: CreateMessageRequestParams, context: AskContext) => CreateMessageResult | Promise<CreateMessageResult>

/** Lists the roots that the user agreed to expose. */
export type RootsHandler = (context: AskContext) => readonly Root[] | Promise<readonly Root[]>
