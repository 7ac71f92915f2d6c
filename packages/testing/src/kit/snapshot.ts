/** Values that are compared with what a file says they were. */

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { difference, same } from './difference.ts'
import type { Mismatch } from './unexpected.ts'

/** Where snapshots are kept, and whether they are written anew. */
export class Snapshots {
  readonly #folder: string | undefined
  readonly #update: boolean
  readonly #create: boolean

  /** `OARLOCK_SNAPSHOTS=update` writes all anew. One that is missing is written, except where `CI` is set: there it fails. */
  constructor(folder: string | URL | undefined) {
    this.#folder = folder === undefined ? undefined : folder instanceof URL ? fileURLToPath(folder) : folder
    this.#update = process.env['OARLOCK_SNAPSHOTS'] === 'update'
    this.#create = this.#update || (process.env['CI'] ?? '') === ''
  }

  /** How a value differs from its snapshot, if it does. */
  async compare(name: string, value: unknown): Promise<Mismatch | undefined> {
    if (this.#folder === undefined)
      throw new TypeError('Say where snapshots are kept: open(target, { snapshots: new URL("./snapshots/", import.meta.url) })')
    if (!/^[\w.-]+$/.test(name)) throw new TypeError(`The name of a snapshot is a file name: ${JSON.stringify(name)}`)
    const path = join(this.#folder, `${name}.json`)
    const text = `${JSON.stringify(sorted(value), undefined, 2)}\n`
    const stored = this.#update ? undefined : await readFile(path, 'utf8').catch(absent)
    // As values: how the file is laid out is for a formatter to say.
    const expected: unknown = stored === undefined ? undefined : JSON.parse(stored)
    if (stored !== undefined && same(expected, value)) return undefined
    if (stored === undefined && this.#create) {
      await mkdir(this.#folder, { recursive: true })
      await replace(path, text)
      return undefined
    }
    if (stored === undefined) return { was: `there is no ${path}, and none is written where CI is set` }
    const was = `it differs from ${path} (OARLOCK_SNAPSHOTS=update writes it anew)`
    return { was, expected, actual: value, difference: difference(sorted(expected), sorted(value)) }
  }
}

/** Written beside it first: what was there is lost to no full disk. */
async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(fresh, text)
    await rename(fresh, path)
  } catch (cause) {
    await rm(fresh, { force: true })
    throw new Error(`${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}

function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause
}

/** The same value with the members of objects in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
