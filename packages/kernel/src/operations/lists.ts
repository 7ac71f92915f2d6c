/** The four lists: pages of what a caller may see, encoded once per snapshot, revision and view and handed out as ready text. */

import type { Revision } from '@oarlock/protocol'
import type { Call, MaybePromise, Outcome } from '../call.ts'
import type { CallContext } from '../call-context.ts'
import type { ListedResource, TemplateComponent } from '../catalog/component.ts'
import type { Entry } from '../catalog/entry.ts'
import { isVisible, type Shelf, type Snapshot } from '../catalog/snapshot.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'

/** One list method: which shelf it shows and how the member of its result is called. */
interface List {
  readonly shelf: (snapshot: Snapshot) => Shelf<Entry>
  readonly member: string
}

const LISTS: ReadonlyMap<string, List> = new Map<string, List>([
  ['tools/list', { shelf: snapshot => snapshot.tools, member: 'tools' }],
  ['resources/list', { shelf: snapshot => snapshot.resources, member: 'resources' }],
  ['resources/templates/list', { shelf: snapshot => snapshot.templates, member: 'resourceTemplates' }],
  ['prompts/list', { shelf: snapshot => snapshot.prompts, member: 'prompts' }],
])

/** Encoded pages kept per snapshot. Beyond it, views that are rare are encoded each time. */
const MOST_PAGES = 512

/** What lists need of the server. */
export interface ListTools {
  readonly pageSize: number
  /** The result as text in a revision's words. */
  encode(method: string, result: object, revision: Revision): string
}

/** A page as an object, for middleware to see and change. */
export function listPage(call: Call, ctx: CallContext, snapshot: Snapshot, pageSize: number): MaybePromise<object> {
  const { shelf, member } = LISTS.get(call.method) as List
  const { entries, next } = page(call, shelf(snapshot), pageSize)
  const listing = call.method === 'resources/list' ? snapshot.templates.listed.filter(entry => entry.component.list !== undefined) : []
  if (listing.length === 0 || next !== undefined)
    return pageResult(
      member,
      entries.map(entry => entry.listed),
      next,
    )
  return withListed(
    call,
    ctx,
    entries,
    listing.filter(entry => isVisible(entry, call.principal, call.peer)),
    pageSize,
  )
}

/** A page as ready text where that is possible: the view is shared and nothing is listed by templates. */
export function encodedPage(call: Call, snapshot: Snapshot, tools: ListTools): Outcome | undefined {
  const { shelf, member } = LISTS.get(call.method) as List
  if (call.method === 'resources/list' && snapshot.templates.listed.some(entry => entry.component.list !== undefined)) return undefined
  const { cursor } = call.params
  if (cursor !== undefined && typeof cursor !== 'string') decodeCursor(cursor, call.method)
  const shown = shelf(snapshot)
  const key = `${call.method} ${call.peer.revision} ${viewKey(call, shown)} ${cursor === undefined ? '' : `=${String(cursor)}`}`
  let text = snapshot.lists.get(key)
  if (text === undefined) {
    const { entries, next } = page(call, shown, tools.pageSize)
    text = tools.encode(
      call.method,
      pageResult(
        member,
        entries.map(entry => entry.listed),
        next,
      ),
      call.peer.revision,
    )
    if (snapshot.lists.size < MOST_PAGES) snapshot.lists.set(key, text)
  }
  return { kind: 'encoded', text }
}

/** Equal for two callers exactly when they see the same entries. */
function viewKey(call: Call, shelf: Shelf<Entry>): string {
  if (!shelf.guarded) return ''
  let key = ''
  let bits = 0
  let count = 0
  for (const entry of shelf.listed) {
    bits = (bits << 1) | (isVisible(entry, call.principal, call.peer) ? 1 : 0)
    count += 1
    if (count % 16 === 0) [key, bits] = [key + String.fromCharCode(bits), 0]
  }
  return `${key}${String.fromCharCode(bits)}`
}

function page(call: Call, shelf: Shelf<Entry>, size: number): { readonly entries: readonly Entry[]; readonly next: string | undefined } {
  const cursor = decodeCursor(call.params['cursor'], call.method)
  if (cursor !== undefined && cursor.seq === LISTED) return { entries: [], next: undefined }
  const visible = shelf.guarded ? shelf.listed.filter(entry => isVisible(entry, call.principal, call.peer)) : shelf.listed
  const rest = cursor === undefined ? visible : visible.slice(placeAfter(visible, cursor.seq))
  const entries = rest.slice(0, size)
  const last = entries.at(-1)
  const next = rest.length > size && last !== undefined ? encodeCursor({ list: call.method, seq: last.seq, key: last.key }) : undefined
  return { entries, next }
}

/** Index of the first entry registered after `seq`; entries are in that order. */
function placeAfter(entries: readonly Entry[], seq: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as Entry).seq <= seq) low = middle + 1
    else high = middle
  }
  return low
}

/** The place of a cursor inside what templates list, behind all registered resources. */
const LISTED = -1

async function withListed(
  call: Call,
  ctx: CallContext,
  entries: readonly Entry[],
  templates: readonly Entry[],
  size: number,
): Promise<object> {
  const cursor = decodeCursor(call.params['cursor'], call.method)
  const all: ListedResource[] = []
  for (const template of templates)
    all.push(...(await ((template.component as TemplateComponent).list as NonNullable<TemplateComponent['list']>)(ctx)))
  const items = all
    .toSorted((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0))
    .map(({ uri, name, ...rest }) => ({ uri, name, ...rest }))
  const from = cursor?.seq === LISTED ? items.findIndex(item => item.uri > cursor.key) : 0
  const rest = from < 0 ? [] : items.slice(from)
  const shown = rest.slice(0, Math.max(1, size - entries.length))
  const last = shown.at(-1)
  const next =
    rest.length > shown.length && last !== undefined ? encodeCursor({ list: call.method, seq: LISTED, key: last.uri }) : undefined
  return pageResult('resources', [...entries.map(entry => entry.listed), ...shown], next)
}

function pageResult(member: string, items: readonly object[], next: string | undefined): object {
  return { [member]: items, ...(next === undefined ? {} : { nextCursor: next }) }
}

/** Whether a method is one of the lists. */
export function isList(method: string): boolean {
  return LISTS.has(method)
}
