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

/**
 * For statements of others: these relations, harmless functions, and what views that may be read use inside.
 * @param relations folded names
 */
export function foreignReads(relations: ReadonlySet<string>, functions: ReadonlySet<string>): Authorize {
  return (action, first, second, database, inside) => {
    switch (action) {
      case SELECT:
      case RECURSIVE:
        return true
      case READ: {
        if (inside !== null && relations.has(foldAscii(inside))) return true
        const name = foldAscii(first ?? '')
        // Tables that exist only within the statement belong to no database.
        return relations.has(name) || database === null || SAFE_FUNCTIONS.sqlite.has(name) || functions.has(name)
      }
      case FUNCTION: {
        const name = foldAscii(second ?? '')
        return !NEVER.has(name) && (inside !== null || SAFE_FUNCTIONS.sqlite.has(name) || functions.has(name) || INNER.has(name))
      }
      case PRAGMA:
        return first === 'data_version' && second === null
      default:
        return false
    }
  }
}

/** Functions that operators become. */
const INNER = new Set(['like', 'glob', 'match', 'regexp', '->', '->>', 'json_extract', 'jsonb_extract'])
