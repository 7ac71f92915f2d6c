/** The four lists: pages of what a caller may see, encoded once per shelf, revision and view and handed out as ready text. */

import { Ready, type Clock, type MaybePromise, type Revision } from '@oarlock/protocol'
import type { Call } from '../call.ts'
import type { CallContext } from '../call-context.ts'
import type { Entry, TemplateEntry } from '../catalog/entry.ts'
import { listItem } from '../catalog/listed.ts'
import { seen, type Shelf } from '../catalog/shelf.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { decodeCursor, encodeCursor, type Cursor } from '../cursor.ts'
import { NO_CACHE, type Hint } from '../hint.ts'
import { listedBehind } from './listing.ts'

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

/** Encoded pages kept per shelf, and characters of them. Beyond it, views that are rare are encoded each time. */
const MOST_PAGES = 512
const MOST_TEXT = 8_000_000

/** The place of a cursor inside what templates list, behind all registered resources. */
const LISTED = -1

/** What lists need of the server. */
export interface ListOptions {
  readonly pageSize: number
  readonly clock: Clock
  readonly hints: ReadonlyMap<string, Hint>
  /** The result as text in a revision's words. */
  encode(method: string, result: object, revision: Revision, hint: Hint): string
  report(cause: unknown, where: string): void
}

/** The lists of one server. */
export class Lists {
  readonly #options: ListOptions

  constructor(options: ListOptions) {
    this.#options = options
  }

  /** Whether a method is one of the lists. */
  static has(method: string): boolean {
    return LISTS.has(method)
  }

  /** The caching hint of a list. What guards make different for each caller is never shareable (DIGEST S-CACHE-04). */
  hint(method: string, snapshot: Snapshot): Hint {
    const hint = this.#options.hints.get(method) ?? NO_CACHE
    if (hint.scope === 'private') return hint
    const { resources, templates } = snapshot
    const guarded =
      method === 'resources/list' && templates.listing ? resources.guarded || isGuarded(templates) : listOf(method).shelf(snapshot).guarded
    return guarded ? { ttlMs: hint.ttlMs, scope: 'private' } : hint
  }

  /** A page as ready text; undefined where it is different each time, because templates list resources. */
  ready(call: Call, snapshot: Snapshot): Ready | undefined {
    const { method, revision, params } = call
    if (method === 'resources/list' && snapshot.templates.listing) return undefined
    const { shelf: shelfOf, member } = listOf(method)
    const shelf = shelfOf(snapshot)
    const { entries, key } = view(shelf, call)
    const start = startOf(entries, decodeCursor(params['cursor'], method))
    const { pageSize, encode } = this.#options
    const make = (): Ready => {
      const { page, next } = slice(entries, start, pageSize, method)
      return new Ready(encode(method, pageResult(member, listed(page), next), revision, this.hint(method, snapshot)))
    }
    // Only pages that walking from the start leads to are kept: made-up cursors must not crowd them out.
    if (start % pageSize !== 0) return make()
    const name = `${revision} ${start} ${key}`
    let ready = shelf.pages.get(name)
    if (ready === undefined) {
      ready = make()
      keep(shelf, name, ready)
    }
    return ready
  }

  /** A page as an object, for middleware to see and change. */
  page(call: Call, ctx: CallContext, snapshot: Snapshot): MaybePromise<object> {
    const { method, params } = call
    const { shelf, member } = listOf(method)
    const cursor = decodeCursor(params['cursor'], method)
    const entries = seen(shelf(snapshot), call)
    const { page, next } = slice(entries, startOf(entries, cursor), this.#options.pageSize, method)
    if (method !== 'resources/list' || !snapshot.templates.listing || next !== undefined) return pageResult(member, listed(page), next)
    return this.#withListed(ctx, snapshot, listed(page), cursor)
  }

  /** The last page of registered resources goes on with what templates list. One more than fits is looked for, to tell whether there is more. */
  async #withListed(ctx: CallContext, snapshot: Snapshot, resources: readonly object[], cursor: Cursor | undefined): Promise<object> {
    const { pageSize, clock, report } = this.#options
    const room = pageSize - resources.length
    const after = cursor?.seq === LISTED && cursor.key !== '' ? cursor.key : undefined
    const found = await listedBehind({ after, limit: room + 1 }, ctx, { snapshot, clock, report })
    const shown = found.slice(0, room)
    const key = shown.at(-1)?.uri ?? ''
    const next = found.length > room ? encodeCursor({ list: 'resources/list', seq: LISTED, key }) : undefined
    return pageResult('resources', [...resources, ...shown.map(listItem)], next)
  }
}

function keep(shelf: Shelf<Entry>, name: string, ready: Ready): void {
  const size = shelf.pagesSize + ready.text.length
  if (shelf.pages.size >= MOST_PAGES || size > MOST_TEXT) return
  shelf.pages.set(name, ready)
  shelf.pagesSize = size
}

function listOf(method: string): List {
  return LISTS.get(method) as List
}

function isGuarded({ byKey }: Shelf<TemplateEntry>): boolean {
  return [...byKey.values()].flat().some(({ component }) => component.guards.length > 0)
}

/** What a caller sees, and a key that is equal for two callers exactly when they see the same. */
function view(shelf: Shelf<Entry>, call: Call): { readonly entries: readonly Entry[]; readonly key: string } {
  const entries = seen(shelf, call)
  if (!shelf.guarded) return { entries, key: '' }
  let key = ''
  let next = 0
  for (const { key: name } of shelf.listed) {
    const shown = entries[next]?.key === name ? entries[next++] : undefined
    key += String.fromCharCode(shown === undefined ? 0 : 1 + (shelf.byKey.get(name) as readonly Entry[]).indexOf(shown))
  }
  return { entries, key }
}

/** Index of the first entry behind a cursor's; entries are in order of registration. */
function startOf(entries: readonly Entry[], cursor: Cursor | undefined): number {
  if (cursor === undefined) return 0
  if (cursor.seq === LISTED) return entries.length
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as Entry).seq <= cursor.seq) low = middle + 1
    else high = middle
  }
  return low
}

function slice(entries: readonly Entry[], start: number, size: number, method: string) {
  const page = entries.slice(start, start + size)
  const last = page.at(-1)
  const next =
    start + size < entries.length && last !== undefined ? encodeCursor({ list: method, seq: last.seq, key: last.key }) : undefined
  return { page, next }
}

const listed = (entries: readonly Entry[]): readonly object[] => entries.map(entry => entry.listed)

function pageResult(member: string, items: readonly object[], next: string | undefined): object {
  return { [member]: items, ...(next === undefined ? {} : { nextCursor: next }) }
}
