/** Results of tools, for people. */

import { isObject, type CallToolResult, type ContentBlock, type Tool } from '@oarlock/protocol'
import { typesOf } from './values.ts'

/** The content of a result: text as it is, structured content laid out, and a line for whatever a terminal cannot show. */
export function readable(result: CallToolResult): string {
  const { structuredContent, content } = result
  if (structuredContent === undefined) return content.map(block).join('\n')
  // The text beside structured content mirrors it, for clients that know no better.
  const rest = content.filter(part => part.type !== 'text').map(block)
  return [typeof structuredContent === 'string' ? structuredContent : JSON.stringify(structuredContent, null, 2), ...rest].join('\n')
}

function block(part: ContentBlock): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
    case 'audio':
      return `[${part.type}: ${part.mimeType}, ${size(part.data)}]`
    case 'resource_link':
      return `${part.title ?? part.name} <${part.uri}>`
    case 'resource':
      return 'text' in part.resource
        ? part.resource.text
        : `[${part.resource.uri}: ${part.resource.mimeType ?? 'data'}, ${size(part.resource.blob)}]`
    default:
      return JSON.stringify(part)
  }
}

function size(base64: string): string {
  const bytes = Math.floor((base64.length * 3) / 4)
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`
}

/** One line or two for each tool: how it is called, and what it does. */
export function toolList(tools: readonly Tool[]): string {
  return tools.map(tool => [`${tool.name} ${usage(tool)}`.trimEnd(), ...indented(tool.description ?? tool.title)].join('\n')).join('\n')
}

function usage({ inputSchema }: Tool): string {
  const { properties, required } = inputSchema as { readonly properties?: unknown; readonly required?: readonly string[] }
  if (!isObject(properties)) return ''
  return Object.entries(properties)
    .map(([key, schema]) => {
      const word = `${key}=<${[...typesOf(schema)].join('|') || 'any'}>`
      return required?.includes(key) === true ? word : `[${word}]`
    })
    .join(' ')
}

function indented(text: string | undefined): string[] {
  return text === undefined ? [] : text.split('\n').map(line => `    ${line}`)
}

/** Text from a server for a terminal: without the control characters that could make the terminal do things (T28). */
export function forTerminal(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, character => (character === '\r' ? '' : '\ufffd'))
}
