/** Handlers that come later: how the server learns of kinds it was not told of. */

import { ConnectionClosed, Unsupported } from '@oarlock/protocol'
import type { Host } from '../connection.ts'
import type { Lifeline } from '../heal/lifeline.ts'
import { declaredBy } from '../talk/declared.ts'
import type { Answers } from './answers.ts'
import type { AnswerHandlers } from './handlers.ts'

/**
 * Adds or replaces handlers. A connection that is being opened declares them, if its handshake is not on the way yet; one that stands and was not
 * used is opened anew for them.
 * @throws Unsupported, and keeps the handlers of before, for a new kind on a session that is in use
 */
export async function introduce(host: Host, lifeline: Lifeline, handlers: AnswerHandlers): Promise<void> {
  const { answers } = host
  const before = answers.handlers
  answers.handlers = { ...before, ...handlers }
  const connection = lifeline.opening ? await lifeline.alive() : lifeline.last
  if (connection?.talk === undefined) throw new ConnectionClosed()
  const late = connection.talk.declare(declaredBy(host, answers.handlers))
  if (late.length === 0) return
  if (connection.ended) return void (await lifeline.alive())
  if (connection.used) {
    takeBack(answers, handlers, before)
    throw new Unsupported(`The session was opened without ${late.join(', ')}: give these handlers to open`)
  }
  await lifeline.replace()
}

/** Others may have come meanwhile, which stay. */
function takeBack(answers: Answers, handlers: AnswerHandlers, before: AnswerHandlers): void {
  const kinds = Object.keys(handlers) as (keyof AnswerHandlers)[]
  answers.handlers = { ...answers.handlers, ...Object.fromEntries(kinds.map(kind => [kind, before[kind]])) }
}
