/** What the server and the process that holds the SQLite file say to each other. */

import type { Rows, Statement } from '../port.ts'
import type { Relation } from '../schema.ts'
import type { OpenOptions } from './engine.ts'

/** Marks the process. */
export const ARGUMENT = '--oarlock-sqlite'

/** First message to the process. */
export interface OpenJob extends OpenOptions {
  readonly job: 'open'
}

/** A statement. */
export interface RunJob extends Omit<Statement, 'signal' | 'timeout'> {
  readonly job: 'run'
}

/** The schema, unless it has this version. */
export interface SchemaJob {
  readonly job: 'schema'
  readonly known: string | undefined
}

/** The number that changes when another connection has written. */
export interface VersionJob {
  readonly job: 'version'
}

/** One at a time; each is answered once. */
export type Job = OpenJob | RunJob | SchemaJob | VersionJob

/** What jobs answer. */
export interface Results {
  open: true
  run: Rows
  schema: { readonly version: string; readonly relations: readonly Relation[] | undefined }
  version: string
}

/** An answer: what came out, or the engine's own words, and whether they are about the library, or the file, rather than the job. */
export type Answer =
  | { readonly result: Results[Job['job']] }
  | { readonly error: string; readonly unloadable?: boolean; readonly unreadable?: boolean }
