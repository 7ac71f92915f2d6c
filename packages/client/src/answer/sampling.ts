/** What a sampling request must look like before a model sees it, and its answer before a server does (DIGEST 2.8, C-EL-14). */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** What is wrong with the params of `sampling/createMessage`. `tools` says whether the handler declared that it can use tools. */
export function samplingProblem(params: JsonObject, tools: boolean): string | undefined {
  if (!Array.isArray(params['messages'])) return 'messages must be an array'
  if (!Number.isInteger(params['maxTokens'])) return 'maxTokens must be an integer'
  if (!tools && (params['tools'] !== undefined || params['toolChoice'] !== undefined)) return 'this client did not declare sampling.tools'
  return sequenceProblem(params['messages'])
}

/** What keeps a handler's answer from being a CreateMessageResult. */
export function sampledProblem(result: unknown): string | undefined {
  if (!isObject(result)) return 'must be an object'
  if (result['role'] !== 'assistant' && result['role'] !== 'user') return 'needs a role'
  if (typeof result['model'] !== 'string') return 'needs the name of the model'
  return isObject(result['content']) || Array.isArray(result['content']) ? undefined : 'needs content'
}

/** Tool results stand alone in a user message, and answer exactly the calls of the assistant message before them. */
function sequenceProblem(messages: readonly unknown[]): string | undefined {
  let open: ReadonlySet<unknown> = new Set()
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message)
    if (blocks === undefined) return `messages[${index}] must have a role and content`
    const answered = new Set(blocks.filter(block => block['type'] === 'tool_result').map(block => block['toolUseId']))
    if (answered.size > 0 && blocks.some(block => block['type'] !== 'tool_result'))
      return `messages[${index}] mixes tool results with other content`
    if (answered.size !== open.size || [...answered].some(id => !open.has(id)))
      return `messages[${index}] does not answer the tool calls before it`
    open = new Set(blocks.filter(block => block['type'] === 'tool_use').map(block => block['id']))
    if (open.size > 0 && (message as JsonObject)['role'] !== 'assistant')
      return `messages[${index}] calls tools without being the assistant`
  }
  return open.size === 0 ? undefined : 'the last message leaves tool calls unanswered'
}

function blocksOf(message: unknown): readonly JsonObject[] | undefined {
  if (!isObject(message) || (message['role'] !== 'user' && message['role'] !== 'assistant')) return undefined
  const content = message['content']
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content]
  return blocks.every(isObject) ? blocks : undefined
}
