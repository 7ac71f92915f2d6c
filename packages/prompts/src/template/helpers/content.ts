/** {{image}}, {{audio}}, {{resource}} and {{link}}: content blocks between the text. */

import { audio, embed, image, link, type BlockOptions } from '@oarlock/kernel'
import { screen, type ContentBlock } from '@oarlock/protocol'
import { inline, type Builtin, type BuiltinCall } from '../builtin.ts'
import { TemplateFailure } from '../failure.ts'
import type { Asset } from '../options.ts'
import { text } from '../values.ts'

const MIME = /^[a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*(?:;[\x20-\x7e]*)?$/i
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const URI = /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu

/** By extension, for files whose kind nobody told. */
const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    webp: 'image/webp',
    svg: 'image/svg+xml',
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
    ogg: 'audio/ogg',
    m4a: 'audio/mp4',
    flac: 'audio/flac',
    txt: 'text/plain',
    md: 'text/markdown',
    json: 'application/json',
    csv: 'text/csv',
    html: 'text/html',
    pdf: 'application/pdf',
  }),
)

const fail = (message: string): never => {
  throw new TemplateFailure('asset', message)
}

/** The name of a file, which may come from an argument, and so is screened. */
function fileName(given: unknown): string {
  const name = text(given)
  const hazard = name === '' ? 'empty' : /^[a-z][\w+.-]*:/i.test(name) ? 'a URI' : screen(name)
  return hazard === undefined ? name : fail(`A file is named by a path below the folder of files; this name is not one (${hazard})`)
}

/** A file by its name. */
function assetOf(given: unknown, { rendering }: BuiltinCall): Asset & { readonly name: string } {
  const name = fileName(given)
  const { assets } = rendering.settings
  if (assets === undefined) fail('There are no files here: the engine was given no assets')
  const asset = assets?.(name) ?? fail(`There is no file '${name.slice(0, 200)}'`)
  rendering.show(asset.data.length)
  const mimeType = asset.mimeType ?? KINDS.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
  return { ...asset, name, ...(mimeType === undefined ? {} : { mimeType }) }
}

function checkedMime(value: unknown, kind: string): string {
  const mimeType = text(value)
  if (!MIME.test(mimeType)) fail(value === undefined ? 'The MIME type is not known. Give mimeType=' : 'This is no MIME type')
  if (!mimeType.toLowerCase().startsWith(kind)) fail(`This is no ${kind.slice(0, -1)}: its MIME type is ${mimeType}`)
  return mimeType
}

/** Base64 that came as a value. */
function checkedData(value: unknown, { rendering }: BuiltinCall): string {
  const data = text(value).replace(/\s+/g, '')
  rendering.show(Math.ceil((data.length * 3) / 4))
  return data !== '' && data.length % 4 === 0 && BASE64.test(data) ? data : fail('This is no base64')
}

function checkedUri(value: unknown): string {
  const uri = text(value)
  return URI.test(uri) ? uri : fail('This is no absolute URI')
}

/** Hints that any block may carry: `audience="user"`, `priority=0.5`. */
function hints({ named: { audience, priority } }: BuiltinCall): BlockOptions | undefined {
  if (audience === undefined && priority === undefined) return undefined
  const readers = readersOf(audience)
  return {
    annotations: {
      ...(readers.length === 0 ? {} : { audience: readers }),
      ...(priority === undefined ? {} : { priority: priorityOf(priority) }),
    },
  }
}

function readersOf(audience: unknown): ('user' | 'assistant')[] {
  const readers = text(audience)
    .split(/[\s,]+/)
    .filter(Boolean)
  if (!readers.every(reader => reader === 'user' || reader === 'assistant')) fail("audience= is 'user', 'assistant' or both")
  return readers as ('user' | 'assistant')[]
}

function priorityOf(priority: unknown): number {
  return typeof priority === 'number' && priority >= 0 && priority <= 1 ? priority : fail('priority= is a number from 0 to 1')
}

type Media = typeof image

/** `{{image "logo.png"}}`, or `{{image data=… mimeType="image/png"}}` with base64. */
function media(kind: 'image/' | 'audio/', make: Media): Builtin['run'] {
  return ([name], call) => {
    if (name === undefined)
      return put(make(checkedData(call.named['data'], call), checkedMime(call.named['mimeType'], kind), hints(call)), call)
    const { data, mimeType } = assetOf(name, call)
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
    return put(make(bytes, checkedMime(call.named['mimeType'] ?? mimeType, kind), hints(call)), call)
  }
}

/** `{{resource "guide.md"}}`, `{{resource uri="…" text=…}}`, or a block with its text. */
function resource([name]: readonly unknown[], call: BuiltinCall): string {
  const { uri, mimeType } = call.named
  if (name !== undefined && !call.isBlock) {
    const asset = assetOf(name, call)
    const at = asset.uri ?? `asset:///${asset.name.split('/').map(encodeURIComponent).join('/')}`
    return put(
      embed(checkedUri(uri ?? at), asset.data, checkedMime(mimeType ?? asset.mimeType ?? 'application/octet-stream', ''), hints(call)),
      call,
    )
  }
  const said = call.isBlock ? call.rendering.asText(() => call.body()).replace(/^\n|\n$/g, '') : text(call.named['text'])
  return put(embed(checkedUri(uri), said, checkedMime(mimeType ?? 'text/plain', ''), hints(call)), call)
}

/** `{{link "https://…" name="Guide"}}`: the client may read it. */
function linked([uri]: readonly unknown[], call: BuiltinCall): string {
  const { name, title, description, mimeType } = call.named
  const at = checkedUri(uri)
  const about = {
    name: name === undefined ? at : text(name),
    ...(title === undefined ? {} : { title: text(title) }),
    ...(description === undefined ? {} : { description: text(description) }),
    ...(mimeType === undefined ? {} : { mimeType: checkedMime(mimeType, '') }),
  }
  return put(link(at, about, hints(call)), call)
}

function put(block: ContentBlock, { rendering }: BuiltinCall): string {
  return rendering.put({ kind: 'block', block })
}

const HINTS = ['audience', 'priority']
const MEDIA = ['data', 'mimeType', ...HINTS]
const HINT_LOOKS = { audience: readersOf, priority: priorityOf }

const looksOfMedia = (kind: string): Pick<Builtin, 'looks' | 'looksAt'> => ({
  looks: [fileName],
  looksAt: { mimeType: mimeType => checkedMime(mimeType, kind), ...HINT_LOOKS },
})

export const CONTENT: readonly Builtin[] = [
  inline('image', [0, 1], media('image/', image), { puts: 'block', named: MEDIA, ...looksOfMedia('image/') }),
  inline('audio', [0, 1], media('audio/', audio), { puts: 'block', named: MEDIA, ...looksOfMedia('audio/') }),
  {
    ...inline('resource', [0, 1], resource, {
      puts: 'block',
      named: ['uri', 'text', 'mimeType', ...HINTS],
      holds: 'text',
      looks: [fileName],
      looksAt: { ...looksOfMedia('').looksAt, uri: checkedUri },
    }),
    form: 'either',
  },
  inline('link', 1, linked, {
    puts: 'block',
    named: ['name', 'title', 'description', 'mimeType', ...HINTS],
    looks: [checkedUri],
    looksAt: { ...looksOfMedia('').looksAt },
  }),
]
