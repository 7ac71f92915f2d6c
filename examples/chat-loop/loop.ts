/** The loop: the model asks for tools of several servers, they are called side by side, and it goes on until it answers. */

import { displayText, type CallToolResult, type Clients } from 'oarlock'
import type { Message, Model, OfferedTool, WantedCall } from './model.ts'

/** What bounds it. */
export interface LoopOptions {
  /** Turns of the model. 10 when absent. */
  readonly turns?: number
  readonly signal?: AbortSignal
}

// #region loop
/** Answers a question with the help of the servers. */
export async function chat(model: Model, servers: Clients, question: string, { turns = 10, signal }: LoopOptions = {}): Promise<string> {
  const messages: Message[] = [{ role: 'user', text: question }]
  for (let turn = 0; turn < turns; turn++) {
    // Lists are kept as long as servers allow, so asking each time costs nothing.
    const tools = (await servers.tools({ signal })).map(({ name, tool }): OfferedTool => ({
      name,
      description: displayText(tool.description ?? ''),
      inputSchema: tool.inputSchema,
    }))
    const said = await model.next(messages, tools)
    if (said.kind === 'answer') return said.text
    const results = await Promise.all(said.calls.map(call => run(servers, call, signal)))
    messages.push({ role: 'assistant', calls: said.calls }, ...results)
  }
  throw new Error(`The model did not come to an answer within ${turns} turns`)
}

/** A call that fails is told to the model, which may find another way. */
async function run(servers: Clients, { id, name, args }: WantedCall, signal: AbortSignal | undefined): Promise<Message> {
  try {
    const result = await servers.callRaw(name, args, { signal, timeout: '60s' })
    return { role: 'tool', id, text: textOf(result), failed: result.isError === true }
  } catch (cause) {
    signal?.throwIfAborted()
    return { role: 'tool', id, text: cause instanceof Error ? cause.message : 'failed', failed: true }
  }
}
// #endregion

function textOf({ content }: CallToolResult): string {
  return content.map(block => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')
}
