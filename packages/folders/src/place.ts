/** Where things really are: directories by their name, and what is open by its descriptor. */

import { accessSync, closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { sep } from 'node:path'
import { codeOf, NoDirectory } from './absence.ts'

/** A real path, and what the paths of everything below it begin with. */
export interface Place {
  readonly path: string
  readonly prefix: string
}

/** @throws NoDirectory */
export function directoryAt(path: string): Place {
  try {
    const real = realpathSync.native(path)
    if (!statSync(real).isDirectory()) throw new NoDirectory(`the root ${path} is not a directory`)
    accessSync(real, constants.R_OK | constants.X_OK)
    return { path: real, prefix: real.endsWith(sep) ? real : real + sep }
  } catch (cause) {
    if (cause instanceof NoDirectory) throw cause
    throw new NoDirectory(
      `the root ${path} cannot be opened (${codeOf(cause) ?? String(cause)}): give the path of a directory that exists`,
      {
        cause,
      },
    )
  }
}

/** What an open file is, and where; undefined when the name that it was opened by means something else by now. */
export interface Placed {
  readonly stats: BigIntStats
  readonly place: string | undefined
}

/** As the system tells of the descriptor. At once: it knows without asking a disk. */
export function toldPlaceOf(fd: number, wanted: string): Placed {
  const place = readlinkSync(`/proc/self/fd/${fd}`)
  const stats = fstatSync(fd, { bigint: true })
  // Replaced or removed since it was opened, as an atomic save does: it was there, and what is open is what is read.
  const gone = place !== wanted && stats.nlink === 0n
  return { stats, place: gone ? place.replace(/ \(deleted\)$/, '') : place }
}

/** As a comparison tells. At once: the less time between the looks, the less can be replaced between them. */
export function comparedPlaceOf(fd: number, wanted: string): Placed {
  const stats = fstatSync(fd, { bigint: true })
  const place = realpathSync.native(wanted)
  const now = lstatSync(place, { bigint: true })
  const same = now.dev === stats.dev && now.ino === stats.ino && realpathSync.native(wanted) === place
  return { stats, place: same ? place : undefined }
}

let told: boolean | undefined

/** Whether the system says where a descriptor leads. */
export function descriptorsTell(): boolean {
  return (told ??= process.platform === 'linux' && tells())
}

function tells(): boolean {
  const fd = openSync('/', constants.O_RDONLY)
  try {
    return readlinkSync(`/proc/self/fd/${fd}`) === '/'
  } catch {
    return false
  } finally {
    closeSync(fd)
  }
}
