/** What a statement may do, as its author's rights have it. */

import type { Dialect } from './lexer.ts'

/** A relation that may be read. */
export interface ReadableRelation {
  /** Quoted and with its schema, so that it means the same whatever else has its name. */
  readonly sql: string
  readonly columns: readonly string[]
}

/** The rules for one statement. */
export interface GateRules {
  readonly dialect: Dialect
  /** A relation that may be read; undefined for any other. */
  relation(name: string, schema: string | undefined): ReadableRelation | undefined
  /** Whether the server's author wrote the statement: then columns and types are the author's business. */
  readonly trusted?: boolean
  /** Functions beside the safe ones, as the engine folds them: `mine`, `tools.mine`. */
  readonly functions?: ReadonlySet<string>
  /** Where functions are that are given without a schema, in PostgreSQL. `public` when absent. */
  readonly schema?: string
  /** Turns a parameter into what the engine is given. Without it there may be none. `tested`: what follows is IS NULL, which tells no type. */
  parameter?(name: string, tested: boolean): string
}
