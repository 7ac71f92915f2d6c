/** Reads a regular expression (ECMA-262, flag `u`, as JSON Schema has it) into a tree. It expects one that `RegExp` accepts. */

import { type CharSet, complement, ofEscape, ofProperty, range, union } from './char-set.ts'

/** A part of a regular expression. */
export type Node =
  | { readonly kind: 'chars'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'start' | 'end' }
  /** Lookahead or lookbehind: matched beside the rest, and never re-entered once it matched. */
  | { readonly kind: 'look'; readonly body: Node }

const EMPTY: Node = { kind: 'sequence', parts: [] }

/** Reads a pattern. @throws SyntaxError where it is not one */
export function parsePattern(pattern: string): Node {
  // The one authority on what is valid; what follows may then be brief.
  void new RegExp(pattern, 'u')
  return new Reader(pattern).choice()
}

class Reader {
  readonly #text: readonly string[]
  readonly #groups: Node[] = []
  readonly #names = new Map<string, number>()
  #at = 0

  constructor(pattern: string) {
    this.#text = [...pattern]
  }

  choice(): Node {
    const branches = [this.#sequence()]
    while (this.#take('|')) branches.push(this.#sequence())
    return branches.length === 1 ? (branches[0] as Node) : { kind: 'choice', branches }
  }

  #sequence(): Node {
    const parts: Node[] = []
    while (this.#at < this.#text.length && !this.#sees('|') && !this.#sees(')')) parts.push(this.#quantified(this.#atom()))
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts }
  }

  #quantified(body: Node): Node {
    const bounds = this.#bounds()
    if (bounds === undefined) return body
    this.#take('?')
    return { kind: 'repeat', body, least: bounds[0], most: bounds[1] }
  }

  #bounds(): readonly [least: number, most: number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    if (!this.#take('{')) return undefined
    const [least = '', most] = this.#until('}').split(',')
    return [Number(least), most === undefined ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)]
  }

  #atom(): Node {
    const char = this.#next()
    if (char === '^') return { kind: 'start' }
    if (char === '$') return { kind: 'end' }
    if (char === '.') return { kind: 'chars', set: complement(union([range(0x0a), range(0x0d), range(0x2028, 0x2029)])) }
    if (char === '(') return this.#group()
    if (char === '[') return { kind: 'chars', set: this.#class() }
    if (char === '\\') return this.#escape()
    return { kind: 'chars', set: range(codeOf(char)) }
  }

  #group(): Node {
    const look = ['?=', '?!', '?<=', '?<!'].find(prefix => this.#takeAll(prefix))
    let index = -1
    if (look === undefined && !this.#plainGroup()) {
      index = this.#groups.push(EMPTY) - 1
      if (this.#takeAll('?<')) this.#names.set(this.#until('>'), index)
    }
    const body = this.choice()
    this.#take(')')
    if (index !== -1) this.#groups[index] = body
    return look === undefined ? body : { kind: 'look', body }
  }

  /** `(?:` and the modifiers `(?i-m:`, whose effect on the letters is left out. */
  #plainGroup(): boolean {
    if (!this.#sees('?') || this.#text[this.#at + 1] === '<') return false
    this.#until(':')
    return true
  }

  #escape(): Node {
    const char = this.#text[this.#at] ?? ''
    if (char === 'b' || char === 'B') {
      this.#at += 1
      return EMPTY
    }
    // A back reference repeats what its group matched: at worst anything the group could match.
    if (char >= '1' && char <= '9') return this.#groups[Number(this.#digits()) - 1] ?? EMPTY
    if (this.#takeAll('k<')) return this.#groups[this.#names.get(this.#until('>')) ?? -1] ?? EMPTY
    return { kind: 'chars', set: this.#escapedSet() }
  }

  #escapedSet(): CharSet {
    const char = this.#next()
    if (char === 'p' || char === 'P') {
      this.#take('{')
      return ofProperty(char, this.#until('}'))
    }
    return ofEscape(char) ?? range(this.#code(char))
  }

  #code(char: string): number {
    if (char === 'x') return Number.parseInt(this.#some(2), 16)
    if (char === 'c') return codeOf(this.#next()) % 32
    if (char !== 'u') return CONTROL.get(char) ?? codeOf(char)
    if (this.#take('{')) return Number.parseInt(this.#until('}'), 16)
    const unit = Number.parseInt(this.#some(4), 16)
    if ((unit & 0xfc00) !== 0xd800 || !this.#takeAll('\\u')) return unit
    return 0x10000 + ((unit & 0x3ff) << 10) + (Number.parseInt(this.#some(4), 16) & 0x3ff)
  }

  #class(): CharSet {
    const negated = this.#take('^')
    const sets: CharSet[] = []
    while (!this.#take(']') && this.#at < this.#text.length) {
      const first = this.#member()
      if (first.length !== 1 || first[0]?.[0] !== first[0]?.[1] || !this.#sees('-') || this.#text[this.#at + 1] === ']') {
        sets.push(first)
        continue
      }
      this.#take('-')
      sets.push(range(first[0]?.[0] ?? 0, this.#member()[0]?.[1] ?? 0))
    }
    return negated ? complement(union(sets)) : union(sets)
  }

  #member(): CharSet {
    const char = this.#next()
    if (char !== '\\') return range(codeOf(char))
    if (this.#take('b')) return range(0x08)
    return this.#take('-') ? range(0x2d) : this.#escapedSet()
  }

  #next(): string {
    const char = this.#text[this.#at] ?? ''
    this.#at += 1
    return char
  }

  #sees(char: string): boolean {
    return this.#text[this.#at] === char
  }

  #take(char: string): boolean {
    const seen = this.#sees(char)
    if (seen) this.#at += 1
    return seen
  }

  #takeAll(text: string): boolean {
    const seen = this.#text.slice(this.#at, this.#at + text.length).join('') === text
    if (seen) this.#at += text.length
    return seen
  }

  #some(length: number): string {
    this.#at += length
    return this.#text.slice(this.#at - length, this.#at).join('')
  }

  #digits(): string {
    let digits = ''
    while (/^\d$/.test(this.#text[this.#at] ?? '')) digits += this.#next()
    return digits
  }

  #until(char: string): string {
    let taken = ''
    while (this.#at < this.#text.length && !this.#take(char)) taken += this.#next()
    return taken
  }
}

const CONTROL: ReadonlyMap<string, number> = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
  ['0', 0x00],
])

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0
}
