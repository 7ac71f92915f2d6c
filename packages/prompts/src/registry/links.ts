/** Which prompts and fragments stand on which others: by `extends`, by a variant's text, by `{{> name}}`. */

import type { Item } from './record.ts'

/** `{{> name}}` and `{{#> name}}`, wherever they stand: rather one too many than one too few. */
const INCLUDED = /\{\{~?#?>\s*(?:"([^"]+)"|'([^']+)'|\[([^\]]+)\]|([^\s}~]+))/g

const known = new WeakMap<Item, readonly string[]>()

/** Names of what an item itself refers to. */
function namesIn(item: Item): readonly string[] {
  const before = known.get(item)
  if (before !== undefined) return before
  const { definition } = item
  const texts = item.kind === 'prompt' ? item.variants : [{ ...definition, fragment: undefined }]
  const names = texts.flatMap(({ template = '', fragment, extends: parent }) => [
    ...(fragment === undefined ? [] : [fragment]),
    ...(parent === undefined ? [] : [parent]),
    ...Array.from(template.matchAll(INCLUDED), ([, ...found]) => found.find(name => name !== undefined) as string),
  ])
  known.set(item, names)
  return names
}

/** Keys of the items that refer to one of these, directly or through others. */
export function standingOn(items: ReadonlyMap<string, Item>, keys: readonly string[]): ReadonlySet<string> {
  const touched = new Set(keys.flatMap(key => [key, key.split('@', 1)[0] as string]))
  const found = new Set<string>()
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const [key, item] of items) {
      if (found.has(key) || !namesIn(item).some(name => touched.has(name))) continue
      found.add(key)
      touched.add(key).add(item.definition.name)
    }
  }
  return found
}
