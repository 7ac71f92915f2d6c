/** What a database is offered with. */

import type { CompletionValue, Context, Duration, Schema } from '@oarlock/kernel'
import { checkOptions, type OptionNames, type Icon } from '@oarlock/protocol'
import { RESOURCE_PROVIDER_OPTIONS, type ResourceProviderOptions } from '../provider/options.ts'
import type { DatabaseSource } from './port.ts'
import type { Relation } from './schema.ts'

/** A query by name, with parameters. */
export interface NamedQuery {
  /**
   * One SELECT, VALUES or WITH … SELECT. Parameters are `:name`, or `$1` for the first of `params`. They are bound; text never becomes SQL. A parameter
   * that the URI leaves out is NULL.
   */
  readonly sql: string
  /** Schema of the parameters, an object. Values come as text and are coerced to what it wants. */
  readonly params?: Schema
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly Icon[]
  /** The most rows of an answer. 1,000 when absent. */
  readonly rows?: number
  /** 5 seconds when absent. */
  readonly timeout?: Duration
  /** The tables whose change makes the answer another one, for those who follow it. Each change does when absent. */
  readonly tables?: readonly string[]
  /** Suggests values of parameters. */
  readonly complete?: Readonly<Record<string, QueryCompleter>>
}

/** The names of all options. */
const QUERY_OPTIONS: OptionNames<NamedQuery> = {
  sql: true,
  params: true,
  title: true,
  description: true,
  icons: true,
  rows: true,
  timeout: true,
  tables: true,
  complete: true,
}

/** Suggests values of a parameter, given what was typed and the other parameters so far. */
export type QueryCompleter = (
  value: string,
  context: { readonly arguments: Readonly<Record<string, string>>; readonly ctx: Context },
) => CompletionValue | Promise<CompletionValue>

/** Limits of the tool that runs any SELECT. */
export interface SelectOptions {
  /** `<name of the database>_select` when absent. */
  readonly name?: string
  readonly title?: string
  /** Put before the description that the tool has. */
  readonly description?: string
  /** The most rows of an answer. 200 when absent. */
  readonly rows?: number
  /** The most bytes of an answer. 64 KiB when absent: clients cut what is longer. */
  readonly bytes?: number
  /** 5 seconds when absent. */
  readonly timeout?: Duration
}

/** The names of all options. */
const SELECT_OPTIONS: OptionNames<SelectOptions> = {
  name: true,
  title: true,
  description: true,
  rows: true,
  bytes: true,
  timeout: true,
}

/** A table or view, for the choice of what is shown. */
export type RelationName = Pick<Relation, 'id' | 'schema' | 'name' | 'kind'>

/** Options of a database. `access` decides on URIs as for every source; what is below a table's URI is hidden with it, from the tool as well. */
export interface DatabaseOptions extends ResourceProviderOptions {
  readonly source: DatabaseSource
  /** What all URIs begin with. `db://<name>` when absent. */
  readonly uri?: string
  /** The tables and views that are shown, by id or by a test. All that can be read when absent. */
  readonly tables?: readonly string[] | ((relation: RelationName) => boolean)
  readonly queries?: Readonly<Record<string, NamedQuery>>
  /** A tool that runs any one SELECT over what is shown. None when absent. */
  readonly select?: boolean | SelectOptions
  /** Rows of a page when the URI gives no `limit`. 50 when absent; a URI may ask for 1,000. */
  readonly pageRows?: number
  /** How long a page, a value or a count may take. 5 seconds when absent. */
  readonly timeout?: Duration
  /**
   * Functions that statements may call beside those that only look at their arguments, such as your own. Give none that writes: the engine would still
   * refuse it, but each line of defence should hold by itself.
   */
  readonly functions?: readonly string[]
}

/** The names of all options. */
const DATABASE_OPTIONS: OptionNames<DatabaseOptions> = {
  ...RESOURCE_PROVIDER_OPTIONS,
  source: true,
  uri: true,
  tables: true,
  queries: true,
  select: true,
  pageRows: true,
  timeout: true,
  functions: true,
}

/** @throws TypeError for an option that does not exist */
export function checkDatabaseOptions(options: DatabaseOptions): void {
  checkOptions(options, DATABASE_OPTIONS, 'database()')
  if (typeof options.select !== 'boolean') checkOptions(options.select, SELECT_OPTIONS, 'select of database()')
  for (const [name, query] of Object.entries(options.queries ?? {})) checkOptions(query, QUERY_OPTIONS, `the query ${name} of database()`)
}
