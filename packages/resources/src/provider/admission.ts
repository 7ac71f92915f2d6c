/** Who may know of which document: one object per source, which lists, suggestions, reads, subscriptions and the source's own tools ask. */

import type { CompletionValue, Guard, ListedResource, ListPage } from '@oarlock/kernel'
import { excerpt, Fault, isThenable, MAX_URI_LENGTH, type MaybePromise } from '@oarlock/protocol'
import type { Access, Who } from '../access.ts'
import type { Address, Asked } from './address.ts'
import type { Beginning, Suggestions } from './contract.ts'
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

  /**
   * What a URI asks for.
   * @throws Fault RESOURCE_NOT_FOUND for what is unknown and for what is hidden, in the same words; INVALID_PARAMS for parameters that there are not
   */
  admit(address: Address, uri: string, who: Who): Asked {
    const asked = address.read(uri)
    if (asked === undefined || !this.allows(asked.uri, who)) throw notFound(uri)
    address.checkParameters(uri)
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

  /** Suggestions as the kernel wants them. `uriOf` says which URI a value makes, if it makes one. */
  suggest(found: MaybePromise<Suggestions>, uriOf: (value: string) => string | undefined, who: Who): MaybePromise<CompletionValue> {
    const isReadable = (each: string | Beginning): boolean => {
      const uri = typeof each === 'string' ? uriOf(each) : each.of
      return uri !== undefined && this.allows(uri, who)
    }
    const wanted = this.#access === undefined ? undefined : isReadable
    return isThenable(found) ? found.then(settled => completionOf(settled, wanted)) : completionOf(found, wanted)
  }
}

function completionOf(found: Suggestions, isReadable: ((each: string | Beginning) => boolean) | undefined): CompletionValue {
  if (Array.isArray(found)) return texts(found as readonly (string | Beginning)[], isReadable)
  const { values, total, hasMore } = found as Exclude<Suggestions, readonly unknown[]>
  // A total would tell how much is hidden.
  const known = total === undefined || isReadable !== undefined ? {} : { total }
  return { values: texts(values, isReadable), ...known, ...(hasMore === undefined ? {} : { hasMore }) }
}

function texts(values: readonly (string | Beginning)[], isReadable: (each: string | Beginning) => boolean = () => true): readonly string[] {
  return values.filter(isReadable).map(each => (typeof each === 'string' ? each : each.beginning))
}

/** The fault for a URI at which the caller can read nothing. */
export function notFound(uri: string): Fault {
  return new Fault('RESOURCE_NOT_FOUND', `Resource not found: ${excerpt(uri)}`, { data: { uri: excerpt(uri, MAX_URI_LENGTH) } })
}
