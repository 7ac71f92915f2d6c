/** Puts rows together as JSON, within the bytes there are. */

import type { Rows } from './port.ts'

/** Rows as objects; fewer than were given when more would not fit. */
export interface RowsText {
  /** JSON of an array. */
  readonly text: string
  readonly count: number
}

/** One row's members, each `"name":value`. */
export function objectOf(names: readonly string[], values: readonly string[]): string {
  return `{${values.map((value, index) => `${names[index]}:${value}`).join(',')}}`
}

/** As many as fit. */
export function withinBytes(objects: Iterable<string>, bytes: number): RowsText {
  const fitting: string[] = []
  let room = bytes
  for (const each of objects) {
    room -= Buffer.byteLength(each) + 1
    if (room < 0) break
    fitting.push(each)
  }
  return { text: `[${fitting.join(',')}]`, count: fitting.length }
}

/** Names of columns as JSON. The second `id` becomes `id_2`: an object has each name once. */
export function memberNames(columns: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return columns.map(column => {
    let name = column
    for (let count = 2; taken.has(name); count += 1) name = `${column}_${count}`
    taken.add(name)
    return JSON.stringify(name)
  })
}

/** The answer of a query: its columns, its rows, and whether there are more. */
export function answerText(found: Rows, bytes: number): string | undefined {
  const names = memberNames(found.columns)
  const { text, count } = withinBytes(
    found.rows.map(row => objectOf(names, row)),
    bytes,
  )
  const stopped = count < found.rows.length ? 'bytes' : found.stopped
  if (count === 0 && stopped === 'bytes') return undefined
  const truncated = stopped === undefined ? '' : `,"truncated":"${stopped}"`
  return `{"columns":[${names.join(',')}],"rows":${text},"count":${count}${truncated}}`
}

/** Bytes of an answer beside its rows. */
export const ENVELOPE = 2_048
