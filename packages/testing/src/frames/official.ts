/** The official schemas of the five revisions, as the specification publishes them, less their prose (see `schemas/README.md`). */
import type { Revision } from '@oarlock/protocol'
import schema2024November from './schemas/2024-11-05.json' with { type: 'json' }
import schema2025March from './schemas/2025-03-26.json' with { type: 'json' }
import schema2025June from './schemas/2025-06-18.json' with { type: 'json' }
import schema2025November from './schemas/2025-11-25.json' with { type: 'json' }
import schema2026July from './schemas/2026-07-28.json' with { type: 'json' }

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

interface File {
  readonly $schema: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly definitions?: Readonly<Record<string, JsonSchema>>
}

const FILES: Readonly<Record<Revision, unknown>> = {
  '2024-11-05': schema2024November,
  '2025-03-26': schema2025March,
  '2025-06-18': schema2025June,
  '2025-11-25': schema2025November,
  '2026-07-28': schema2026July,
}

/** The official schema of a revision. */
export function officialSchema(revision: Revision): OfficialSchema {
  const file = FILES[revision] as File
  return {
    draft: file.$schema.includes('2020-12') ? '2020-12' : 'draft-07',
    prefix: file.$defs === undefined ? '#/definitions/' : '#/$defs/',
    definitions: file.$defs ?? file.definitions ?? {},
    file,
  }
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
