/** What prompts and fragments refer to by name: by `extends`, by a variant's text, by `{{> name}}`. */

import type { Item } from './record.ts'

/** `{{> name}}` and `{{#> name}}`, wherever they stand: rather one too many than one too few. */
const INCLUDED = /\{\{~?#?>\s*(?:"([^"]+)"|'([^']+)'|\[([^\]]+)\]|([^\s}~]+))/g

/** Names that an item itself refers to. */
export function referencesOf(item: Item): readonly string[] {
  const { definition } = item
  const texts = item.kind === 'prompt' ? item.variants : [{ ...definition, fragment: undefined }]
  const names = texts.flatMap(({ template = '', fragment, extends: parent }) => [
    ...(fragment === undefined ? [] : [fragment]),
    ...(parent === undefined ? [] : [parent]),
    ...Array.from(template.matchAll(INCLUDED), ([, ...found]) => found.find(name => name !== undefined) as string),
  ])
  return [...new Set(names)]
}

/** By which names others refer to an item: a version of a prompt answers to the name alone, too. */
export function namesOf(key: string): readonly string[] {
  const [name = key] = key.split('@', 1)
  return name === key ? [key] : [key, name]
}
