/** Who may know of which document: one object per source, which lists, suggestions, reads, subscriptions and the source's own tools ask. */

import type { CompletionValue, Guard, ListedResource, ListPage } from '@oarlock/kernel'
import { excerpt, Fault, isThenable, MAX_URI_LENGTH, type MaybePromise } from '@oarlock/protocol'
import type { Access, Who } from '../access.ts'
import type { Address, Asked } from './address.ts'
import { allowedBehind } from './listing.ts'

/** The access rules of a source, at work. What they refuse does not exist for the caller. */
export class Admission {
  readonly #access: Access | undefined
  readonly #failed: (cause: unknown, where: string) => void

  constructor(access: Access | undefined, failed: (cause: unknown, where: string) => void) {
    this.#access = access
    this.#failed = failed
  }

  /** Whether a caller may know of a URI in normal form. */
  allows(uri: string, { principal, peer }: Who): boolean {
    if (this.#access === undefined) return true
    try {
      return this.#access(uri, { principal, peer })
    } catch (cause) {
      this.#failed(cause, `access to ${excerpt(uri)}`)
      return false
    }
  }

  /** Those whose URI the caller may know of, in order. */
  readable<T>(items: Iterable<T>, uriOf: (item: T) => string, who: Who): readonly T[] {
    return this.#access === undefined ? Array.from(items) : Array.from(items).filter(item => this.allows(uriOf(item), who))
  }

  /** What a URI asks for. @throws Fault RESOURCE_NOT_FOUND for what is unknown and for what is hidden, in the same words */
  admit(address: Address, uri: string, who: Who): Asked {
    const asked = address.read(uri)
    if (asked === undefined || !this.allows(asked.uri, who)) throw notFound(uri)
    return asked
  }

  /**
   * The rule on the components of an address, for lists, reading and following.
   * @param under what a caller must be allowed to know of before any of its URIs
   */
  guard(address: Address, under: string | undefined): Guard | undefined {
    if (this.#access === undefined) return undefined
    const first = [...(under === undefined ? [] : [under]), ...(address.variables.length === 0 ? [address.uri({})] : [])]
    return {
      ...(first.length === 0 ? {} : { visible: (principal, peer) => first.every(uri => this.allows(uri, { principal, peer })) }),
      allow: (args, ctx) => {
        const { uri } = args as { readonly uri?: string }
        // Without a URI suggestions are wanted, and those are judged one by one.
        if (uri !== undefined) this.admit(address, uri, ctx)
        return true
      },
    }
  }

  /** A page of a listing. */
  list(page: ListPage, look: (page: ListPage) => MaybePromise<Iterable<ListedResource>>, who: Who): MaybePromise<Iterable<ListedResource>> {
    return this.#access === undefined ? look(page) : allowedBehind(page, look, uri => this.allows(uri, who))
  }

  /** Suggestions. `uriOf` says of which URI a value would be part; of a value without one more has to be typed. */
  suggest(found: MaybePromise<CompletionValue>, uriOf: (value: string) => string | undefined, who: Who): MaybePromise<CompletionValue> {
    if (this.#access === undefined) return found
    const isReadable = (value: string): boolean => {
      const uri = uriOf(value)
      return uri === undefined || this.allows(uri, who)
    }
    return isThenable(found) ? found.then(settled => onlyThose(settled, isReadable)) : onlyThose(found, isReadable)
  }
}

/** A total would tell how much is hidden. */
function onlyThose(found: CompletionValue, isReadable: (value: string) => boolean): CompletionValue {
  if (Array.isArray(found)) return (found as readonly string[]).filter(isReadable)
  const { values, hasMore } = found as Exclude<CompletionValue, readonly string[]>
  return { values: values.filter(isReadable), ...(hasMore === undefined ? {} : { hasMore }) }
}

/** The fault for a URI at which the caller can read nothing. */
export function notFound(uri: string): Fault {
  return new Fault('RESOURCE_NOT_FOUND', `Resource not found: ${excerpt(uri)}`, { data: { uri: excerpt(uri, MAX_URI_LENGTH) } })
}
