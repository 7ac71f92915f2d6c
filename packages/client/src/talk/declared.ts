/** What this client declares: the capabilities of its handlers, its extensions, its experiments. */

import { type ClientCapabilities, declares } from '@oarlock/protocol'
import { capabilitiesOf } from '../answer/answers.ts'
import type { AnswerHandlers } from '../answer/handlers.ts'
import type { Host } from '../connection.ts'

/** The capabilities with these handlers, in the words of the newest revision and, for roots, of a session. */
export function declaredBy({ settings }: Host, handlers: AnswerHandlers): ClientCapabilities {
  const { extensions, experimental } = settings
  return {
    ...capabilitiesOf(handlers),
    ...(extensions.length > 0 && { extensions: Object.fromEntries(extensions.map(({ id, settings }) => [id, settings ?? {}])) }),
    ...(experimental && { experimental: { ...experimental } }),
  }
}

const PATHS = ['elicitation.form', 'elicitation.url', 'sampling', 'sampling.tools', 'sampling.context', 'roots']

/** What `after` declares and `before` does not. */
export function addedBy(before: ClientCapabilities, after: ClientCapabilities): readonly string[] {
  return PATHS.filter(path => declares(after, path) && !declares(before, path))
}
