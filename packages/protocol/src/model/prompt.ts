/** Prompts: templates of messages that a person chooses (DIGEST 3.4). */

import { mapOf, named, since, type Static, Type } from '../type.ts'
import { askFields } from './ask.ts'
import { ContentBlock, itemMeta, Role } from './content.ts'
import { icons } from './implementation.ts'
import { requestMeta } from './request.ts'
import { pageFields, resultFields } from './result.ts'

export const PromptArgument = Type.Object({
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
  description: Type.Optional(Type.String()),
  required: Type.Optional(Type.Boolean()),
})
/** A blank in a prompt. Values are always strings. */
export interface PromptArgument extends Static<typeof PromptArgument> {}

export const Prompt = Type.Object({
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
  description: Type.Optional(Type.String()),
  icons,
  arguments: Type.Optional(Type.Array(named<PromptArgument>(PromptArgument))),
  _meta: itemMeta,
})
/** A prompt as a server lists it. */
export interface Prompt extends Static<typeof Prompt> {}

export const ListPromptsResult = Type.Object({ ...pageFields, prompts: Type.Array(named<Prompt>(Prompt)) })
/** One page of prompts. */
export interface ListPromptsResult extends Static<typeof ListPromptsResult> {}

export const GetPromptRequestParams = Type.Object({
  _meta: requestMeta,
  name: Type.String(),
  arguments: Type.Optional(mapOf(Type.String())),
  ...askFields,
})
/** Fills in a prompt. */
export interface GetPromptRequestParams extends Static<typeof GetPromptRequestParams> {}

export const PromptMessage = Type.Object({ role: Role, content: named<ContentBlock>(ContentBlock) })
/** One message of a prompt: one speaker, one block. */
export interface PromptMessage extends Static<typeof PromptMessage> {}

export const GetPromptResult = Type.Object({
  ...resultFields,
  description: Type.Optional(Type.String()),
  messages: Type.Array(named<PromptMessage>(PromptMessage)),
})
/** A filled-in prompt. */
export interface GetPromptResult extends Static<typeof GetPromptResult> {}
