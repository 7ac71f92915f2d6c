/** A database as resources: its schema, its tables page by page, queries by name, and on request a tool that runs any SELECT. */

import { duration, type Component, type Context } from '@oarlock/kernel'
import { Fault } from '@oarlock/protocol'
import type { Access } from '../access.ts'
import type {
  CompleteRequest,
  CompletionValue,
  ListedResource,
  ListRequest,
  ReadRequest,
  SourceAnswer,
  SourceTemplate,
} from '../provider/contract.ts'
import { ResourceProvider } from '../provider/provider.ts'
import { Addresses } from './addresses.ts'
import { readCell } from './cell.ts'
import type { DatabaseOptions } from './options.ts'
import { MOST_ROWS, readPage } from './pages.ts'
import { DatabaseFailure, type ChangedTable, type DatabaseSource } from './port.ts'
import { readyQueries, runQuery, statementOf, type ReadyQuery } from './queries.ts'
import type { Relation } from './schema.ts'
import { selectTool } from './select.ts'
import { COUNTED, COUNTED_EACH, countRows, describeRelation, outlineRelation } from './structure.ts'

/** Makes a database ready to be offered. @throws TypeError for options and queries that cannot be */
export function database(options: DatabaseOptions): DatabaseProvider {
  return new DatabaseProvider(options)
}

/** The provider behind `database()`. */
export class DatabaseProvider extends ResourceProvider {
  readonly #source: DatabaseSource
  readonly #addresses: Addresses
  readonly #shown: (relation: Relation) => boolean
  readonly #queries: ReadonlyMap<string, ReadyQuery>
  readonly #templates: readonly SourceTemplate[]
  readonly #extras: readonly Component[]
  readonly #pageRows: number
  readonly #timeoutMs: number
  readonly #watched = new Map<string, () => void>()
  #following: Promise<() => void> | undefined
  #checked = false

