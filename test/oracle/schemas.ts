/** The official schemas of the five revisions, as the specification publishes them, less their prose (see `schemas/README.md`). */
import { readFileSync } from 'node:fs'
import type { Revision } from '@oarlock/protocol'

/** JSON Schema, as far as the official files use it. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
}

/** One revision's file. */
export interface OfficialSchema {
  /** Draft 2020-12, or draft-07 for the first three. */
  readonly draft: '2020-12' | 'draft-07'
  /** Where definitions stand: what a reference begins with. */
  readonly prefix: '#/$defs/' | '#/definitions/'
  readonly definitions: Readonly<Record<string, JsonSchema>>
  /** The file itself. */
  readonly file: object
}

const READ = new Map<Revision, OfficialSchema>()

/** The official schema of a revision. */
export function officialSchema(revision: Revision): OfficialSchema {
  let schema = READ.get(revision)
  if (schema === undefined) {
    const file = JSON.parse(readFileSync(new URL(`./schemas/${revision}.json`, import.meta.url), 'utf8')) as {
      $schema: string
      $defs?: Record<string, JsonSchema>
      definitions?: Record<string, JsonSchema>
    }
    schema = {
      draft: file.$schema.includes('2020-12') ? '2020-12' : 'draft-07',
      prefix: file.$defs === undefined ? '#/definitions/' : '#/$defs/',
      definitions: file.$defs ?? file.definitions ?? {},
      file,
    }
    READ.set(revision, schema)
  }
  return schema
}

/** The names of the definitions of the messages that a revision knows under a method, by method. */
export function officialMessages(revision: Revision): ReadonlyMap<string, string> {
  const named = Object.entries(officialSchema(revision).definitions).flatMap(([name, definition]) => {
    const method = definition.properties?.['method']?.const
    return typeof method === 'string' && !UNIONS.has(name) ? [[method, name] as const] : []
  })
  return new Map(named)
}

/** What each side sends, according to the unions of the official schema: `ClientRequest`, `ServerNotification` and their like. */
export function officialMethods(revision: Revision, union: string): readonly string[] {
  const { definitions, prefix } = officialSchema(revision)
  const resolve = (schema: JsonSchema): readonly JsonSchema[] =>
    schema.$ref === undefined ? (schema.anyOf?.flatMap(resolve) ?? [schema]) : resolve(definitions[schema.$ref.slice(prefix.length)] ?? {})
  const branches = definitions[union] === undefined ? [] : resolve(definitions[union])
  return branches.map(branch => String(branch.properties?.['method']?.const))
}

/** Definitions that only list others. Where such a list has one member, the official file writes the member in its place. */
const UNIONS = new Set(['ClientRequest', 'ClientNotification', 'ServerRequest', 'ServerNotification'])
