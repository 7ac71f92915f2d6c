/**
 * The few words whose type changed between revisions: one function each says the newer shape in the older one. They never touch their
 * argument, and return it as it is when there is nothing to say differently. What the older revision cannot hold becomes text, so that a
 * reader loses form but not meaning.
 */

import { isObject, type JsonObject } from './json.ts'
import type { ContentBlock, ResourceLink, TextContent } from './model/content.ts'
import type { SamplingContent, SamplingMessage } from './model/sampling.ts'

type Block = ContentBlock | SamplingContent

/**
 * A block that the older revision lacks, as one it has: audio becomes an embedded resource with the same bytes where those are known,
 * everything else a text that says what it was. `knows` tells the types the older revision has in this place.
 */
export function growingContent(block: Block, knows: (type: string) => boolean): Block {
  if (block.type === 'audio' && knows('resource')) {
    const { type: _, data, mimeType, ...rest } = block
    return { ...rest, type: 'resource', resource: { uri: 'embedded:audio', mimeType, blob: data } }
  }
  const text: TextContent = { type: 'text', text: asText(block) }
  return 'annotations' in block && block.annotations !== undefined ? { ...text, annotations: block.annotations } : text
}

/** Several blocks as the one block that fits: the block itself if it is alone, else the text of all of them. */
export function joinedContent(blocks: readonly Block[]): Block {
  const [first, second] = blocks
  return first !== undefined && second === undefined ? first : { type: 'text', text: blocks.map(asText).join('\n') }
}

/** Messages of one block each: a message of several becomes several messages of the same role. */
export function growingMessages(messages: readonly SamplingMessage[]): readonly SamplingMessage[] {
  if (!messages.some(({ content }) => Array.isArray(content))) return messages
  return messages.flatMap(message =>
    Array.isArray(message.content) ? message.content.map(content => ({ ...message, content })) : [message],
  )
}

/**
 * A tool's schema for revisions that want an object at the root and objects under `properties`: boolean sub-schemas there become objects
 * that mean the same. A schema with another root cannot be said: `undefined`.
 */
export function looserSchema(schema: JsonObject): JsonObject | undefined {
  if (schema['type'] !== 'object') return undefined
  const properties = schema['properties']
  if (!isObject(properties) || !Object.values(properties).some(each => typeof each === 'boolean')) return schema
  const objects = Object.entries(properties).map(
    ([name, each]) => [name, each === true ? {} : each === false ? { not: {} } : each] as const,
  )
  return { ...schema, properties: Object.fromEntries(objects) }
}

/** Structured content for revisions that allow only an object. Anything else is left out: its text is in `content` (S-TOOL-14). */
export function anyStructured(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

/**
 * The elicitation capability for the revision that knows forms only. A client that shows pages but no forms has no elicitation there;
 * the words `form` and `url` are dropped by their spans.
 */
export function formCapability(elicitation: JsonObject): JsonObject | undefined {
  return elicitation['url'] !== undefined && elicitation['form'] === undefined ? undefined : elicitation
}

function asText(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'image':
    case 'audio':
      return `[${block.type}: ${block.mimeType}]`
    case 'resource_link':
      return linkText(block)
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[resource: ${block.resource.uri}]`
    case 'tool_use':
      return `[tool call ${block.id}: ${block.name} ${JSON.stringify(block.input)}]`
    case 'tool_result':
      return `[tool result ${block.toolUseId}]\n${block.content.map(asText).join('\n')}`
  }
}

function linkText({ uri, name, title, mimeType, description }: ResourceLink): string {
  const kind = mimeType === undefined ? '' : ` (${mimeType})`
  const about = description === undefined ? '' : `: ${description}`
  return `${title ?? name} <${uri}>${kind}${about}`
}
