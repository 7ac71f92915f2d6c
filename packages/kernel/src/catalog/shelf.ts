/** What the catalog shows of one kind at one moment, immutable: it lives as long as nothing of its kind changes. */

import { compareTemplates, type Ready } from '@oarlock/protocol'
import type { Caller } from '../authorize.ts'
import type { Entry, TemplateEntry } from './entry.ts'
import { choose, type Versions } from './version.ts'

/** The entries of one kind: by key for calls, in order for lists. */
export class Shelf<E extends Entry> {
  /** In order of registration. */
  readonly byKey: ReadonlyMap<string, Versions<E>>
  /** The version of each key that answers those who may see all, in order of registration. */
  readonly listed: readonly E[]
  /** Whether some entry has a rule about who sees it. Without one, every caller gets the same list. */
  readonly guarded: boolean
  /** Whether some entry has arguments that can be completed. */
  readonly completable: boolean
  /** Pages of the list as JSON text, filled as they are asked for. */
  readonly pages = new Map<string, Ready>()
  /** Characters of all of them. */
  pagesSize = 0

  constructor(byKey: ReadonlyMap<string, Versions<E>>, guarded: boolean, completable = false) {
    this.byKey = byKey
    this.listed = Array.from(byKey.values(), versions => versions[0])
    this.guarded = guarded
    this.completable = completable
  }
}

/** The templates, which are found by a URI that they match, and may list resources. */
export class TemplateShelf extends Shelf<TemplateEntry> {
  /** The most specific first. */
  readonly matching: readonly TemplateEntry[]
  /** Whether some template lists resources of its own. */
  readonly listing: boolean

  constructor(byKey: ReadonlyMap<string, Versions<TemplateEntry>>, guarded: boolean, completable: boolean) {
    super(byKey, guarded, completable)
    this.matching = this.listed.toSorted((a, b) => compareTemplates(a.template, b.template))
    this.listing = [...byKey.values()].flat().some(({ component }) => component.list !== undefined)
  }
}

/** What a caller sees of a shelf, in order. */
export function seen<E extends Entry>(shelf: Shelf<E>, caller: Caller): readonly E[] {
  return shelf.guarded ? shelf.listed.flatMap(({ key }) => choose(shelf.byKey.get(key), undefined, caller) ?? []) : shelf.listed
}
