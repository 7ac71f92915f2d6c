/** From what a source answers to the contents of a read: type, text or bytes, size, and which part of the whole it is. */

import { Fault, type Annotations, type JsonObject, type ResourceContents } from '@oarlock/protocol'
import { isTextual, typeByContent } from '../mime.ts'
import { checkOffset, LONGEST_CHARACTER, PART_KEY, textOf, wholeCharacters, type Part } from '../parts.ts'
import type { Address } from './address.ts'
import type { Range, SourceContent } from './contract.ts'

/** `_meta` key of a content's annotations, which the protocol has a place for only where resources are listed. */
export const ANNOTATIONS_KEY = 'dev.oarlock/annotations'

/** What is known of a read besides its contents. */
export interface ReadAbout {
  readonly address: Address
  /** As the client wrote it. */
  readonly asked: string
  /** In normal form, without the range. */
  readonly uri: string
  readonly range: Range | undefined
  readonly maxBytes: number
  readonly mimeType: string | undefined
}

/** The contents of a read. @throws Fault for an offset behind the end, and for what is too large and has no parts */
export function contentsOf(given: readonly SourceContent[], about: ReadAbout): readonly ResourceContents[] {
  const only = given.length === 1 ? given[0] : undefined
  if (only !== undefined) return [single(only, about)]
  const contents = given.map(content => whole(content, about))
  const bytes = given.reduce((sum, content) => sum + bytesOf(content).byteLength, 0)
  if (bytes > about.maxBytes) throw tooLarge(about, bytes)
  return contents
}

function single(content: SourceContent, about: ReadAbout): ResourceContents {
  const { address, range, maxBytes } = about
  if (content.part !== undefined) return partGiven(content, about)
  // No character takes more than three bytes for each of its units.
  if (range === undefined && 'text' in content && content.text.length * 3 <= maxBytes) return whole(content, about)
  const bytes = bytesOf(content)
  if (range === undefined && bytes.byteLength <= maxBytes) return whole(content, about)
  if (!address.parts) throw tooLarge(about, bytes.byteLength)
  const { offset, length } = range ?? { offset: 0, length: maxBytes }
  checkOffset(offset, bytes.byteLength)
  const textual = !('bytes' in content) || isTextual(typeOf(content, about))
  return piece(content, bytes.subarray(offset, offset + atLeast(length, textual)), { offset, size: bytes.byteLength }, about)
}

/** A part that the source cut out itself. */
function partGiven(content: SourceContent, about: ReadAbout): ResourceContents {
  const { offset, size, next } = content.part as NonNullable<SourceContent['part']>
  const bytes = bytesOf(content)
  if (bytes.byteLength > about.maxBytes + LONGEST_CHARACTER) throw tooLarge(about, bytes.byteLength)
  if (next === undefined && offset !== undefined && size !== undefined && about.address.parts) {
    if (offset === 0 && bytes.byteLength >= size && about.range === undefined) return whole(content, about)
    return piece(content, bytes, { offset, size }, about)
  }
  const part = present({ offset, length: bytes.byteLength, size, next, version: content.validator }) as Part
  return valued(content, content.uri ?? about.asked, about, part)
}

/** One piece of bytes, cut where characters end when it is text. */
function piece(
  content: SourceContent,
  bytes: Uint8Array,
  at: { readonly offset: number; readonly size: number },
  about: ReadAbout,
): ResourceContents {
  const { address, uri, maxBytes } = about
  const end = at.offset + bytes.byteLength
  const mimeType = typeOf(content, about, at.offset === 0 ? bytes : undefined)
  const cut = wholeCharacters(bytes, at.offset === 0, end >= at.size)
  const text = !('bytes' in content) || isTextual(mimeType) ? textOf(bytes.subarray(cut.start, cut.end)) : undefined
  const offset = text === undefined ? at.offset : at.offset + cut.start
  const length = text === undefined ? bytes.byteLength : cut.end - cut.start
  const behind = offset + length
  const next = behind < at.size ? address.part(uri, { offset: behind, length: about.range?.length ?? maxBytes }) : undefined
  const part = present({ offset, length, size: at.size, next, version: content.validator }) as Part
  const base = { uri: address.part(uri, { offset, length }), mimeType, ...metaOf(content, part) }
  return text === undefined ? { ...base, blob: base64(bytes) } : { ...base, text }
}

function whole(content: SourceContent, about: ReadAbout): ResourceContents {
  return valued(content, content.uri ?? about.asked, about)
}

function valued(content: SourceContent, uri: string, about: ReadAbout, part?: Part): ResourceContents {
  const meta = metaOf(content, part)
  const mimeType = typeOf(content, about)
  const base = { uri, mimeType, ...meta }
  if ('text' in content) return { ...base, text: content.text }
  if ('json' in content) return { ...base, text: jsonText(content.json) }
  const text = isTextual(mimeType) ? textOf(content.bytes) : undefined
  return text === undefined ? { ...base, blob: base64(content.bytes) } : { ...base, text }
}

function typeOf(content: SourceContent, { mimeType }: ReadAbout, head?: Uint8Array): string {
  const given = content.mimeType ?? mimeType
  if (given !== undefined) return given
  if ('json' in content) return 'application/json'
  return 'text' in content ? 'text/plain' : typeByContent(head ?? content.bytes)
}

function metaOf({ meta, annotations, lastModified }: SourceContent, part: Part | undefined): { readonly _meta?: JsonObject } {
  const known = annotated(annotations, lastModified === undefined ? undefined : { lastModified: lastModified.toISOString() })
  const all = present({ ...meta, [ANNOTATIONS_KEY]: known, [PART_KEY]: part })
  return Object.keys(all).length === 0 ? {} : { _meta: all }
}

/** Annotations of several origins, the later ones above the earlier. Undefined when there are none. */
export function annotated(...all: readonly (Annotations | undefined)[]): Annotations | undefined {
  const given = all.filter(each => each !== undefined)
  return given.length < 2 ? given[0] : (Object.assign({}, ...given) as Annotations)
}

/** The members of an object that are there. */
export function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never
}

function bytesOf(content: SourceContent): Uint8Array {
  if ('bytes' in content) return content.bytes
  return Buffer.from('text' in content ? content.text : jsonText(content.json))
}

function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64')
}

/** A part of text has room for a character, or reading would not come on. */
function atLeast(length: number, textual: boolean): number {
  return textual ? Math.max(length, LONGEST_CHARACTER) : length
}

function tooLarge({ asked, maxBytes, address }: ReadAbout, bytes: number): Fault {
  const cure = address.parts ? 'Its source must give it in parts.' : `Its template (${address.template}) has no parts.`
  return new Fault('INTERNAL_ERROR', `${asked} takes ${bytes} bytes, more than the ${maxBytes} that one answer holds. ${cure}`)
}
