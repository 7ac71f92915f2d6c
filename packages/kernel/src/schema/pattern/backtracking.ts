/**
 * How much work a text can cause when it is matched against a regular expression by an engine that backtracks. Two ways through a loop for the
 * same text double the work with every round; two loops that can take the same text one after the other multiply their lengths. (Weber and
 * Seidl, "On the degree of ambiguity of finite automata", 1991: conditions EDA and IDA.)
 */

import { automaton, type Position, TooComplex } from './automaton.ts'
import { common } from './char-set.ts'
import { parsePattern } from './syntax.ts'

/** What a pattern may cost. */
export interface Backtracking {
  /** `unknown`: the pattern is too large to be looked at. */
  readonly kind: 'bounded' | 'exponential' | 'unknown'
  /** About how many steps a text of `length` characters can cause, for `bounded` ones. */
  readonly steps: (length: number) => number
}

const MAX_SEARCH = 1_000_000

/** Looks at a pattern as JSON Schema writes it (flag `u`). Done once, at registration. @throws SyntaxError for an invalid pattern */
export function backtracking(pattern: string): Backtracking {
  const tree = parsePattern(pattern)
  try {
    const search = new Search(automaton(tree))
    if (search.doubles()) return { kind: 'exponential', steps: length => 2 ** length }
    const chains = search.chains()
    return {
      kind: 'bounded',
      steps: length => Math.max(length, ...chains.map(chain => chain.reduce((steps, repeats) => steps * Math.min(repeats, length), 1))),
    }
  } catch (error) {
    if (error instanceof TooComplex || error instanceof RangeError) return { kind: 'unknown', steps: () => Number.POSITIVE_INFINITY }
    throw error
  }
}

class Search {
  readonly #positions: readonly Position[]
  /** The group of positions that reach one another, by position; -1 for positions in no loop. */
  readonly #group: readonly number[]
  readonly #groups: readonly (readonly number[])[]
  readonly #reach: readonly ReadonlySet<number>[]
  #visited = 0

  constructor(positions: readonly Position[]) {
    this.#positions = positions
    this.#reach = positions.map((_, index) => this.#reachable(index))
    const group = positions.map(() => -1)
    const groups: number[][] = []
    for (const index of positions.keys()) {
      if (group[index] !== -1 || !this.#reaches(index, index)) continue
      const members = [...positions.keys()].filter(other => this.#reaches(index, other) && this.#reaches(other, index))
      for (const member of members) group[member] = groups.length
      groups.push(members)
    }
    this.#group = group
    this.#groups = groups
  }

  /** Whether some loop can take the same text in two ways. */
  doubles(): boolean {
    return this.#groups.some(members => this.#forks(members) || this.#meets(members))
  }

  #forks(members: readonly number[]): boolean {
    return members.some(from => [...this.#next(from)].some(([to, ways]) => ways === 2 && members.includes(to)))
  }

  /** Whether two walks can part and meet again inside a loop on the same text. */
  #meets(members: readonly number[]): boolean {
    const forward = new Map<string, readonly [number, number]>()
    const backward = new Map<string, string[]>()
    const waiting: (readonly [number, number])[] = members.map(member => [member, member])
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      const key = pair.join()
      if (forward.has(key)) continue
      forward.set(key, pair)
      for (const next of this.#together(pair, members)) {
        const to = next.join()
        backward.set(to, [...(backward.get(to) ?? []), key])
        if (!forward.has(to)) waiting.push(next)
      }
    }
    const seen = new Set<string>()
    const back = [...forward.keys()].filter(key => isMeeting(forward.get(key)))
    for (let key = back.pop(); key !== undefined; key = back.pop()) {
      for (const from of backward.get(key) ?? []) {
        if (!isMeeting(forward.get(from))) return true
        if (!seen.has(from)) back.push(from)
        seen.add(from)
      }
    }
    return false
  }

  #together([left, right]: readonly [number, number], members: readonly number[]): (readonly [number, number])[] {
    const pairs: (readonly [number, number])[] = []
    for (const a of this.#next(left).keys()) {
      if (!members.includes(a)) continue
      for (const b of this.#next(right).keys()) {
        this.#count()
        if (members.includes(b) && this.#shared(a, b)) pairs.push(a <= b ? [a, b] : [b, a])
      }
    }
    return pairs
  }

  /** Repetitions of loops that can take the same text one after the other: each list is a product of lengths. */
  chains(): readonly (readonly number[])[] {
    const follows = new Map<number, number[]>()
    for (const first of this.#groups.keys()) {
      follows.set(
        first,
        [...this.#groups.keys()].filter(second => first !== second && this.#hands(first, second)),
      )
    }
    const from = (group: number): readonly (readonly number[])[] => {
      const own = Math.max(...(this.#groups[group] ?? []).map(member => this.#positions[member]?.repeats ?? 1))
      return [[own], ...(follows.get(group) ?? []).flatMap(next => from(next).map(chain => [own, ...chain]))]
    }
    return [...this.#groups.keys()].flatMap(from)
  }

  /** Whether text that keeps the first loop going can also lead to the second and keep that going, with a failure still to come. */
  #hands(first: number, second: number): boolean {
    for (const p of this.#groups[first] ?? []) {
      for (const q of this.#groups[second] ?? []) {
        if (this.#reaches(p, q) && !this.#positions[q]?.ends && this.#handsOver(p, q)) return true
      }
    }
    return false
  }

  #handsOver(p: number, q: number): boolean {
    const goal = [p, q, q].join()
    const seen = new Set<string>()
    const waiting: (readonly [number, number, number])[] = [[p, p, q]]
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      for (const next of this.#inStep(state, p, q)) {
        const key = next.join()
        if (key === goal) return true
        if (!seen.has(key)) waiting.push(next)
        seen.add(key)
      }
    }
    return false
  }

  #inStep([a, b, c]: readonly [number, number, number], p: number, q: number): (readonly [number, number, number])[] {
    const steps: (readonly [number, number, number])[] = []
    for (const x of this.#next(a).keys()) {
      if (this.#group[x] !== this.#group[p]) continue
      for (const z of this.#next(c).keys()) {
        if (this.#group[z] !== this.#group[q] || !this.#shared(x, z)) continue
        for (const y of this.#next(b).keys()) {
          this.#count()
          if ((y === q || this.#reaches(y, q)) && this.#shared(x, y, z)) steps.push([x, y, z])
        }
      }
    }
    return steps
  }

  #next(index: number): ReadonlyMap<number, 1 | 2> {
    return this.#positions[index]?.next ?? new Map()
  }

  #shared(first: number, ...others: readonly number[]): boolean {
    const sets = others.map(other => this.#positions[other]?.set ?? [])
    return sets.reduce((shared, set) => common(shared, set), this.#positions[first]?.set ?? []).length > 0
  }

  #reaches(from: number, to: number): boolean {
    return this.#reach[from]?.has(to) === true
  }

  #reachable(from: number): ReadonlySet<number> {
    const seen = new Set<number>()
    const waiting = [from]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const to of this.#next(at).keys()) {
        if (seen.has(to)) continue
        this.#count()
        seen.add(to)
        waiting.push(to)
      }
    }
    return seen
  }

  #count(): void {
    this.#visited += 1
    if (this.#visited > MAX_SEARCH) throw new TooComplex('too much to search')
  }
}

function isMeeting(pair: readonly [number, number] | undefined): boolean {
  return pair !== undefined && pair[0] === pair[1]
}
