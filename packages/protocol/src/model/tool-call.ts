/** The call of a tool and what came of it (DIGEST 3.4, S-TOOL). */

import type { JsonObject } from '../json.ts'
import { changed, mapOf, named, since, type Static, Type } from '../type.ts'
import { askFields } from './ask.ts'
import { ContentBlock } from './content.ts'
import { requestMeta } from './request.ts'
import { resultFields } from './result.ts'
import { taskField } from './task.ts'

export const CallToolRequestParams = Type.Object({
  _meta: requestMeta,
  name: Type.String(),
  arguments: Type.Optional(named<JsonObject>(mapOf(Type.Unknown()))),
  ...askFields,
  task: taskField,
})
/** The call of a tool. */
export interface CallToolRequestParams extends Static<typeof CallToolRequestParams> {}

export const CallToolResult = Type.Object({
  ...resultFields,
  content: Type.Array(named<ContentBlock>(ContentBlock)),
  structuredContent: changed('structured', since('2025-06-18', Type.Optional(Type.Unknown()))),
  isError: Type.Optional(Type.Boolean()),
})
/**
 * What a tool answered: blocks for the model, and the same as data where the tool has an output schema. `isError` marks a failure that
 * the model should read; faults of the protocol are not results.
 */
export interface CallToolResult extends Static<typeof CallToolResult> {}
