/** The handlers a client registers for what servers ask: which exist decides which capabilities are declared (C-META-03). */

import { checkOptions, type OptionNames } from '@oarlock/protocol'
import type {
  AskContext,
  CreateMessageRequestParams,
  CreateMessageResult,
  FormHandler,
  PageHandler,
  Root,
  RootsHandler,
  SampleHandler,
} from '@oarlock/protocol'

export type { AskContext, FormHandler, PageHandler, RootsHandler, SampleHandler } from '@oarlock/protocol'

/** Handlers by what is asked. A function under `elicit` or `sample` is the plain form: forms only, no tools. */
export interface AnswerHandlers {
  readonly elicit?: FormHandler | { readonly form?: FormHandler | undefined; readonly url?: PageHandler | undefined } | undefined
  readonly sample?: SampleHandler | Sampling | undefined
  /** Roots, or how to find them. `file:` URIs only. */
  readonly roots?: readonly Root[] | RootsHandler | undefined
}

const ANSWER_HANDLERS: OptionNames<AnswerHandlers> = { elicit: true, sample: true, roots: true }
const ELICIT: Readonly<Record<'form' | 'url', true>> = { form: true, url: true }
const SAMPLING: OptionNames<Sampling> = { handle: true, approve: true, review: true, perMinute: true, tools: true, context: true }

/** Refuses handlers for what no server asks: who misspelt one would wait for questions that are refused. @throws TypeError */
export function checkHandlers(handlers: AnswerHandlers): void {
  const { elicit, sample } = handlers
  checkOptions(handlers, ANSWER_HANDLERS, 'answers')
  if (typeof elicit !== 'function') checkOptions(elicit, ELICIT, 'answers.elicit')
  if (typeof sample !== 'function') checkOptions(sample, SAMPLING, 'answers.sample')
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
