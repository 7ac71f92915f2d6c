/** Asks before tools are called: a layer that a person, or a policy, stands behind (C-TOOL-04, C-TOOL-10, C-TOOL-11). */

import { checkOptions, type JsonObject, type OptionNames } from '@oarlock/protocol'
import { Rejected } from './error.ts'
import type { ClientCallContext, ClientMiddleware } from './middleware.ts'

/** What is to be decided. */
export interface ConsentQuestion {
  readonly tool: string
  /** What the tool would get, to be shown: it may carry what nobody wants to send. */
  readonly args: JsonObject
  readonly context: ClientCallContext
}

/** How to ask. */
export interface ConsentOptions {
  /** Says whether the tool may be called. False, or a rejection, refuses it. */
  readonly ask: (question: ConsentQuestion) => boolean | Promise<boolean>
  /**
   * The server is trusted to say truly that a tool only reads, and such tools are not asked about. Off when absent: what a server says of its
   * tools is a hint from whoever wrote it (C-TOOL-01).
   */
  readonly trusted?: boolean | undefined
}

const CONSENT_OPTIONS: OptionNames<ConsentOptions> = { ask: true, trusted: true }

/**
 * A layer for `client.use('tools/call', consent({ ask }))`.
 * @throws Rejected, to whoever made a call that was refused
 */
export function consent(options: ConsentOptions): ClientMiddleware {
  checkOptions(options, CONSENT_OPTIONS, 'consent()')
  const { ask, trusted = false } = options
  return async (call, next, context) => {
    if (call.method !== 'tools/call' || (trusted && context.tool?.readOnly === true)) return next()
    const tool = call.name ?? ''
    const args = call.params?.['arguments'] as JsonObject | undefined
    if (await ask({ tool, args: args ?? {}, context })) return next()
    throw new Rejected(`The call of ${tool} was refused`)
  }
}
