/** What the official schemas say about the messages that came. */

import type { Crossing } from './traffic.ts'

/** What is wrong with a message, a line each. Loads the schemas when it is first asked. */
export async function violationsOf({ message, revision, answers }: Crossing): Promise<readonly string[]> {
  if ('unreadable' in message) return [`it is no JSON-RPC message: ${String(message.unreadable)}`]
  const { frameValidator } = await import('../frames/frame-validator.ts')
  return frameValidator(revision)(message, answers === undefined ? {} : { method: answers }).map(each => `${revision}: ${each}`)
}
