/** The resources that templates list: those of all templates merged in the order of their URIs, no more of them than a page needs. */

import { Fault, type Clock } from '@oarlock/protocol'
import { hasScopes } from '../authorize.ts'
import type { CallContext } from '../call-context.ts'
import type { ListedResource, ListPage, TemplateComponent } from '../catalog/component.ts'
import { seen } from '../catalog/shelf.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { Asking } from '../error.ts'
import { inTime } from '../in-time.ts'
import { findResource } from './resources.ts'

/** How long a template may take to list when it has no `timeout`. */
const LIST_MS = 10_000

/** What a listing needs of the server. */
export interface ListingHost {
  readonly snapshot: Snapshot
  readonly clock: Clock
  report(cause: unknown, where: string): void
}

/**
 * The first `limit` resources behind `after` that the caller's templates list and that are not registered themselves. Of two with one URI that of the
 * template offered first counts. Each template is asked for as much as the page needs, so that a page costs the same however long the listings are.
 */
export async function listedBehind(page: ListPage, ctx: CallContext, host: ListingHost): Promise<readonly ListedResource[]> {
  const templates = seen(host.snapshot.templates, ctx.call).filter(
    ({ component, rules }) => component.list !== undefined && hasScopes(rules, ctx.principal),
  )
  const listings = await Promise.all(templates.map(({ component }) => listedBy(component, page, ctx, host)))
  const [only, ...others] = listings
  if (others.length === 0) return only?.slice(0, page.limit) ?? []
  // The order among equals stays, so that the first of them is that of the first template.
  return inOrder(listings.flat()).filter(isFirst).slice(0, page.limit)
}

/** One template that fails, or takes too long, does not take the others with it. */
async function listedBy(
  component: TemplateComponent,
  page: ListPage,
  ctx: CallContext,
  { snapshot, clock, report }: ListingHost,
): Promise<readonly ListedResource[]> {
  const ms = component.timeoutMs ?? LIST_MS
  let late = false
  const expired = (): Error => {
    late = true
    return new Error(`it took longer than ${ms} ms, and is left out of the list`)
  }
  const isWanted = (): boolean => !late && !ctx.call.cancellation.cancelled
  try {
    return await inTime(firstOf(component, page, ctx, isListed(ctx, snapshot), isWanted), ms, clock, expired)
  } catch (cause) {
    if (cause instanceof Asking || Fault.is(cause)) throw cause
    report(cause, `list of ${component.origin}`)
    return []
  }
}

/** Whether a template may list what it says: nothing that is registered itself, nor what a more specific template hides from the caller. */
function isListed(ctx: CallContext, snapshot: Snapshot): (item: ListedResource) => boolean {
  const { resources, templates } = snapshot
  return ({ uri }) => !resources.byKey.has(uri) && (!templates.guarded || findResource(uri, ctx.call, snapshot) !== undefined)
}

/** Goes on asking while so many are left out that the page is not full, and somebody still wants it. */
async function firstOf(
  component: TemplateComponent,
  { after: start, limit }: ListPage,
  ctx: CallContext,
  counts: (item: ListedResource) => boolean,
  isWanted: () => boolean,
): Promise<readonly ListedResource[]> {
  const found: ListedResource[] = []
  for (let after = start; ;) {
    const given = (await component.list?.(ctx, { after, limit })) ?? []
    const behind: ListedResource[] = []
    for (const item of given) if (after === undefined || item.uri > after) behind.push(item)
    // Put in order first: a source may give more than was asked for, and of that not all.
    const part = inOrder(behind).slice(0, limit)
    for (const item of part.filter(isFirst)) if (counts(item)) found.push(item)
    if (found.length >= limit || behind.length < limit || !isWanted()) return found
    after = part.at(-1)?.uri
  }
}

/** Sorts by URI, which most sources have done already. */
function inOrder(items: ListedResource[]): readonly ListedResource[] {
  let isSorted = true
  for (let index = 1; isSorted && index < items.length; index += 1) {
    isSorted = (items[index - 1] as ListedResource).uri <= (items[index] as ListedResource).uri
  }
  return isSorted ? items : items.sort(byUri)
}

/** Whether an item of a sorted list is not the one before it again. */
function isFirst({ uri }: ListedResource, index: number, sorted: readonly ListedResource[]): boolean {
  return index === 0 || uri !== (sorted[index - 1] as ListedResource).uri
}

function byUri(a: ListedResource, b: ListedResource): number {
  return a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0
}
