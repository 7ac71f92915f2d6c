/** The handlers a client registers for what servers ask: which exist decides which capabilities are declared (C-META-03). */

import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestFormParams,
  ElicitRequestURLParams,
  ElicitResult,
  Implementation,
  Root,
} from '@oarlock/protocol'

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
 * never fetches it itself. `accept` means consent; how it ended is learnt by retrying, or from `elicitationCompleted`.
 */
export type PageHandler = (page: ElicitRequestURLParams, context: AskContext) => ElicitResult | Promise<ElicitResult>

/** Answers as the model. A human in the loop may say no: throw `Rejected`. `maxTokens` is a bound, not a wish. */
export type SampleHandler = (request: CreateMessageRequestParams, context: AskContext) => CreateMessageResult | Promise<CreateMessageResult>

/** Lists the roots that the user agreed to expose. */
export type RootsHandler = (context: AskContext) => readonly Root[] | Promise<readonly Root[]>

/** Handlers by what is asked. A function under `elicit` or `sample` is the plain form: forms only, no tools. */
export interface AnswerHandlers {
  readonly elicit?: FormHandler | { readonly form?: FormHandler | undefined; readonly url?: PageHandler | undefined } | undefined
  readonly sample?: SampleHandler | Sampling | undefined
  /** Roots, or how to find them. `file:` URIs only. */
  readonly roots?: readonly Root[] | RootsHandler | undefined
}

/** What consent comes to. */
export type Approved<T> = T | false

/** A sampling handler that can do more than text. */
export interface Sampling {
  readonly handle: SampleHandler
  /**
   * Asked before the model is: gives the request back, as it is or edited, or false to refuse it. A person, or a policy, stands behind it
   * (C-EL-13).
   */
  readonly approve?:
    | ((
        request: CreateMessageRequestParams,
        context: AskContext,
      ) => Approved<CreateMessageRequestParams> | Promise<Approved<CreateMessageRequestParams>>)
    | undefined
  /** Asked before the answer is sent: gives it back, as it is or edited, or false to keep it. */
  readonly review?:
    | ((
        answer: CreateMessageResult,
        request: CreateMessageRequestParams,
        context: AskContext,
      ) => Approved<CreateMessageResult> | Promise<Approved<CreateMessageResult>>)
    | undefined
  /** Requests that are let through in any 60 seconds; more are refused. 60 when absent. */
  readonly perMinute?: number | undefined
  /** Declares `sampling.tools`: the handler understands `tools` and `toolChoice`. */
  readonly tools?: boolean | undefined
  /** Declares `sampling.context`: the handler adds the context that `includeContext` names. */
  readonly context?: boolean | undefined
}
