/** One page of a source's listing, without what the caller may not read. */

import type { ListedResource, ListPage } from '@oarlock/kernel'
import type { MaybePromise } from '@oarlock/protocol'

/** Asks the source for the resources behind `after`. */
type Look = (page: ListPage) => MaybePromise<Iterable<ListedResource>>

/** The longest look at a listing of which little is allowed. */
const MOST = 100_000

/**
 * The first `limit` resources behind `after` that are allowed. Looks further, and each time at more, as long as so much is hidden that the page is not
 * full: what the caller gets must not end before the listing does.
 */
export async function allowedBehind(
  { after: start, limit }: ListPage,
  look: Look,
  allowed: (uri: string) => boolean,
): Promise<readonly ListedResource[]> {
  const found: ListedResource[] = []
  for (let after = start, most = limit; ; most = Math.min(most * 2, MOST)) {
    const behind: ListedResource[] = []
    for (const item of await look({ after, limit: most })) if (after === undefined || item.uri > after) behind.push(item)
    const part = behind.sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0)).slice(0, most)
    for (const item of part) if (allowed(item.uri)) found.push(item)
    if (found.length >= limit || behind.length < most) return found
    after = part.at(-1)?.uri
  }
}
