/** Inheritance: the parent's text with the child's blocks in the place of its own. Texts go in, a text comes out. */

import type { Blocks, NamedBlock } from './blocks.ts'
import { Composed, type Chunk } from './composed.ts'
import type { Source } from './source.ts'

/**
 * Composes a child with its parent, which is composed already. The tags of the parent's blocks stay, so that a child of the child can override them.
 * Undefined when the text would have more than `most` characters: `{{super}}` twice, in many generations, doubles each time.
 */
export function compose(child: Source, parent: Composed, blocks: Blocks, most: number): Composed | undefined {
  const overrides = new Map(child.reading.overrides.map(block => [block.name, block]))
  const override: Override = block => overriding(child, overrides.get(block.name), parent, block)
  const chunks = replaced(parent, blocks.outermost, [0, parent.text.length], override)
  return chunks.reduce((length, { text }) => length + text.length, 0) > most ? undefined : new Composed(chunks)
}

type Override = (block: NamedBlock) => readonly Chunk[] | undefined

/** A stretch of the parent's text with its blocks overridden. */
function replaced(parent: Composed, blocks: readonly NamedBlock[], [start, end]: readonly [number, number], override: Override): Chunk[] {
  const chunks: Chunk[] = []
  let at = start
  for (const block of blocks) {
    chunks.push(...parent.slice(at, block.innerStart))
    chunks.push(...(override(block) ?? replaced(parent, block.children, [block.innerStart, block.innerEnd], override)))
    at = block.innerEnd
  }
  chunks.push(...parent.slice(at, end))
  return chunks
}

/** What a child puts into a block: its own text, with the parent's block in the place of each `{{super}}`. */
function overriding(child: Source, own: NamedBlock | undefined, parent: Composed, block: NamedBlock): readonly Chunk[] | undefined {
  if (own === undefined) return undefined
  const chunks: Chunk[] = []
  let at = own.innerStart
  for (const { start, end } of own.supers) {
    chunks.push(...child.whole.slice(at, start), ...parent.slice(block.start, block.end))
    at = end
  }
  chunks.push(...child.whole.slice(at, own.innerEnd))
  return chunks
}
