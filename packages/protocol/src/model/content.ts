/** Blocks of content: what tools and prompts return and what models read (DIGEST 1.4). */

import type { JsonObject } from '../json.ts'
import { changed, mapOf, named, since, type Static, Type } from '../type.ts'
import { icons } from './implementation.ts'
import { Meta } from './meta.ts'

export const Role = Type.Enum(['user', 'assistant'])
/** Who speaks, or whom a block is for. */
export type Role = Static<typeof Role>

export const Annotations = Type.Object({
  audience: Type.Optional(Type.Array(Role)),
  priority: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  lastModified: since('2025-06-18', Type.Optional(Type.String())),
})
/** Hints on a block or resource: for whom, how important from 0 to 1, when it last changed (ISO 8601). */
export interface Annotations extends Static<typeof Annotations> {}

/** `_meta` of things that are not messages. */
export const itemMeta = since('2025-06-18', Type.Optional(named<Meta>(Meta)))

/** The `annotations` field of blocks and resources. */
export const annotations = Type.Optional(named<Annotations>(Annotations))

const blockFields = { annotations, _meta: itemMeta }

export const TextContent = Type.Object({ type: Type.Literal('text'), text: Type.String(), ...blockFields })
/** Plain text. */
export interface TextContent extends Static<typeof TextContent> {}

export const ImageContent = Type.Object({ type: Type.Literal('image'), data: Type.String(), mimeType: Type.String(), ...blockFields })
/** A picture, `data` in base64. */
export interface ImageContent extends Static<typeof ImageContent> {}

export const AudioContent = Type.Object({ type: Type.Literal('audio'), data: Type.String(), mimeType: Type.String(), ...blockFields })
/** Sound, `data` in base64. */
export interface AudioContent extends Static<typeof AudioContent> {}

const contentsFields = { uri: Type.String(), mimeType: Type.Optional(Type.String()), _meta: itemMeta }

export const TextResourceContents = Type.Object({ ...contentsFields, text: Type.String() })
/** What a resource holds, as text. */
export interface TextResourceContents extends Static<typeof TextResourceContents> {}

export const BlobResourceContents = Type.Object({ ...contentsFields, blob: Type.String() })
/** What a resource holds, as base64. */
export interface BlobResourceContents extends Static<typeof BlobResourceContents> {}

export const ResourceContents = Type.Union([
  named<TextResourceContents>(TextResourceContents),
  named<BlobResourceContents>(BlobResourceContents),
])
/** What a resource holds: `text` or `blob`, never both. */
export type ResourceContents = TextResourceContents | BlobResourceContents

export const EmbeddedResource = Type.Object({
  type: Type.Literal('resource'),
  resource: named<ResourceContents>(ResourceContents),
  ...blockFields,
})
/** A resource within a message. */
export interface EmbeddedResource extends Static<typeof EmbeddedResource> {}

/** Fields that a resource and a link to it share. */
export const resourceFields = {
  uri: Type.String(),
  name: Type.String(),
  title: since('2025-06-18', Type.Optional(Type.String())),
  description: Type.Optional(Type.String()),
  mimeType: Type.Optional(Type.String()),
  size: Type.Optional(Type.Integer()),
  icons,
  annotations,
  _meta: itemMeta,
}

export const ResourceLink = Type.Object({ type: Type.Literal('resource_link'), ...resourceFields })
/** A pointer to a resource that the reader may fetch. */
export interface ResourceLink extends Static<typeof ResourceLink> {}

export const ContentBlock = changed(
  'content',
  Type.Union([
    named<TextContent>(TextContent),
    named<ImageContent>(ImageContent),
    since('2025-03-26', named<AudioContent>(AudioContent)),
    since('2025-06-18', named<ResourceLink>(ResourceLink)),
    named<EmbeddedResource>(EmbeddedResource),
  ]),
)
/** One block of a tool's result or a prompt's message, told apart by `type`. */
export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource

export const ToolUseContent = Type.Object({
  type: Type.Literal('tool_use'),
  id: Type.String(),
  name: Type.String(),
  input: named<JsonObject>(mapOf(Type.Unknown())),
  _meta: Type.Optional(named<Meta>(Meta)),
})
/** A model's wish to have a tool called. Only in sampling. */
export interface ToolUseContent extends Static<typeof ToolUseContent> {}

export const ToolResultContent = Type.Object({
  type: Type.Literal('tool_result'),
  toolUseId: Type.String(),
  content: Type.Array(named<ContentBlock>(ContentBlock)),
  structuredContent: changed('structured', Type.Optional(Type.Unknown())),
  isError: Type.Optional(Type.Boolean()),
  _meta: Type.Optional(named<Meta>(Meta)),
})
/** What the called tool answered. Only in sampling. */
export interface ToolResultContent extends Static<typeof ToolResultContent> {}
