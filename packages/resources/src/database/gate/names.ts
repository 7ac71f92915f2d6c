/**
 * What stands behind FROM under which name, with its columns. In PostgreSQL `b.x` calls the function `x` when `b` has no such column, and `b` alone is the
 * whole row, which has casts of its own.
 */

import { Refused } from './lexer.ts'

/** The columns of something, found out when first asked: a WITH may use one that is defined later. */
export type Columns = () => ReadonlySet<string>

/** Columns that are known at once. */
export const columns = (names: Iterable<string>): Columns => {
  const set = new Set(names)
  return () => set
}

/** The columns of all of them. What is asked for while it is being found out has none that anyone could rely on. */
export function together(parts: readonly Columns[]): Columns {
  let found: ReadonlySet<string> | undefined
  return () => {
    if (found === undefined) {
      found = new Set()
      found = new Set(parts.flatMap(part => [...part()]))
    }
    return found
  }
}

/** The names of one statement. */
export class Names {
  readonly #sources = new Map<string, Columns[]>()
  readonly #withs = new Map<string, Columns[]>()
  /** Names of tables and views that have no column of the same name: alone such a name is the row, which is of a type of its own. */
  readonly #rows = new Set<string>()
  readonly #asked: (readonly [source: string, column: string | undefined])[] = []

  /** Something behind FROM. */
  source(name: string, its: Columns, row: boolean): void {
    add(this.#sources, name, its)
    if (row && !its().has(name)) this.#rows.add(name)
  }

  /** A query that WITH names. */
  with(name: string, its: Columns): void {
    add(this.#withs, name, its)
  }

  /** The columns that all of this name have. */
  ofWith(name: string): Columns {
    return () => {
      const [first, ...others] = this.#withs.get(name) ?? []
      return new Set([...(first?.() ?? [])].filter(column => others.every(other => other().has(column))))
    }
  }

  /** A column with the name of its table before it, or a name alone. */
  asked(source: string, column?: string): void {
    this.#asked.push([source, column])
  }

  /**
   * To be called when all of the statement was read. One name can stand for several things in several queries: a column must be one of each, so that
   * nothing depends on which of them the engine means. @throws Refused
   */
  check(): void {
    for (const [source, column] of this.#asked) {
      if (column === undefined) {
        if (this.#rows.has(source))
          throw new Refused(`${source} alone is a whole row: write its columns, ${source}.*, or row_to_json(${source})`)
        continue
      }
      const found = this.#sources.get(source)
      if (found === undefined) throw new Refused(`There is nothing called ${source} behind FROM`)
      if (found.every(its => its().has(column))) continue
      const several = found.length > 1 ? `, or not of each that is called so: use different names` : ''
      throw new Refused(`${source}.${column} is not a column${several}. What a query brings has a name when you give it one with AS`)
    }
  }
}

function add(map: Map<string, Columns[]>, name: string, its: Columns): void {
  const all = map.get(name)
  if (all === undefined) map.set(name, [its])
  else all.push(its)
}
