/** Decides whether a test file can run on Node 20, and on what, from its text and that of the test files it imports. */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { ROOT } from '../place.ts'

/** On the built packages, on the sources, or not at all. */
export type Kind = 'doors' | 'sources' | 'none'

/** A file that asks for its own place would look for its neighbours in the wrong folder; the rest is not in Node 20. */
const NOT_THERE = /import\.meta\.|withResolvers|groupBy|fromAsync|registerHooks|node:sqlite|new WebSocket|^\/\/ not on Node 20: /m

const RELATIVE = /(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.{1,2}\/[^']+\.ts)'/g

export function select(path: string, seen = new Set<string>()): Kind {
  seen.add(path)
  const text = readFileSync(join(ROOT, path), 'utf8')
  if (NOT_THERE.test(text)) return 'none'
  let kind: Kind = 'doors'
  for (const [, specifier = ''] of text.matchAll(RELATIVE)) {
    const target = relative(ROOT, resolve(ROOT, dirname(path), specifier))
    if (seen.has(target)) continue
    const found = /(^|\/)src\//.test(target) ? 'sources' : select(target, seen)
    if (found === 'none') return 'none'
    if (found === 'sources') kind = 'sources'
  }
  return kind
}
