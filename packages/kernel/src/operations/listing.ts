/** The resources that templates list: those of all templates merged in the order of their URIs, no more of them than a page needs. */

import { Fault } from '@oarlock/protocol'
import { hasScopes } from '../authorize.ts'
import type { CallContext } from '../call-context.ts'
import type { ListedResource, ListPage, TemplateComponent } from '../catalog/component.ts'
import { seen, type Snapshot } from '../catalog/snapshot.ts'
import { Asking } from '../error.ts'

/** What a listing needs of the server. */
export interface ListingHost {
  readonly snapshot: Snapshot
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

/** One template that fails does not take the others with it. */
async function listedBy(
  component: TemplateComponent,
  page: ListPage,
  ctx: CallContext,
  { snapshot, report }: ListingHost,
): Promise<readonly ListedResource[]> {
  try {
    return await firstOf(component, page, ctx, item => !snapshot.resources.byKey.has(item.uri))
  } catch (cause) {
    if (cause instanceof Asking || Fault.is(cause)) throw cause
    report(cause, `list of ${component.origin}`)
    return []
  }
}

/** Goes on asking while so many are left out that the page is not full. */
async function firstOf(
  component: TemplateComponent,
  { after: start, limit }: ListPage,
  ctx: CallContext,
  counts: (item: ListedResource) => boolean,
): Promise<readonly ListedResource[]> {
  const found: ListedResource[] = []
  for (let after = start; ;) {
    const given = (await component.list?.(ctx, { after, limit })) ?? []
    const behind: ListedResource[] = []
    for (const item of given) if (after === undefined || item.uri > after) behind.push(item)
    // Put in order first: a source may give more than was asked for, and of that not all.
    const part = inOrder(behind).slice(0, limit)
    for (const item of part.filter(isFirst)) if (counts(item)) found.push(item)
    if (found.length >= limit || behind.length < limit) return found
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
