/** What tells states of a file apart without reading it. */

import type { BigIntStats } from 'node:fs'

/** How long a file must have been left alone, in milliseconds, before its mark is relied on: file systems count time in steps, the coarsest in steps of two seconds. */
const SETTLED_MS = 2_000

/** What tells states of a file apart. */
export function markOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}`
}

/** The mark of a file that was read just now; undefined when it is so young that one more change could leave it with the same one. */
export function settledMarkOf(stats: BigIntStats): string | undefined {
  return Date.now() - Number(stats.ctimeMs) > SETTLED_MS ? markOf(stats) : undefined
}

/** What tells a folder from another one in its place, whatever happens in it; undefined for what is no folder. Numbers of files are given again: its age tells, too. */
export function folderMarkOf(stats: BigIntStats): string | undefined {
  return stats.isDirectory() ? `${stats.dev}-${stats.ino}-${stats.birthtimeNs}` : undefined
}
