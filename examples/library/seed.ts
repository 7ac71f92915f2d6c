/** A SQLite file with the books of a small library in it, for those who have none. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The tables and their rows, in SQL that both engines take. */
export const SEED: string = readFileSync(new URL('seed.sql', import.meta.url), 'utf8')

/** Writes the file into a temporary folder, which goes with the process. Returns its path. */
export function seeded(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-library-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'library.db')
  writeSql(path, SEED)
  return path
}

/** Runs SQL on a SQLite file, as its owner. */
export function writeSql(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}
