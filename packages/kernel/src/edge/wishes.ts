/** What a client asks to be told in `subscriptions/listen`, and what of it the server has at all (DIGEST 3.10). */

import { Fault, isObject, type JsonObject, type JsonValue, type Peer } from '@oarlock/protocol'
import { hasExtension, missingCapability } from '../capability.ts'
import type { ListKind } from '../catalog/catalog.ts'
import type { Extensions, ListenFilter } from '../extension.ts'
import type { Kernel } from '../kernel.ts'

const FILTERS: readonly (readonly [filter: string, list: ListKind])[] = [
  ['toolsListChanged', 'tools'],
  ['promptsListChanged', 'prompts'],
  ['resourcesListChanged', 'resources'],
]

/** What of the wishes there is. What a caller may see of it is another question. */
export interface Wishes {
  readonly lists: readonly (readonly [filter: string, list: ListKind])[]
  readonly uris: readonly string[]
  readonly extra: readonly Wish[]
}

/** What a client asks of a filter that an extension added. */
export interface Wish {
  readonly name: string
  readonly filter: ListenFilter
  readonly wanted: JsonValue
}

/** Reads the wishes. @throws Fault for what are none, and for a filter of an extension that the client did not declare */
export function wishesIn(asked: unknown, peer: Peer, { capabilities, options: { extensions } }: Kernel): Wishes {
  if (!isObject(asked)) throw new Fault('INVALID_PARAMS', 'subscriptions/listen needs notifications, an object')
  const { tools, prompts, resources } = capabilities
  if (tools === undefined && prompts === undefined && resources === undefined && extensions.filters.size === 0) {
    throw new Fault('METHOD_NOT_FOUND', 'This server has nothing to subscribe to')
  }
  const lists = FILTERS.filter(([name, list]) => wantedFlag(asked, name) && capabilities[list]?.listChanged === true)
  const uris = wantedUris(asked)
  return { lists, uris: resources?.subscribe === true ? uris : [], extra: wantedExtra(asked, peer, extensions) }
}

function wantedFlag(asked: JsonObject, name: string): boolean {
  const value = asked[name]
  if (value !== undefined && typeof value !== 'boolean') throw new Fault('INVALID_PARAMS', `notifications.${name} must be a boolean`)
  return value === true
}

function wantedUris(asked: JsonObject): readonly string[] {
  const uris = asked['resourceSubscriptions'] ?? []
  if (!Array.isArray(uris) || !uris.every(uri => typeof uri === 'string'))
    throw new Fault('INVALID_PARAMS', 'notifications.resourceSubscriptions must be an array of URIs')
  return [...new Set(uris)]
}

function wantedExtra(asked: JsonObject, peer: Peer, { filters }: Extensions): readonly Wish[] {
  return Array.from(filters).flatMap(([name, { id, filter }]) => {
    if (!Object.hasOwn(asked, name)) return []
    if (!hasExtension(peer, id)) throw missingCapability({ extensions: { [id]: {} } }, id)
    return { name, filter, wanted: asked[name] as JsonValue }
  })
}
