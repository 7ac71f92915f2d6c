/** Following a list from page to page: cursors are opaque, the empty string is one, and no server can make it go on for ever (C-UTIL-07 to 09). */

import { Fault, type JsonObject } from '@oarlock/protocol'

/** Requests one page. */
export type PageRequest = (params: JsonObject | undefined) => Promise<JsonObject>

/**
 * Yields the pages of a list in order.
 * @throws Fault `INVALID_CURSOR` when the server hands out a cursor twice, or more than `maxPages` pages
 */
export async function* pages(method: string, request: PageRequest, maxPages: number): AsyncGenerator<JsonObject, void, undefined> {
  const seen = new Set<unknown>()
  let params: JsonObject | undefined
  for (let count = 1; ; count++) {
    const page = await request(params)
    yield page
    const cursor = page['nextCursor']
    if (typeof cursor !== 'string') return
    if (seen.has(cursor)) throw new Fault('INVALID_CURSOR', `${method} goes in circles: the server handed out the same cursor twice`)
    if (count >= maxPages) throw new Fault('INVALID_CURSOR', `${method} has more than ${maxPages} pages; raise maxPages to follow them`)
    seen.add(cursor)
    params = { cursor }
  }
}
