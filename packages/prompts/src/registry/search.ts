/** Finds prompts by tag, category and words. */

import type { JsonObject, OptionNames } from '@oarlock/protocol'
import type { PromptRecord } from './record.ts'

/** Which prompts. What is absent does not matter. */
export interface PromptFilter {
  /** A tag, or several, all of which a prompt must have. */
  readonly tag?: string | readonly string[]
  /** The category, or one that lies above it: `support` finds `support/refunds`. */
  readonly category?: string
  /** Words, all of which stand in its name, title, description, tags, category or text. */
  readonly text?: string
  /** All versions, instead of the one of each prompt that answers by default. */
  readonly versions?: boolean
}

/** The names of all its members. */
export const FILTER: OptionNames<PromptFilter> = { tag: true, category: true, text: true, versions: true }

/** A prompt at a glance. */
export interface PromptSummary {
  readonly name: string
  readonly version: string | undefined
  readonly title: string | undefined
  readonly description: string | undefined
  readonly category: string | undefined
  readonly tags: readonly string[]
  readonly deprecated: string | boolean
  /** All its versions, the one that answers by default first. */
  readonly versions: readonly string[]
  readonly variants: readonly { readonly name: string; readonly weight: number }[]
  /** JSON Schema of its arguments. */
  readonly args: JsonObject
  /** The file it was read from. */
  readonly file: string | undefined
}

/** A prompt as a summary. */
export function summaryOf(record: PromptRecord, versions: readonly PromptRecord[]): PromptSummary {
  const { definition, args, source, variants } = record
  const { name, version, title, description, category, tags = [], deprecated = false } = definition
  return {
    name,
    version,
    title,
    description,
    category,
    tags,
    deprecated,
    versions: versions.flatMap(each => each.definition.version ?? []),
    variants: definition.variants === undefined ? [] : variants.map(each => ({ name: each.name, weight: each.weight })),
    args,
    file: source?.file,
  }
}

/** Whether a prompt passes a filter. */
export function passes({ definition, variants }: PromptRecord, { tag, category, text }: PromptFilter): boolean {
  const tags = tag === undefined ? [] : typeof tag === 'string' ? [tag] : tag
  if (!tags.every(each => definition.tags?.includes(each))) return false
  if (category !== undefined && definition.category !== category && definition.category?.startsWith(`${category}/`) !== true) return false
  return text === undefined || score({ definition, variants }, wordsOf(text)) > 0
}

/** The words of a search. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

/** What a word is worth by where it stands. */
const NAME_IS = 100
const NAME_BEGINS = 50
const NAME_HAS = 20
const LABEL_HAS = 10
const DESCRIPTION_HAS = 5
const TEXT_HAS = 1

/** How well a prompt answers a search: 0 unless each word stands somewhere. */
export function score({ definition, variants }: Pick<PromptRecord, 'definition' | 'variants'>, words: readonly string[]): number {
  const { name, title = '', description = '', category = '', tags = [] } = definition
  const labels = [title, category, ...tags].join('\n').toLowerCase()
  const [lowName, lowDescription] = [name.toLowerCase(), description.toLowerCase()]
  const worth = (word: string): number => {
    if (lowName === word) return NAME_IS
    if (lowName.startsWith(word)) return NAME_BEGINS
    if (lowName.includes(word)) return NAME_HAS
    if (labels.includes(word)) return LABEL_HAS
    if (lowDescription.includes(word)) return DESCRIPTION_HAS
    return variants.some(({ template }) => template?.toLowerCase().includes(word)) ? TEXT_HAS : 0
  }
  let total = 0
  for (const word of words) {
    const found = worth(word)
    if (found === 0) return 0
    total += found
  }
  return words.length === 0 ? 1 : total
}
