/** What a call gives to somebody who wants the value and not the envelope: data where there is data, else text, else the blocks. */

import { type CallToolResult, Fault, VALUE_KEY } from '@oarlock/protocol'
import { ToolFailed, textOf } from './error.ts'

/**
 * The value of a tool's result. Undefined when there is no content at all.
 * @throws ToolFailed when the result is an error
 */
export function valueOf(tool: string, result: CallToolResult): unknown {
  if (result.isError === true) throw new ToolFailed(tool, result)
  if (result.structuredContent !== undefined) return result.structuredContent
  listOf('tools/call', result, 'content')
  const text = plainText(result)
  if (text === undefined) return result.content.length === 0 ? undefined : result.content
  return result._meta?.[VALUE_KEY] === 'json' ? parsed(text) : text
}

/**
 * The list that a result of `method` has under this key.
 * @throws Fault `INVALID_REQUEST` when there is none
 */
export function listOf<R extends object, K extends keyof R & string>(method: string, result: R, key: K): R[K] {
  if (!Array.isArray(result[key])) throw new Fault('INVALID_REQUEST', `The server sent a malformed answer to ${method}: it has no ${key}`)
  return result[key]
}

/** The text of a result that holds text and nothing else. */
function plainText(result: CallToolResult): string | undefined {
  const [first, second] = result.content
  if (first?.type === 'text' && second === undefined) return first.text
  return first !== undefined && result.content.every(block => block.type === 'text') ? textOf(result) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
