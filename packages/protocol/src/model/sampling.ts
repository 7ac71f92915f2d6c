/** Sampling: a server asks the client's model (DIGEST 2.8). Deprecated in 2026-07-28, where it travels inside a result. */

import type { JsonObject } from '../json.ts'
import { changed, mapOf, named, since, type Static, Type, until } from '../type.ts'
import { AudioContent, ImageContent, Role, TextContent, ToolResultContent, ToolUseContent } from './content.ts'
import { Meta } from './meta.ts'
import { requestMeta } from './request.ts'
import { answerMeta } from './result.ts'
import { taskField } from './task.ts'
import { Tool } from './tool.ts'

const blocks = [
  named<TextContent>(TextContent),
  named<ImageContent>(ImageContent),
  since('2025-03-26', named<AudioContent>(AudioContent)),
  since('2025-11-25', named<ToolUseContent>(ToolUseContent)),
  since('2025-11-25', named<ToolResultContent>(ToolResultContent)),
]

export const SamplingContent = changed('content', Type.Union(blocks))
/** One block of a sampled conversation, told apart by `type`. */
export type SamplingContent = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent

const oneOrMany = changed('content', Type.Union([...blocks, since('2025-11-25', Type.Array(named<SamplingContent>(SamplingContent)))]))

export const SamplingMessage = Type.Object({
  role: Role,
  content: named<SamplingContent | SamplingContent[]>(oneOrMany),
  _meta: since('2025-11-25', Type.Optional(named<Meta>(Meta))),
})
/** One message to a model. Before 2025-11-25 it holds one block. */
export interface SamplingMessage extends Static<typeof SamplingMessage> {}

const priority = Type.Optional(Type.Number({ minimum: 0, maximum: 1 }))

export const ModelHint = Type.Object({ name: Type.Optional(Type.String()) })
/** A part of a model's name or family. */
export interface ModelHint extends Static<typeof ModelHint> {}

export const ModelPreferences = Type.Object({
  hints: Type.Optional(Type.Array(named<ModelHint>(ModelHint))),
  costPriority: priority,
  speedPriority: priority,
  intelligencePriority: priority,
})
/** Which model would suit. Priorities run from 0 to 1; the client has the last word. */
export interface ModelPreferences extends Static<typeof ModelPreferences> {}

export const ToolChoice = Type.Object({ mode: Type.Optional(Type.Enum(['auto', 'required', 'none'])) })
/** Whether the model may or must use a tool. */
export interface ToolChoice extends Static<typeof ToolChoice> {}

export const CreateMessageRequestParams = Type.Object({
  _meta: until('2026-07-28', requestMeta),
  messages: changed('messages', Type.Array(named<SamplingMessage>(SamplingMessage))),
  modelPreferences: Type.Optional(named<ModelPreferences>(ModelPreferences)),
  systemPrompt: Type.Optional(Type.String()),
  includeContext: Type.Optional(Type.Enum(['none', 'thisServer', 'allServers'])),
  temperature: Type.Optional(Type.Number()),
  maxTokens: Type.Integer(),
  stopSequences: Type.Optional(Type.Array(Type.String())),
  metadata: Type.Optional(named<JsonObject>(mapOf(Type.Unknown()))),
  tools: since('2025-11-25', Type.Optional(Type.Array(named<Tool>(Tool)))),
  toolChoice: since('2025-11-25', Type.Optional(named<ToolChoice>(ToolChoice))),
  task: taskField,
})
/** Asks the client's model for a message. */
export interface CreateMessageRequestParams extends Static<typeof CreateMessageRequestParams> {}

export const CreateMessageResult = Type.Object({
  _meta: answerMeta,
  role: Role,
  content: named<SamplingContent | SamplingContent[]>(oneOrMany),
  model: Type.String(),
  stopReason: Type.Optional(Type.String()),
})
/** What the model said, and which model it was. */
export interface CreateMessageResult extends Static<typeof CreateMessageResult> {}
