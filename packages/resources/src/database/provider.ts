/** A database as resources: its schema, its tables page by page, queries by name, and on request a tool that runs any SELECT. */

import type { Component, Context } from '@oarlock/kernel'
import { Fault } from '@oarlock/protocol'
import type { Access } from '../access.ts'
import { interval } from '../interval.ts'
import { whole } from '../whole.ts'
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
import { Following } from './following.ts'
import { checkDatabaseOptions, type DatabaseOptions } from './options.ts'
import { overviewOf, tableDocument, type Visible } from './overview.ts'
import { MOST_ROWS, readPage } from './pages.ts'
import { DatabaseFailure, LACKING, type DatabaseSource } from './port.ts'
import { readyQueries, runQuery, statementOf, type ReadyQuery } from './queries.ts'
import type { Relation } from './schema.ts'
import { selectTool } from './select.ts'
import { templatesOf } from './templates.ts'

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
  readonly #following: Following
  #checked = false
  #lacksDriver = false

  constructor(options: DatabaseOptions) {
    checkDatabaseOptions(options)
    const { name, access, source, tables, queries = {}, select = false, pageRows = 50, timeout = '5s', functions = [] } = options
    const uri = options.uri ?? `db://${name}`
    if (!/^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._~/-]*[A-Za-z0-9_~-]$/.test(uri))
      throw new TypeError(`'${uri}' cannot begin URIs: give the option uri, such as 'db://library'`)
    const addresses = new Addresses(uri)
    super(access === undefined ? options : { ...options, access: withAbove(access, addresses) })
    this.#source = source
    this.#addresses = addresses
    this.#shown = typeof tables === 'function' ? tables : tables === undefined ? () => true : ({ id }) => tables.includes(id)
    this.#pageRows = whole('pageRows', pageRows, 1, MOST_ROWS)
    this.#timeoutMs = interval('timeout', timeout)
    const ready = readyQueries(queries, {
      uri,
      dialect: source.dialect,
      functions: new Set(functions),
      schema: source.schema,
      timeoutMs: this.#timeoutMs,
    })
    this.#queries = new Map(ready.map(query => [query.template.uriTemplate, query]))
    this.#templates = [...templatesOf(name, addresses), ...ready.map(({ template }) => template)]
    this.#following = new Following({
      source,
      addresses,
      tablesOf: each => this.#queryAt(each)?.options.tables,
      failed: (cause, where) => this.#failed(cause, where),
    })
    this.#extras = select === false ? [] : [selectTool(this.#selectHost(functions), select === true ? {} : select)]
  }

  /**
   * Looks whether the driver is there, the database answers, and the named queries fit it, without reading rows. Returns a line for each thing that does
   * not work; where there is no driver or no database, only that.
   */
  override async check(): Promise<readonly string[]> {
    try {
      await this.#source.relations()
    } catch (cause) {
      return [textOf(cause)]
    }
    return this.#checkQueries()
  }

  async #checkQueries(): Promise<readonly string[]> {
    const problems: string[] = []
    for (const query of this.#queries.values()) {
      const { sql, ...statement } = statementOf(query, {}, 1_024)
      try {
        await this.#source.run({ ...statement, sql: `SELECT * FROM (${sql}) AS q LIMIT 0` })
      } catch (cause) {
        problems.push(`query ${query.name}: ${textOf(cause)}`)
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
      if (isLacking(cause)) this.#failed(cause, 'driver')
      throw faultOf(cause)
    }
  }

  protected override async list({ ctx }: ListRequest): Promise<readonly ListedResource[]> {
    let relations: readonly Relation[]
    try {
      relations = await this.#relations(ctx.signal)
    } catch (cause) {
      // A database that is away must not take the server's other resources with it.
      this.#failed(cause, 'list')
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

  protected override watch(uri: string, updated: () => void): Promise<() => void> {
    return this.#following.watch(uri, updated)
  }

  /** Tells of a missing driver when the server starts, rather than when somebody reads. */
  protected override async start(): Promise<void> {
    this.#lacksDriver = false
    await this.#source.ready?.().catch((cause: unknown) => this.#failed(cause, 'driver'))
  }

  protected override async stop(): Promise<void> {
    this.#following.stop()
    await this.#source.close()
  }

  async #read(request: ReadRequest): Promise<SourceAnswer> {
    const { template, variables, values, maxBytes, signal, range, ctx } = request
    const query = this.#queries.get(template)
    if (query !== undefined) return runQuery(this.#source, query, values, { maxBytes, signal })
    if (template === this.#addresses.schema) {
      const queries = [...this.#queries.values()].filter(each => this.allows(pathOf(each.template), ctx))
      return { json: await overviewOf(await this.#visible(ctx), queries) }
    }
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
    return { json: await tableDocument(relation, await this.#visible(ctx)) }
  }

  /** What the caller may read. */
  async #visible(ctx: Context): Promise<Visible> {
    const relations = await this.#readable(ctx)
    return { source: this.#source, relations, timeoutMs: this.#timeoutMs, signal: ctx.signal, urisOf: table => this.#urisOf(table) }
  }

  /** The relations that are shown. */
  async #relations(signal?: AbortSignal, missing = false): Promise<readonly Relation[]> {
    const relations = await this.#source.relations(signal, missing)
    if (!this.#checked) {
      this.#checked = true
      // The database answers, for the first time: now it can be seen whether the queries fit it.
      void this.#checkQueries().then(problems => problems.forEach(problem => this.failed(new Error(problem), 'named queries')))
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
      failed: (cause: unknown, where: string) => this.#failed(cause, where),
    }
  }

  /** What no call can mend is told once: the driver is missing as long as the server runs. */
  #failed(cause: unknown, where: string): void {
    if (isLacking(cause)) {
      if (this.#lacksDriver) return
      this.#lacksDriver = true
    }
    this.failed(cause, where)
  }

  #queryAt(uri: string): ReadyQuery | undefined {
    const path = uri.split('?', 1)[0]
    return [...this.#queries.values()].find(({ template }) => pathOf(template) === path)
  }
}

/** Where a query is, without its parameters. */
const pathOf = ({ uriTemplate }: SourceTemplate): string => uriTemplate.split('{', 1)[0] as string

/** Hiding a table hides what is below it. */
function withAbove(access: Access, addresses: Addresses): Access {
  return (uri, who) => access(uri, who) && addresses.above(uri).every(each => access(each, who))
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const isLacking = (cause: unknown): boolean => DatabaseFailure.is(cause) && cause.kind === 'driver'

/** The log gets the failure, the client what it can act on. */
function faultOf(cause: unknown): unknown {
  if (!DatabaseFailure.is(cause)) return cause
  if (cause.kind === 'timeout') return new Fault('INTERNAL_ERROR', 'The database took too long. Ask for less.', { cause })
  if (cause.kind === 'busy') return new Fault('OVERLOADED', 'The database is busy', { cause })
  if (cause.kind === 'size') return new Fault('INTERNAL_ERROR', 'The database brought more than can be held. Ask for less.', { cause })
  // Told already, and once.
  if (cause.kind === 'driver') return new Fault('INTERNAL_ERROR', LACKING)
  if (cause.kind === 'connection') return new Fault('INTERNAL_ERROR', 'The database cannot be reached now', { cause })
  return cause
}
