/** The model port of the loop, and a model that follows a script: put your provider's in its place. */

import type { JsonObject } from '@oarlock/protocol'

/** A tool, as a model is shown it. */
export interface OfferedTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: JsonObject
}

/** A call that the model wants made. */
export interface WantedCall {
  readonly id: string
  readonly name: string
  readonly args: JsonObject
}

/** What was said so far. */
export type Message =
  | { readonly role: 'user' | 'assistant'; readonly text: string }
  | { readonly role: 'assistant'; readonly calls: readonly WantedCall[] }
  | { readonly role: 'tool'; readonly id: string; readonly text: string; readonly failed: boolean }

/** What a model says next: an answer, or calls to be made first. */
export type Turn = { readonly kind: 'answer'; readonly text: string } | { readonly kind: 'calls'; readonly calls: readonly WantedCall[] }

/** Anything that can take a turn. */
export interface Model {
  next(messages: readonly Message[], tools: readonly OfferedTool[]): Promise<Turn>
}

/** Says what a script says; each line sees what came before. */
export function scripted(lines: readonly ((messages: readonly Message[], tools: readonly OfferedTool[]) => Turn)[]): Model {
  let at = 0
  return {
    next(messages, tools) {
      const line = lines[at++]
      return line === undefined ? Promise.reject(new Error('The script is over')) : Promise.resolve(line(messages, tools))
    },
  }
}
