/**
 * A regular expression as an automaton whose states are its character positions. An edge says how often it can be taken: two ways from one
 * position to the next mean that a backtracking engine tries both.
 */

import { ANY, type CharSet, range, union } from './char-set.ts'
import type { Node } from './syntax.ts'

/** One place in the expression that consumes a character. */
export interface Position {
  readonly set: CharSet
  /** How often loops let it repeat. */
  readonly repeats: number
  /** Positions that can come next, and whether there is more than one way there. */
  readonly next: Map<number, 1 | 2>
  /** Whether the expression can end here, whatever follows in the text. */
  ends: boolean
}

/** Where the text begins and ends, as characters that no text has. */
const BEGIN: CharSet = range(-1)
const END: CharSet = range(0x110000)

/** Positions in a repeat that are still written out; more become a loop. */
const WRITTEN_OUT = 32
/** Bounds on the work of one expression. */
const MAX_POSITIONS = 1_000
const MAX_WALK = 200_000

/** The expression is too large to be looked at. */
export class TooComplex extends Error {}

/** Builds the automaton of a search for `root`. @throws TooComplex */
export function automaton(root: Node): readonly Position[] {
  const builder = new Builder()
  const start = builder.state()
  const end = builder.state()
  builder.consume(start, start, union([ANY, BEGIN]), Number.POSITIVE_INFINITY)
  builder.build(root, start, end, 1)
  builder.final.add(end)
  return builder.positions()
}

interface Edge {
  readonly to: number
  /** Begins or completes an iteration of that loop. An iteration that consumed nothing is not counted: the engine drops it. */
  readonly enters?: number
  readonly leaves?: number
}

class Builder {
  readonly final = new Set<number>()
  readonly #edges: Edge[][] = []
  readonly #consuming: { readonly from: number; readonly to: number; readonly set: CharSet; readonly repeats: number }[] = []
  #loops = 0
  #walked = 0

  state(): number {
    return this.#edges.push([]) - 1
  }

  consume(from: number, to: number, set: CharSet, repeats: number): void {
    if (this.#consuming.push({ from, to, set, repeats }) > MAX_POSITIONS) throw new TooComplex('too many positions')
  }

  build(node: Node, from: number, to: number, repeats: number): void {
    switch (node.kind) {
      case 'chars':
        this.consume(from, to, node.set, repeats)
        return
      case 'start':
        this.consume(from, to, BEGIN, repeats)
        return
      case 'end':
        this.consume(from, to, END, repeats)
        return
      case 'choice':
        for (const branch of node.branches) this.build(branch, from, to, repeats)
        return
      case 'sequence':
        this.#sequence(node.parts, from, to, repeats)
        return
      case 'look': {
        const end = this.state()
        this.final.add(end)
        this.build(node.body, this.#step(from), end, repeats)
        this.#edge(from, { to })
        return
      }
      case 'repeat':
        this.#repeat(node, from, to, repeats)
    }
  }

  #sequence(parts: readonly Node[], from: number, to: number, repeats: number): void {
    let at = from
    for (const part of parts) {
      const next = this.state()
      this.build(part, at, next, repeats)
      at = next
    }
    this.#edge(at, { to })
  }

  #repeat({ body, least, most }: Extract<Node, { kind: 'repeat' }>, from: number, to: number, repeats: number): void {
    if (most * sizeOf(body) > WRITTEN_OUT && most > 1) {
      this.#loop(body, from, to, repeats * most, least > 0 && !nullable(body))
      return
    }
    let at = from
    for (let copy = 0; copy < most; copy += 1) {
      // Optional copies nest, so that there is one way to leave after each.
      if (copy >= least) this.#edge(at, { to })
      const next = this.state()
      this.build(body, at, next, repeats)
      at = next
    }
    this.#edge(at, { to })
  }

  #loop(body: Node, from: number, to: number, repeats: number, once: boolean): void {
    const loop = this.#loops++
    const head = this.state()
    const first = this.state()
    const last = this.state()
    this.#edge(from, { to: once ? first : head })
    this.#edge(head, { to: first })
    const inside = this.state()
    this.#edge(first, { to: inside, enters: loop })
    this.build(body, inside, last, repeats)
    this.#edge(last, { to: head, leaves: loop })
    this.#edge(head, { to })
  }

  #step(from: number): number {
    const next = this.state()
    this.#edge(from, { to: next })
    return next
  }

  #edge(from: number, edge: Edge): void {
    this.#edges[from]?.push(edge)
  }

  /** Drops the states between characters, counting the ways through them. */
  positions(): readonly Position[] {
    const leaving = new Map<number, number[]>()
    for (const [index, { from }] of this.#consuming.entries()) leaving.set(from, [...(leaving.get(from) ?? []), index])
    return this.#consuming.map(({ to, set, repeats }) => {
      const position: Position = { set, repeats, next: new Map(), ends: false }
      this.#walk(to, [], leaving, position)
      return position
    })
  }

  #walk(state: number, entered: readonly number[], leaving: ReadonlyMap<number, readonly number[]>, position: Position): void {
    this.#walked += 1
    if (this.#walked > MAX_WALK) throw new TooComplex('too many ways')
    for (const index of leaving.get(state) ?? []) position.next.set(index, position.next.has(index) ? 2 : 1)
    if (this.final.has(state)) position.ends = true
    for (const { to, enters, leaves } of this.#edges[state] ?? []) {
      if (leaves !== undefined && entered.includes(leaves)) continue
      this.#walk(to, enters === undefined ? entered : [...entered, enters], leaving, position)
    }
  }
}

function sizeOf(node: Node): number {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + sizeOf(part), 0)
    case 'choice':
      return node.branches.reduce((sum, branch) => sum + sizeOf(branch), 0)
    case 'repeat':
      return sizeOf(node.body) * (Number.isFinite(node.most) ? Math.min(node.most, WRITTEN_OUT) : 1)
    case 'look':
      return sizeOf(node.body)
    default:
      return 1
  }
}

function nullable(node: Node): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.parts.every(nullable)
    case 'choice':
      return node.branches.some(nullable)
    case 'repeat':
      return node.least === 0 || nullable(node.body)
    default:
      return node.kind !== 'chars'
  }
}