  constructor(options: DatabaseOptions) {
    const { name, access, source, tables, queries = {}, select = false, pageRows = 50, timeout = '5s', functions = [] } = options
    const uri = options.uri ?? `db://${name}`
    if (!/^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._~/-]*[A-Za-z0-9_~-]$/.test(uri))
      throw new TypeError(`'${uri}' cannot begin URIs: give the option uri, such as 'db://library'`)
    const addresses = new Addresses(uri)
    super(access === undefined ? options : { ...options, access: withAbove(access, addresses) })
    this.#source = source
    this.#addresses = addresses
    this.#shown = typeof tables === 'function' ? tables : tables === undefined ? () => true : ({ id }) => tables.includes(id)
    this.#pageRows = pageRows
    if (!Number.isSafeInteger(pageRows) || pageRows < 1 || pageRows > MOST_ROWS)
      throw new TypeError(`pageRows must be a whole number from 1 to ${MOST_ROWS}`)
    this.#timeoutMs = duration(timeout)
    const ready = readyQueries(queries, {
      uri,
      dialect: source.dialect,
      functions: new Set(functions),
      schema: source.schema,
      timeoutMs: this.#timeoutMs,
    })
    this.#queries = new Map(ready.map(query => [query.template.uriTemplate, query]))
    this.#templates = [...templatesOf(name, addresses), ...ready.map(({ template }) => template)]
    this.#extras = select === false ? [] : [selectTool(this.#selectHost(functions), select === true ? {} : select)]
  }

  /** Tries the named queries on the database, without reading rows. Returns a line for each that does not work. */
  async check(): Promise<readonly string[]> {
    const problems: string[] = []
    for (const query of this.#queries.values()) {
      const { sql, ...statement } = statementOf(query, {}, 1_024)
      try {
        await this.#source.run({ ...statement, sql: `SELECT * FROM (${sql}) AS q LIMIT 0` })
      } catch (cause) {
        problems.push(`query ${query.name}: ${cause instanceof Error ? cause.message : String(cause)}`)
      }
    }
    return problems
  }

  protected templates(): readonly SourceTemplate[] {
    return this.#templates
  }

  protected override extras(): readonly Component[] {
    return this.#extras
  }

  protected async read(request: ReadRequest): Promise<SourceAnswer> {
    try {
      return await this.#read(request)
    } catch (cause) {
      throw faultOf(cause)
    }
  }

  protected override async list({ ctx }: ListRequest): Promise<readonly ListedResource[]> {
    let relations: readonly Relation[]
    try {
      relations = await this.#relations(ctx.signal)
    } catch (cause) {
      // A database that is away must not take the server's other resources with it.
      this.failed(cause, 'list')
      return []
    }
    return relations.flatMap(relation => {
      const { id, kind, comment } = relation
      const described = comment === undefined ? {} : { description: comment }
      const { uri, rows } = this.#urisOf(id)
      return [
        { uri, name: id, title: `${id} (${kind})`, mimeType: 'application/json', ...described },
        { uri: rows, name: `${id} rows`, mimeType: 'application/json' },
      ]
    })
  }

  protected override async complete({ template, variable, value, arguments: given, ctx }: CompleteRequest): Promise<CompletionValue> {
    const completer = this.#queries.get(template)?.options.complete
    if (completer !== undefined)
      return Object.hasOwn(completer, variable) ? ((await completer[variable]?.(value, { arguments: given, ctx })) ?? []) : []
    if (variable !== 'table' && variable !== 'column') return []
    const relations = await this.#relations(ctx.signal).catch(() => [])
    const names =
      variable === 'table'
        ? relations.map(({ id }) => id)
        : relations.find(({ id }) => id === given['table'])?.columns.map(({ name }) => name)
    return (names ?? []).filter(name => name.startsWith(value))
  }

  protected override async watch(uri: string, updated: () => void): Promise<() => void> {
    this.#watched.set(uri, updated)
    const following = (this.#following ??= this.#source.follow(
      table => this.#tell(table),
      cause => this.failed(cause, 'following changes'),
    ))
    await following
    return () => {
      this.#watched.delete(uri)
      if (this.#watched.size === 0) this.#unfollow()
    }
  }

  protected override async stop(): Promise<void> {
    this.#unfollow()
    await this.#source.close()
  }

  #unfollow(): void {
    void this.#following?.then(end => end())
    this.#following = undefined
  }

  async #read(request: ReadRequest): Promise<SourceAnswer> {
    const { template, variables, values, maxBytes, signal, range, ctx } = request
    const query = this.#queries.get(template)
    if (query !== undefined) return runQuery(this.#source, query, values, { maxBytes, signal })
    if (template === this.#addresses.schema) return { json: await this.#overview(ctx) }
    const wanted = ({ id }: Relation): boolean => id === variables['table']
    const relation = (await this.#relations(signal)).find(wanted) ?? (await this.#relations(signal, true)).find(wanted)
    if (relation === undefined) return undefined
    const limits = { relation, timeoutMs: this.#timeoutMs, signal }
    if (template === this.#addresses.rows.template) {
      const { after, limit } = values as { after?: string; limit?: number }
      const { text, next } = await readPage(this.#source, this.#addresses, {
        ...limits,
        after,
        limit: limit ?? this.#pageRows,
        bytes: maxBytes,
      })
      return next === undefined ? { text } : { text, part: { next } }
    }
    if (template === this.#addresses.cell.template) {
      const { key = '', column = '' } = variables as { key?: string; column?: string }
      return readCell(this.#source, { ...limits, key, column, range, maxBytes })
    }
    const count = await countRows(this.#source, [relation], COUNTED, limits)
    return { json: describeRelation(relation, count.get(relation.id), this.#urisOf(relation.id).rows) }
  }

  async #overview(ctx: Context): Promise<object> {
    const { signal } = ctx
    const relations = await this.#readable(ctx)
    const uncounted = relations.filter(({ kind, estimate }) => kind === 'table' && estimate === undefined)
    const counts = await countRows(this.#source, uncounted, COUNTED_EACH, { timeoutMs: this.#timeoutMs, signal })
    const tables = relations.map(relation => {
      const { estimate, id } = relation
      const rows = counts.get(id) ?? (estimate === undefined ? undefined : ({ count: Math.round(estimate), exact: false } as const))
      return outlineRelation(relation, rows, this.#urisOf(id).uri)
    })
    const queries = [...this.#queries.values()].map(({ name, template, options }) => ({
      query: name,
      uri: template.uriTemplate,
      description: options.description,
    }))
    return { engine: this.#source.dialect, tables, ...(queries.length === 0 ? {} : { queries }) }
  }

  /** The relations that are shown. */
  async #relations(signal?: AbortSignal, missing = false): Promise<readonly Relation[]> {
    const relations = await this.#source.relations(signal, missing)
    if (!this.#checked) {
      this.#checked = true
      // The database answers, for the first time: now it can be seen whether the queries fit it.
      void this.check().then(problems => problems.forEach(problem => this.failed(new Error(problem), 'named queries')))
    }
    return relations.filter(relation => this.#shown(relation))
  }

  async #readable(ctx: Context): Promise<readonly Relation[]> {
    return (await this.#relations(ctx.signal)).filter(({ id }) => this.allows(this.#urisOf(id).rows, ctx))
  }

  #urisOf(table: string) {
    return { uri: this.#addresses.table.uri({ table }), rows: this.#addresses.rows.uri({ table }) }
  }

  #selectHost(functions: readonly string[]) {
    return {
      name: this.name,
      schemaUri: this.#addresses.schema,
      source: this.#source,
      functions,
      readable: (ctx: Context) => this.#readable(ctx),
      failed: (cause: unknown, where: string) => this.failed(cause, where),
    }
  }

  /** Tells those who follow something that a change of the table may have changed. */
  #tell(changed: ChangedTable | undefined): void {
    const ids = changed === undefined ? undefined : [changed.table, `${changed.schema}.${changed.table}`]
    for (const [uri, updated] of this.#watched) if (ids === undefined || this.#concerns(uri, ids)) updated()
  }

  #concerns(uri: string, ids: readonly string[]): boolean {
    const table = this.#addresses.tableOf(uri)
    if (table !== undefined) return ids.includes(table)
    const query = this.#queryAt(uri)
    const { tables } = query?.options ?? {}
    return tables === undefined || tables.some(each => ids.includes(each))
  }

  #queryAt(uri: string): ReadyQuery | undefined {
    const path = uri.split('?', 1)[0]
    return [...this.#queries.values()].find(({ template }) => template.uriTemplate.split('{', 1)[0] === path)
  }
}

/** Hiding a table hides what is below it. */
function withAbove(access: Access, addresses: Addresses): Access {
  return (uri, who) => access(uri, who) && addresses.above(uri).every(each => access(each, who))
}

const LIMIT = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: MOST_ROWS, description: 'Rows of a page' },
    after: { type: 'string', description: 'From an earlier page' },
  },
} as const

