/**
 * The few words whose type changed between revisions: one function each says the newer shape in the older one. They never touch their
 * argument, and return it as it is when there is nothing to say differently. What the older revision cannot hold becomes text, so that a
 * reader loses form but not meaning. What is wrong in any revision is nothing to be judged here: it passes, and nothing throws.
 */

import { isObject, type JsonObject } from './json.ts'
import type { ContentBlock, TextContent } from './model/content.ts'
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
  return isObject(first) && second === undefined ? first : { type: 'text', text: blocks.map(asText).join('\n') }
}

/** Messages of one block each: a message of several becomes several messages of the same role. */
export function growingMessages(messages: readonly SamplingMessage[]): readonly SamplingMessage[] {
  if (!Array.isArray(messages) || !messages.some(hasSeveral)) return messages
  return messages.flatMap(message => (hasSeveral(message) ? message.content.map(content => ({ ...message, content })) : [message]))
}

function hasSeveral(message: SamplingMessage): message is SamplingMessage & { readonly content: readonly SamplingContent[] } {
  return isObject(message) && Array.isArray(message['content'])
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

function asText(block: unknown): string {
  if (!isObject(block)) return words(block)
  const { type } = block
  switch (type) {
    case 'text':
      return words(block['text'])
    case 'image':
    case 'audio':
      return `[${type}: ${words(block['mimeType'])}]`
    case 'resource_link':
      return linkText(block)
    case 'resource':
      return contentsText(block['resource'])
    case 'tool_use':
      return `[tool call ${words(block['id'])}: ${words(block['name'])} ${JSON.stringify(block['input'])}]`
    case 'tool_result': {
      const { content } = block
      return `[tool result ${words(block['toolUseId'])}]\n${Array.isArray(content) ? content.map(asText).join('\n') : words(content)}`
    }
    default:
      return `[${words(type)}]`
  }
}

function linkText({ uri, name, title, mimeType, description }: JsonObject): string {
  const kind = mimeType === undefined ? '' : ` (${words(mimeType)})`
  const about = description === undefined ? '' : `: ${words(description)}`
  return `${words(title ?? name)} <${words(uri)}>${kind}${about}`
}

function contentsText(contents: unknown): string {
  if (!isObject(contents)) return words(contents)
  return contents['text'] === undefined ? `[resource: ${words(contents['uri'])}]` : words(contents['text'])
}

/** Text as it is; what stands where text should, as JSON, because not everything that JSON holds can be made text otherwise. */
function words(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
