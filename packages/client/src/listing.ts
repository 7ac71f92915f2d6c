/** A list as a whole: all its pages, and all of them again when it changed while it was read. */

import type { JsonObject } from '@oarlock/protocol'
import { RemoteFault } from './error.ts'
import { type PageRequest, pages } from './paging.ts'
import { listOf } from './value.ts'

/** How a list is read. */
export interface Listing {
  readonly method: string
  /** Where its items stand in a result. */
  readonly key: string
  readonly maxPages: number
  readonly request: PageRequest
  /** Forgets pages that were kept. */
  forget(): void
}

/** All items. A cursor that the server does not take any more makes it begin anew, once (C-CACHE-06). */
export async function wholeList<T>(listing: Listing): Promise<T[]> {
  let following = false
  const request = (params: JsonObject | undefined): Promise<JsonObject> => {
    following = params !== undefined
    return listing.request(params)
  }
  try {
    return await read({ ...listing, request })
  } catch (cause) {
    if (!following || !RemoteFault.is(cause) || cause.fault !== 'INVALID_PARAMS') throw cause
    listing.forget()
    return read(listing)
  }
}

async function read<T>({ method, key, maxPages, request }: Listing): Promise<T[]> {
  const all: T[] = []
  for await (const result of pages(method, request, maxPages)) {
    for (const item of listOf(method, result, key) as readonly T[]) all.push(item)
  }
  return all
}
