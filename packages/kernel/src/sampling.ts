/** What the messages of a sampling request owe the client's model: whole rounds of tools. */

import type { CreateMessageRequestParams, SamplingContent, SamplingMessage } from '@oarlock/protocol'

/**
 * Each use of a tool is answered by a result in the very next message, which holds nothing else (DIGEST S-EL-18).
 * @throws TypeError that names the message which breaks this
 */
export function checkMessages(messages: CreateMessageRequestParams['messages']): void {
  let open: ReadonlySet<string> = new Set()
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message)
    const answered = new Set(blocks.flatMap(block => (block.type === 'tool_result' ? [block.toolUseId] : [])))
    if (answered.size > 0 || open.size > 0) checkResults(index, message, open, answered)
    open = new Set(blocks.flatMap(block => (block.type === 'tool_use' ? [block.id] : [])))
    if (open.size > 0 && message.role !== 'assistant') throw wrong(index, 'only the assistant uses tools')
  }
  if (open.size > 0) throw wrong(messages.length - 1, `nothing answers the use of a tool ${[...open].join(', ')}`)
}

function checkResults(index: number, message: SamplingMessage, open: ReadonlySet<string>, answered: ReadonlySet<string>): void {
  if (message.role !== 'user' || blocksOf(message).some(({ type }) => type !== 'tool_result')) {
    throw wrong(index, 'results of tools stand in a user message of their own')
  }
  for (const id of open) if (!answered.has(id)) throw wrong(index, `the result of ${id} is missing`)
  for (const id of answered) if (!open.has(id)) throw wrong(index, `no tool was used as ${id} in the message before`)
}

function blocksOf({ content }: SamplingMessage): readonly SamplingContent[] {
  return Array.isArray(content) ? content : [content]
}

function wrong(index: number, text: string): TypeError {
  return new TypeError(`sample: messages[${index}]: ${text}`)
}
