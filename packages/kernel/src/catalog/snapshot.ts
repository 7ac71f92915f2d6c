/** The whole catalog at one moment, immutable: requests read it without locks, changes make a new one. */

import { compareTemplates } from '@oarlock/protocol'
import type { Caller } from '../authorize.ts'
import type { Entry, PromptEntry, ResourceEntry, TemplateEntry, ToolEntry } from './entry.ts'
import { byPreference, choose, type Versions } from './version.ts'

/** The entries of one kind: by key for calls, in order for lists. */
export interface Shelf<E extends Entry> {
  readonly byKey: ReadonlyMap<string, Versions<E>>
  /** The version of each key that answers those who may see all, in order of registration. */
  readonly listed: readonly E[]
  /** Whether some entry has a rule about who sees it. Without one, every caller gets the same list. */
  readonly guarded: boolean
}

/** An immutable catalog. */
export class Snapshot {
  readonly tools: Shelf<ToolEntry>
  readonly resources: Shelf<ResourceEntry>
  /** `listed` is in order of registration; `matching` tries the most specific first. */
  readonly templates: Shelf<TemplateEntry>
  readonly matching: readonly TemplateEntry[]
  readonly prompts: Shelf<PromptEntry>
  /** Whether some template lists resources of its own. */
  readonly listing: boolean
  /** Pages of lists as JSON text, filled as they are asked for. They live and die with the snapshot. */
  readonly pages = new Map<string, string>()

  constructor(entries: readonly Entry[]) {
    this.tools = shelve(entries.filter(entry => entry.kind === 'tool'))
    this.resources = shelve(entries.filter(entry => entry.kind === 'resource'))
    this.templates = shelve(entries.filter(entry => entry.kind === 'template'))
    this.listing = entries.some(entry => entry.kind === 'template' && entry.component.list !== undefined)
    this.matching = this.templates.listed.toSorted((a, b) => compareTemplates(a.template, b.template))
    this.prompts = shelve(entries.filter(entry => entry.kind === 'prompt'))
  }
}

function shelve<E extends Entry>(entries: readonly E[]): Shelf<E> {
  const groups = new Map<string, E[]>()
  for (const entry of entries) {
    const group = groups.get(entry.key)
    if (group === undefined) groups.set(entry.key, [entry])
    else group.push(entry)
  }
  for (const group of groups.values()) group.sort(byPreference)
  const byKey = groups as unknown as ReadonlyMap<string, Versions<E>>
  const listed = Array.from(byKey.values(), versions => versions[0]).sort((a, b) => a.seq - b.seq)
  return { byKey, listed, guarded: entries.some(entry => entry.rules.visible !== undefined) }
}

/** What a caller sees of a shelf, in order. */
export function seen<E extends Entry>(shelf: Shelf<E>, caller: Caller): readonly E[] {
  return shelf.guarded ? shelf.listed.flatMap(({ key }) => choose(shelf.byKey.get(key), undefined, caller) ?? []) : shelf.listed
}
