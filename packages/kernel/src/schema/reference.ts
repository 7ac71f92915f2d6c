/** Finds what a `$ref` points to inside one document. Nothing is ever fetched (THREATS T16). */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { innerSchemas, segments } from './keyword.ts'

/** The document's own address where it states none. */
const HERE = 'schema:///'

/** Looks up references in one document. */
export interface References {
  /**
   * The schema that `ref`, standing in `holder`, points to: a JSON Pointer (`#/$defs/Node`), an anchor, or an `$id` of the same document.
   * Undefined when the document has no such schema.
   */
  resolve(holder: JsonObject, ref: string): unknown
}

/** The references of a document. The first that is looked up has it indexed, which costs what the document is long; most have none. */
export function references(root: JsonObject): References {
  let index: References | undefined
  return { resolve: (holder, ref) => (index ??= indexed(root)).resolve(holder, ref) }
}

function indexed(root: JsonObject): References {
  const documents = new Map<string, JsonObject>()
  const anchors = new Map<string, JsonObject>()
  const bases = new Map<object, string>()
  const waiting: [JsonObject, string][] = [[root, HERE]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [schema, outer] = next
    if (bases.has(schema)) continue
    const base = baseOf(schema, outer)
    bases.set(schema, base)
    if (base !== outer || schema === root) documents.set(base, schema)
    for (const anchor of anchorsOf(schema)) anchors.set(`${base}#${anchor}`, schema)
    for (const inner of innerSchemas(schema)) if (isObject(inner.schema)) waiting.push([inner.schema, base])
  }
  return { resolve }

  function resolve(holder: JsonObject, ref: string): unknown {
    const absolute = join(ref, bases.get(holder) ?? baseOf(root, HERE))
    if (absolute === undefined) return undefined
    const hash = absolute.indexOf('#')
    const address = hash === -1 ? absolute : absolute.slice(0, hash)
    const fragment = hash === -1 ? '' : decoded(absolute.slice(hash + 1))
    const document = documents.get(address)
    if (document === undefined || fragment === undefined) return undefined
    if (fragment === '') return document
    return fragment.startsWith('/') ? follow(document, fragment) : anchors.get(`${address}#${fragment}`)
  }
}

/** Whether a reference leaves the document: another host, file or URN. */
export function isExternal(ref: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(ref) || ref.startsWith('//')
}

function follow(document: JsonObject, pointer: string): unknown {
  let value: unknown = document
  for (const name of segments(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as JsonObject)[name]
  }
  return value
}

function baseOf(schema: JsonObject, outer: string): string {
  const id = schema['$id']
  if (typeof id !== 'string' || id === '' || id.startsWith('#')) return outer
  return join(id, outer)?.replace(/#$/, '') ?? outer
}

/** `$anchor`, `$dynamicAnchor`, and the older `$id: '#name'`. */
function anchorsOf(schema: JsonObject): readonly string[] {
  const id = schema['$id']
  const old = typeof id === 'string' && id.startsWith('#') && id.length > 1 ? id.slice(1) : undefined
  return [schema['$anchor'], schema['$dynamicAnchor'], old].filter(anchor => typeof anchor === 'string')
}

function join(ref: string, base: string): string | undefined {
  return URL.canParse(ref, base) ? new URL(ref, base).href : undefined
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}
