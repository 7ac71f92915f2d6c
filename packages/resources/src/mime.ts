/** Media types, by name and by content. */

import { textOf, wholeCharacters } from './parts.ts'

/** Names whose registered type is not what programmers mean by them, or that have none. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['ts', 'text/typescript'],
  ['mts', 'text/typescript'],
  ['cts', 'text/typescript'],
  ['tsx', 'text/typescript'],
  ['jsx', 'text/javascript'],
  ['rs', 'text/x-rust'],
  ['py', 'text/x-python'],
  ['go', 'text/x-go'],
  ['rb', 'text/x-ruby'],
  ['sh', 'text/x-shellscript'],
  ['log', 'text/plain'],
  ['env', 'text/plain'],
  ['jsonl', 'application/jsonl'],
  ['ndjson', 'application/x-ndjson'],
  ['parquet', 'application/vnd.apache.parquet'],
])

/** The type that goes with a file's name, or undefined. */
export type TypeByName = (name: string) => string | undefined

let loading: Promise<TypeByName> | undefined

/** Types by name. The table is loaded when first asked for. */
export function typesByName(): Promise<TypeByName> {
  loading ??= import('mime').then(({ default: mime }) => name => {
    const dot = name.lastIndexOf('.')
    const extension = dot === -1 ? '' : name.slice(dot + 1).toLowerCase()
    if (extension === '' || extension.includes('/')) return undefined
    return NAMES.get(extension) ?? mime.getType(extension) ?? undefined
  })
  return loading
}

const TEXTUAL =
  /^(?:text\/.*|message\/.*|application\/(?:.*[+-])?(?:json|json5|jsonl|ndjson|xml|yaml|toml|sql|graphql|javascript|ecmascript|typescript|sh|x-sh|x-httpd-php)|image\/svg\+xml)$/

/** Whether what has this type is text. */
export function isTextual(mimeType: string): boolean {
  return TEXTUAL.test((mimeType.split(';')[0] as string).trim().toLowerCase())
}

/** What a file begins with. `offset` is where. */
interface Signature {
  readonly type: string
  readonly bytes: readonly number[]
  readonly offset?: number
}

const ascii = (text: string): readonly number[] => Array.from(text, char => char.charCodeAt(0))

const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', bytes: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', bytes: ascii('GIF8') },
  { type: 'image/webp', bytes: ascii('WEBP'), offset: 8 },
  { type: 'image/avif', bytes: ascii('ftypavif'), offset: 4 },
  { type: 'image/bmp', bytes: ascii('BM') },
  { type: 'image/tiff', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { type: 'image/tiff', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { type: 'image/vnd.microsoft.icon', bytes: [0x00, 0x00, 0x01, 0x00] },
  { type: 'application/pdf', bytes: ascii('%PDF-') },
  { type: 'application/zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { type: 'application/gzip', bytes: [0x1f, 0x8b] },
  { type: 'application/zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { type: 'application/x-xz', bytes: [0xfd, ...ascii('7zXZ'), 0x00] },
  { type: 'application/x-bzip2', bytes: ascii('BZh') },
  { type: 'application/x-7z-compressed', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { type: 'application/x-tar', bytes: ascii('ustar'), offset: 257 },
  { type: 'application/vnd.sqlite3', bytes: [...ascii('SQLite format 3'), 0x00] },
  { type: 'application/wasm', bytes: [0x00, ...ascii('asm')] },
  { type: 'application/x-elf', bytes: [0x7f, ...ascii('ELF')] },
  { type: 'audio/mpeg', bytes: ascii('ID3') },
  { type: 'audio/wav', bytes: ascii('WAVE'), offset: 8 },
  { type: 'audio/flac', bytes: ascii('fLaC') },
  { type: 'application/ogg', bytes: ascii('OggS') },
  { type: 'video/mp4', bytes: ascii('ftyp'), offset: 4 },
  { type: 'video/webm', bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { type: 'font/woff2', bytes: ascii('wOF2') },
]

/** How many bytes of the beginning `typeByContent` looks at. */
export const HEAD_BYTES = 4_096

/** The type of what begins with these bytes: by its signature, `text/plain` when it is text, `application/octet-stream` otherwise. */
export function typeByContent(head: Uint8Array): string {
  const bytes = head.subarray(0, HEAD_BYTES)
  const found = SIGNATURES.find(({ bytes: wanted, offset = 0 }) => wanted.every((byte, index) => bytes[offset + index] === byte))
  // Two letters are a signature of pictures only before something that no text holds.
  if (found !== undefined && (found.type !== 'image/bmp' || !isText(bytes))) return found.type
  return isText(bytes) ? 'text/plain' : 'application/octet-stream'
}

/** Whether bytes, perhaps cut off in the middle of a character, are text: UTF-8 without control characters that no text has. */
export function isText(head: Uint8Array): boolean {
  if (head.some(byte => byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b)) return false
  return textOf(head.subarray(0, wholeCharacters(head, true, false).end)) !== undefined
}
