/** Tools as a server lists them (DIGEST 3.4, 3.13). */

import { changed, named, since, span, type Static, Type } from '../type.ts'
import { itemMeta } from './content.ts'
import { icons } from './implementation.ts'
import { pageFields } from './result.ts'

export const ToolAnnotations = Type.Object({
  title: Type.Optional(Type.String()),
  readOnlyHint: Type.Optional(Type.Boolean()),
  destructiveHint: Type.Optional(Type.Boolean()),
  idempotentHint: Type.Optional(Type.Boolean()),
  openWorldHint: Type.Optional(Type.Boolean()),
})
/** What a tool does to the world, as hints. Absent means: not read-only, destructive, not idempotent, open to the world. */
export interface ToolAnnotations extends Static<typeof ToolAnnotations> {}

export const ToolExecution = Type.Object({
  taskSupport: Type.Optional(Type.Enum(['forbidden', 'optional', 'required'])),
})
/** Whether a tool may or must be called as a task; only 2025-11-25 knows it. */
export interface ToolExecution extends Static<typeof ToolExecution> {}

export const InputSchema = Type.Object({ $schema: Type.Optional(Type.String()), type: Type.Literal('object') })
/** JSON Schema of a tool's arguments. The root is an object; every keyword of draft 2020-12 is kept (S-TOOL-27). */
export interface InputSchema extends Static<typeof InputSchema> {
  readonly [keyword: string]: unknown
}

export const OutputSchema = Type.Object({ $schema: Type.Optional(Type.String()) })
/** JSON Schema of a tool's structured result. Before 2026-07-28 only an object root can be told to the peer. */
export interface OutputSchema extends Static<typeof OutputSchema> {
  readonly [keyword: string]: unknown
}

export const Tool = Type.Object({
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
  description: Type.Optional(Type.String()),
  icons,
  inputSchema: changed('schema', named<InputSchema>(InputSchema)),
  outputSchema: changed('schema', since('2025-06-18', Type.Optional(named<OutputSchema>(OutputSchema)))),
  annotations: since('2025-03-26', Type.Optional(named<ToolAnnotations>(ToolAnnotations))),
  execution: span({ since: '2025-11-25', until: '2026-07-28' }, Type.Optional(named<ToolExecution>(ToolExecution))),
  _meta: itemMeta,
})
/** A tool: its name, what it is for, and the schemas of what goes in and comes out. */
export interface Tool extends Static<typeof Tool> {}

export const ListToolsResult = Type.Object({ ...pageFields, tools: Type.Array(named<Tool>(Tool)) })
/** One page of tools. */
export interface ListToolsResult extends Static<typeof ListToolsResult> {}
