/** Content blocks: small makers for handlers, and the step from whatever a handler returned to the result of its method. */

import {
  Fault,
  isObject,
  type Annotations,
  type CallToolResult,
  type ContentBlock,
  type JsonObject,
  type PromptMessage,
  type ResourceContents,
  toBase64,
  VALUE_KEY,
} from '@oarlock/protocol'

/** What any block may carry. */
export interface BlockOptions {
  readonly annotations?: Annotations
  readonly meta?: JsonObject
}

const extras = (options: BlockOptions | undefined): object => ({
  ...(options?.annotations === undefined ? {} : { annotations: options.annotations }),
  ...(options?.meta === undefined ? {} : { _meta: options.meta }),
})

/** A text block. */
export function text(value: string, options?: BlockOptions): ContentBlock {
  return { type: 'text', text: value, ...extras(options) }
}

/** An image block from bytes or base64. */
export function image(data: Uint8Array | string, mimeType: string, options?: BlockOptions): ContentBlock {
  return { type: 'image', data: base64(data), mimeType, ...extras(options) }
}

/** An audio block from bytes or base64. */
export function audio(data: Uint8Array | string, mimeType: string, options?: BlockOptions): ContentBlock {
  return { type: 'audio', data: base64(data), mimeType, ...extras(options) }
}

/** A link to a resource that the client may read. */
export function link(
  uri: string,
  resource: { readonly name: string; readonly title?: string; readonly description?: string; readonly mimeType?: string },
  options?: BlockOptions,
): ContentBlock {
  return { type: 'resource_link', uri, ...resource, ...extras(options) }
}

/** A resource's contents, embedded. */
export function embed(uri: string, value: string | Uint8Array, mimeType?: string, options?: BlockOptions): ContentBlock {
  return { type: 'resource', resource: contentsOf(uri, value, mimeType), ...extras(options) }
}

/** Base64 of bytes; text passes as base64 already. */
export function base64(data: Uint8Array | string): string {
  return typeof data === 'string' ? data : toBase64(data)
}

/** One `contents` item of a read. */
export function contentsOf(uri: string, value: string | Uint8Array, mimeType?: string): ResourceContents {
  const type = mimeType === undefined ? {} : { mimeType }
  return typeof value === 'string' ? { uri, ...type, text: value } : { uri, ...type, blob: base64(value) }
}

/** What makes a value a block of each type. A value of the author's that happens to have such a `type` is data. */
const BLOCKS: ReadonlyMap<unknown, (block: JsonObject) => boolean> = new Map([
  ['text', ({ text: value }: JsonObject) => typeof value === 'string'],
  ['image', isMedia],
  ['audio', isMedia],
  ['resource', ({ resource }: JsonObject) => isContents(resource)],
  ['resource_link', ({ uri, name }: JsonObject) => typeof uri === 'string' && typeof name === 'string'],
])

function isMedia({ data, mimeType }: JsonObject): boolean {
  return typeof data === 'string' && typeof mimeType === 'string'
}

/** Whether a value is a content block. */
export function isBlock(value: unknown): value is ContentBlock {
  return isObject(value) && BLOCKS.get(value['type'])?.(value) === true
}

function isBlocks(value: unknown): value is readonly ContentBlock[] {
  return Array.isArray(value) && value.length > 0 && value.every(isBlock)
}

function isToolResult(value: unknown): value is CallToolResult {
  if (!isObject(value)) return false
  const { content } = value
  return Array.isArray(content) ? content.every(isBlock) : content === undefined && 'structuredContent' in value
}

const JSON_VALUE: JsonObject = Object.freeze({ [VALUE_KEY]: 'json' })

/** The result of a tool without an output schema. */
export function toolResult(value: unknown): CallToolResult {
  if (typeof value === 'string') return { content: [{ type: 'text', text: value }] }
  if (value === undefined) return { content: [] }
  if (isBlock(value)) return { content: [value] }
  if (isBlocks(value)) return { content: [...value] }
  if (isToolResult(value))
    return value.content === undefined ? { ...value, content: [{ type: 'text', text: jsonText(value['structuredContent']) }] } : value
  return { content: [{ type: 'text', text: jsonText(value) }], _meta: JSON_VALUE }
}

/** The result of a tool with an output schema, and the structured value in it that must satisfy the schema. */
export function structuredResult(value: unknown): { readonly result: CallToolResult; readonly structured: unknown } {
  if (isToolResult(value)) {
    const structured: unknown = value.structuredContent
    return { structured, result: value.isError === true ? value : mirrored(structured, value) }
  }
  return { structured: value, result: mirrored(value) }
}

/** Content that the handler gave stays; without any the value is said as text, and that it is its JSON. */
function mirrored(structured: unknown, given?: CallToolResult): CallToolResult {
  if (given?.content !== undefined && given.content.length > 0) return given
  if (typeof structured === 'string') return { ...given, content: [{ type: 'text', text: structured }], structuredContent: structured }
  const content: ContentBlock[] = [{ type: 'text', text: jsonText(structured) }]
  return { ...given, content, structuredContent: structured, _meta: { ...given?._meta, ...JSON_VALUE } }
}

function jsonText(value: unknown): string {
  const encoded = JSON.stringify(value) as string | undefined
  if (encoded === undefined)
    throw new TypeError(`A tool returned ${typeof value}, which JSON cannot carry. Return text, a number, an object or content blocks.`)
  return encoded
}

/** The `contents` of a read. Empty means the resource does not exist (DIGEST S-RES-06). */
export function readContents(uri: string, value: unknown, mimeType: string | undefined): readonly ResourceContents[] {
  if (value === undefined || value === null) throw new Fault('RESOURCE_NOT_FOUND', undefined, { data: { uri } })
  if (typeof value === 'string' || value instanceof Uint8Array) return [contentsOf(uri, value, mimeType)]
  const given =
    isObject(value) && Array.isArray(value['contents']) ? (value['contents'] as unknown[]) : Array.isArray(value) ? value : [value]
  if (given.length === 0) throw new Fault('RESOURCE_NOT_FOUND', undefined, { data: { uri } })
  if (given.every(isContents)) return given
  return [contentsOf(uri, jsonText(value), mimeType ?? 'application/json')]
}

function isContents(value: unknown): value is ResourceContents {
  return isObject(value) && typeof value['uri'] === 'string' && (typeof value['text'] === 'string') !== (typeof value['blob'] === 'string')
}

/** The messages of a prompt. */
export function promptMessages(value: unknown): readonly PromptMessage[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value]
  return given.map(item => {
    if (typeof item === 'string') return { role: 'user', content: { type: 'text', text: item } }
    if (isBlock(item)) return { role: 'user', content: item }
    if (isObject(item) && (item['role'] === 'user' || item['role'] === 'assistant')) {
      const content = item['content']
      if (typeof content === 'string') return { role: item['role'], content: { type: 'text', text: content } }
      if (isBlock(content)) return { role: item['role'], content }
    }
    throw new TypeError('A prompt must return text, a content block, or messages of { role: "user" | "assistant", content }')
  })
}