function templatesOf(name: string, { schema, table, rows, cell }: Addresses): readonly SourceTemplate[] {
  const unscreened = ['table']
  const mimeType = 'application/json'
  return [
    {
      name: `${name}-schema`,
      uriTemplate: schema,
      title: 'Schema',
      description: 'Tables, views, their columns and row counts',
      mimeType,
      parts: true,
    },
    {
      name: `${name}-table`,
      uriTemplate: table.template,
      title: 'Table',
      description: 'Columns, keys, indexes and row count of a table or view',
      mimeType,
      unscreened,
    },
    {
      name: `${name}-rows`,
      uriTemplate: rows.template,
      title: 'Rows',
      description: 'Rows of a table or view, in pages',
      mimeType,
      parts: false,
      params: LIMIT,
      unscreened,
    },
    {
      name: `${name}-value`,
      uriTemplate: cell.template,
      title: 'Value',
      description: 'One value that is too large for a page of rows',
      unscreened: [...unscreened, 'column'],
    },
  ]
}

/** The log gets the failure, the client what it can act on. */
function faultOf(cause: unknown): unknown {
  if (!(cause instanceof DatabaseFailure)) return cause
  if (cause.kind === 'timeout') return new Fault('INTERNAL_ERROR', 'The database took too long. Ask for less.', { cause })
  if (cause.kind === 'busy') return new Fault('OVERLOADED', 'The database is busy', { cause })
  if (cause.kind === 'size') return new Fault('INTERNAL_ERROR', 'The database brought more than can be held. Ask for less.', { cause })
  if (cause.kind === 'connection') return new Fault('INTERNAL_ERROR', 'The database cannot be reached now', { cause })
  return cause
}
