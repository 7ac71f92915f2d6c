/** The files of one log: the one that is written, and those that rotation put aside. */

import { lstat, open, readdir, type FileHandle } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { readAt } from '../read-at.ts'

/** A file put aside. */
export interface Rotated {
  readonly path: string
  readonly id: string
  readonly size: number
  /** Milliseconds; when it was last written. */
  readonly modified: number
}

/** `app.log.1`, `app.log-20261121`, `app-20261121.log`, `app.2026-11-21.log`: digits, and what stands between those of a date. */
const SUFFIX = /^[.-]\d[\dT_.:-]{0,40}$/
/** More than these are not looked at. */
const MAX_FILES = 10_000
const PROBE_BYTES = 256

/** Tells files apart, whatever their names are. */
export function idOf(stat: { readonly dev: number; readonly ino: number }): string {
  return `${stat.dev}:${stat.ino}`
}

/** What was put aside of the log at `path`, newest first: regular files only, links are not followed. Zipped ones are no longer read. */
export async function rotatedFiles(path: string): Promise<readonly Rotated[]> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  const own = names.filter(name => isRotated(basename(path), name)).slice(0, MAX_FILES)
  const found = await Promise.all(own.map(name => look(join(folder, name))))
  return found.filter(file => file !== undefined).sort((a, b) => b.modified - a.modified || compareNames(a.path, b.path))
}

async function look(path: string): Promise<Rotated | undefined> {
  const stat = await lstat(path).catch(() => undefined)
  if (stat?.isFile() !== true) return undefined
  return { path, id: idOf(stat), size: stat.size, modified: stat.mtimeMs }
}

function isRotated(base: string, name: string): boolean {
  if (name === base) return false
  if (name.startsWith(base) && SUFFIX.test(name.slice(base.length))) return true
  const extension = extname(base)
  const stem = base.slice(0, base.length - extension.length)
  return extension !== '' && name.startsWith(stem) && name.endsWith(extension) && SUFFIX.test(name.slice(stem.length, -extension.length))
}

/** Of files written in the same moment: 2 is older than 1, and an earlier date than a later one. */
function compareNames(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)]
  if (x !== undefined && y !== undefined) return x - y
  return a < b ? 1 : -1
}

function numberOf(path: string): number | undefined {
  const digits = /[.-](\d{1,4})(?:\.[A-Za-z]+)?$/.exec(path)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Opens a file to read it. Undefined when it is not there, or may not be read. */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** Whether `copy` holds what `original` began with, as far as it goes: a copy that is about to be followed by truncation. */
export async function isCopy(copy: FileHandle, copySize: number, original: FileHandle, originalSize: number): Promise<boolean> {
  if (copySize === 0 || copySize > originalSize) return false
  const length = Math.min(PROBE_BYTES, copySize)
  return (await sameBytes(copy, original, 0, length)) && (await sameBytes(copy, original, copySize - length, length))
}

async function sameBytes(a: FileHandle, b: FileHandle, position: number, length: number): Promise<boolean> {
  const [one, two] = await Promise.all([readAt(a, position, length), readAt(b, position, length)])
  return one.equals(two)
}
