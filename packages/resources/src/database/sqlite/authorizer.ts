/** What SQLite itself is told to refuse: it asks about each table, function and pragma of a statement while it prepares it. */

import { NEVER, SAFE_FUNCTIONS } from '../gate/functions.ts'
import { foldAscii } from '../gate/lexer.ts'
import type { Authorize } from './engine.ts'

const PRAGMA = 19
const READ = 20
const SELECT = 21
const FUNCTION = 31
const RECURSIVE = 33

/** Pragmas that tell about the schema, and the one that full-text search asks by itself. None takes a value that changes something. */
const PRAGMAS = new Set(['table_list', 'table_xinfo', 'foreign_key_list', 'index_list', 'index_info', 'data_version', 'schema_version'])

/** For the provider's own statements: reading of anything, and the pragmas of the schema. */
export const ownReads: Authorize = (action, first) =>
  action === READ || action === SELECT || action === RECURSIVE || action === FUNCTION || (action === PRAGMA && PRAGMAS.has(first ?? ''))

/** Functions that stand behind FROM, and so are read like tables. */
const TABLE_FUNCTIONS = new Set(['json_each', 'json_tree', 'jsonb_each', 'jsonb_tree', 'generate_series'])

/** Functions that operators become. */
const INNER = new Set(['like', 'glob', 'match', 'regexp', '->', '->>'])

/** What statements of others may use, in folded names. */
export interface ForeignRights {
  readonly relations: ReadonlySet<string>
  /** Those of the relations that are views: what they use inside is their author's business. */
  readonly views: ReadonlySet<string>
  readonly functions: ReadonlySet<string>
}

/** For statements of others: these relations, and functions that are harmless or were allowed. */
export function foreignReads({ relations, views, functions }: ForeignRights): Authorize {
  return (action, first, second, database, inside) => {
    const inView = inside !== null && views.has(foldAscii(inside))
    switch (action) {
      case SELECT:
      case RECURSIVE:
        return true
      case READ: {
        const name = foldAscii(first ?? '')
        // Tables that exist only within the statement belong to no database.
        // A view can be dissolved into the statement; of a table of it that gives no column SQLite then says no more than that.
        if (second === '' && views.size > 0) return true
        return inView || database === null || relations.has(name) || TABLE_FUNCTIONS.has(name) || functions.has(name)
      }
      case FUNCTION: {
        const name = foldAscii(second ?? '')
        return !NEVER.has(name) && (inView || SAFE_FUNCTIONS.sqlite.has(name) || functions.has(name) || INNER.has(name))
      }
      case PRAGMA:
        return first === 'data_version' && second === null
      default:
        return false
    }
  }
}
