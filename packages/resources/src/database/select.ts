/** The tool that runs any one SELECT, over what its caller may read. */

import { defineTool, nearest, ToolError, type Component, type Context } from '@oarlock/kernel'
import { VALUE_KEY } from '@oarlock/protocol'
import { interval } from '../interval.ts'
import { whole } from '../whole.ts'
import { answerText, ENVELOPE } from './document.ts'
import { admit } from './gate/gate.ts'
import { foldAscii, Refused } from './gate/lexer.ts'
import type { SelectOptions } from './options.ts'
import { DatabaseFailure, LACKING, type DatabaseSource, type Statement } from './port.ts'
import type { Relation } from './schema.ts'
import { MOST_WAITING, Slots } from './slots.ts'
import { from } from './structure.ts'

/** What the tool needs of its database. */
export interface SelectHost {
  readonly name: string
  readonly schemaUri: string
  readonly source: DatabaseSource
  readonly functions: readonly string[]
  /** The relations that the caller may read. */
  readable(ctx: Context): Promise<readonly Relation[]>
  failed(cause: unknown, where: string): void
}

const INPUT = {
  type: 'object',
  properties: { sql: { type: 'string', description: 'One SELECT, VALUES or WITH … SELECT', minLength: 1, maxLength: 100_000 } },
  required: ['sql'],
  additionalProperties: false,
} as const

const OUTPUT = {
  type: 'object',
  properties: {
    columns: { type: 'array', items: { type: 'string' } },
    rows: { type: 'array', items: { type: 'object' } },
    count: { type: 'integer' },
    truncated: { enum: ['rows', 'bytes'], description: 'There are more rows than these' },
  },
  required: ['columns', 'rows', 'count'],
} as const

const ENGINE = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

/** The tool. @throws TypeError for limits that are none */
export function selectTool(host: SelectHost, options: SelectOptions): Component {
  const {
    rows = 200,
    bytes = 65_536,
    timeout = '5s',
    title,
    description,
    name = `${host.name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}_select`,
  } = options
  whole('select.rows', rows)
  whole('select.bytes', bytes)
  const timeoutMs = interval('select.timeout', timeout)
  // One connection stays free for documents.
  const slots = new Slots(
    Array.from({ length: Math.max(1, host.source.connections - 1) }, () => undefined),
    MOST_WAITING,
  )
  const about = `Runs one SELECT on the ${ENGINE[host.source.dialect]} database ${host.name} and returns at most ${rows} rows. Nothing can be changed with it. Tables and columns are in the resource ${host.schemaUri}.`
  const run = async ({ sql }: { readonly sql: string }, ctx: Context) => {
    const { signal } = ctx
    const relations = await told(host, () => host.readable(ctx))
    const rights = { ...rightsOf(relations), functions: host.functions }
    const statement: Statement = { sql: admitted(sql, host, relations), values: [], rows, bytes, timeout: timeoutMs, signal, ...rights }
    const found = await told(host, () => slots.with(signal, () => host.source.run(statement)))
    const text = answerText(found, bytes + ENVELOPE)
    if (text === undefined)
      throw new ToolError(
        `The first row is larger than the ${bytes} bytes of an answer: select fewer columns, or parts of them with substr()`,
      )
    // The text is the database's own: numbers in it may be longer than JavaScript's.
    return { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) as object, _meta: { [VALUE_KEY]: 'json' } }
  }
  return defineTool(
    name,
    {
      description: description === undefined ? about : `${description} ${about}`,
      input: INPUT,
      output: OUTPUT,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      ...(title === undefined ? {} : { title }),
    },
    run,
    { origin: `${host.name}: ${name}` },
  )
}

/** What SQLite is told to hold the statement to, once more. */
function rightsOf(relations: readonly Relation[]): Pick<Statement, 'reads' | 'views'> {
  return {
    reads: relations.flatMap(({ name, shadows = [] }) => [name, ...shadows]),
    views: relations.flatMap(({ name, kind }) => (kind === 'view' ? [name] : [])),
  }
}

/** @throws ToolError that tells the model what to change */
function admitted(sql: string, { source, functions }: SelectHost, relations: readonly Relation[]): string {
  const fold = source.dialect === 'sqlite' ? foldAscii : (text: string) => text
  const home = source.schema ?? (source.dialect === 'sqlite' ? 'main' : 'public')
  const known = new Map(relations.map(relation => [JSON.stringify([fold(relation.schema), fold(relation.name)]), relation]))
  try {
    return admit(sql, {
      dialect: source.dialect,
      functions: new Set(functions),
      schema: home,
      relation(name, schema = home) {
        const found = known.get(JSON.stringify([schema, name]))
        if (found !== undefined) return { sql: from(found), columns: found.columns.map(column => column.name) }
        const hint = nearest(
          name,
          relations.map(({ id }) => id),
        )
        throw new Refused(`There is no table or view '${schema}.${name}' to read.${hint}`)
      },
    })
  } catch (cause) {
    if (cause instanceof Refused) throw new ToolError(`${cause.message}.`.replace(/([.?])\.$/, '$1'))
    throw cause
  }
}

/** Failures as the model can use them: what the engine says of a statement, and nothing of the server's own troubles. */
async function told<T>(host: SelectHost, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!DatabaseFailure.is(cause)) throw cause
    if (cause.kind === 'statement') throw new ToolError(`The database refuses this: ${cause.message}`)
    if (cause.kind === 'timeout')
      throw new ToolError('This took too long and was stopped. Ask for less: a condition, fewer tables, a LIMIT.')
    if (cause.kind === 'size') throw new ToolError('This brought more than can be held. Ask for less: fewer columns, or parts of them.')
    if (cause.kind === 'busy') throw new ToolError('The database is busy. Try again later.')
    if (cause.kind === 'cancelled') throw cause
    host.failed(cause, 'select')
    if (cause.kind === 'driver') throw new ToolError(LACKING)
    throw new ToolError('The database cannot be reached now. Try again later.')
  }
}
