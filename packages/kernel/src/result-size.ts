/** Results too large for the model: clients cut them, so the model is told to ask for less instead (FACE, Portability). */

import { isObject } from '@oarlock/protocol'
import type { ToolEntry } from './catalog/entry.ts'

/** Arguments by which tools let their callers page. */
const PAGING =
  /^(?:after|before|count|cursor|end|first|from|last|limit|max_?results|offset|page|page_?size|per_?page|skip|start|take|to|top)$/i

/** How many bytes of UTF-8 a text takes, when they are more than `limit`. */
export function bytesBeyond(text: string, limit: number): number | undefined {
  // No character takes more than three bytes for each of its units.
  if (text.length * 3 <= limit) return undefined
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // A surrogate is half of a character that takes four.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes > limit ? bytes : undefined
}

/** What the model reads instead of the result. */
export function oversized({ component, input }: ToolEntry, bytes: number, limit: number): string {
  const { properties } = input.json
  const paging = Object.keys(isObject(properties) ? properties : {}).filter(name => PAGING.test(name))
  const advice = paging.length === 0 ? 'narrow the arguments' : `page through it with ${paging.join(', ')}`
  return `The result of ${component.name} takes ${bytes} bytes, more than the ${limit} that are sent. Ask for less: ${advice}.`
}
