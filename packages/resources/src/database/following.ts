/** Who follows which document of a database, and whom a change concerns. */

import type { Addresses } from './addresses.ts'
import type { ChangedTable, DatabaseSource } from './port.ts'
import type { Relation } from './schema.ts'

/** What is asked about a change. */
export interface FollowedDatabase {
  readonly source: DatabaseSource
  readonly addresses: Addresses
  /** The tables that a query says it depends on; undefined when it says none, and for what is no query. */
  tablesOf(uri: string): readonly string[] | undefined
  failed(cause: unknown, where: string): void
}

/** The followers of one database. Its source is followed as long as there is one. */
export class Following {
  readonly #database: FollowedDatabase
  readonly #watched = new Map<string, () => void>()
  #source: Promise<() => void> | undefined

  constructor(database: FollowedDatabase) {
    this.#database = database
  }

  /** Follows a document. What it throws is the source's: the next follower tries again. */
  async watch(uri: string, updated: () => void): Promise<() => void> {
    this.#watched.set(uri, updated)
    const source = (this.#source ??= this.#begin())
    try {
      await source
    } catch (cause) {
      if (this.#source === source) this.#source = undefined
      this.#leave(uri, updated)
      throw cause
    }
    return () => this.#leave(uri, updated)
  }

  /** Ends the following of the source. */
  stop(): void {
    // What never began needs no end, and whoever waited for it was told.
    this.#source?.then(
      end => end(),
      () => {},
    )
    this.#source = undefined
  }

  async #begin(): Promise<() => void> {
    const { source, failed } = this.#database
    return source.follow(
      table => void this.#tell(table),
      cause => failed(cause, 'following changes'),
    )
  }

  #leave(uri: string, updated: () => void): void {
    if (this.#watched.get(uri) !== updated) return
    this.#watched.delete(uri)
    if (this.#watched.size === 0) this.stop()
  }

  async #tell(changed: ChangedTable | undefined): Promise<void> {
    // Without the schema anything may be a view of the table.
    const relations = changed === undefined ? [] : await this.#database.source.relations().catch(() => [])
    for (const [uri, updated] of this.#watched) if (changed === undefined || this.#concerns(uri, changed, relations)) updated()
  }

  /** Whether a document may be another one now. What a view is made of only its database knows, so each change may concern it. */
  #concerns(uri: string, changed: ChangedTable, relations: readonly Relation[]): boolean {
    const { addresses, tablesOf } = this.#database
    const ids = relations.filter(relation => isThe(relation, changed)).map(({ id }) => id)
    const table = addresses.tableOf(uri)
    if (table !== undefined) return ids.includes(table) || relations.find(({ id }) => id === table)?.kind !== 'table'
    const names = new Set([...ids, changed.table, `${changed.schema}.${changed.table}`])
    return tablesOf(uri)?.some(each => names.has(each)) ?? true
  }
}

function isThe({ name, schema }: Relation, changed: ChangedTable): boolean {
  return name === changed.table && (changed.schema === undefined || schema === changed.schema)
}
