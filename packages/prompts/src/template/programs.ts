/** Syntax trees, which are large: the ones in use, and no more. A tree that is gone is made again from its text. */

import { parse } from './compiler.ts'
import type { Program } from './handlebars.ts'

/** Characters of the texts whose trees are kept while a set is checked, and afterwards: a tree takes some thirty times as much as its text. */
const MOST_CHARS = 262_144
const REST_CHARS = 32_768

/** The trees that were used last, by their texts. */
export class Programs {
  readonly #trees = new Map<string, Program>()
  #chars = 0

  /** @throws what the parser throws for a text that is not Handlebars */
  of(text: string): Program {
    const known = this.#trees.get(text)
    const tree = known ?? parse(text)
    if (known === undefined) this.#chars += text.length
    else this.#trees.delete(text)
    this.#trees.set(text, tree)
    this.#trim(MOST_CHARS)
    return tree
  }

  /** Keeps what changes one by one are likely to need. */
  rest(): void {
    this.#trim(REST_CHARS)
  }

  /** The tree that was used last stays, however large it is. */
  #trim(most: number): void {
    for (const text of this.#trees.keys()) {
      if (this.#chars <= most || this.#trees.size === 1) return
      this.#trees.delete(text)
      this.#chars -= text.length
    }
  }
}
