/** Finds Node 20 on this machine. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first Node 20 in the path, which the repository's own Node 24 may hide; `OARLOCK_NODE20` names another. */
export function findNode20(): { path: string; version: string } {
  const named = process.env['OARLOCK_NODE20']
  const inPath = (process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, 'node'))
  for (const path of named === undefined ? inPath : [named]) {
    if (!existsSync(path)) continue
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim()
    if (version.startsWith('v20.')) return { path, version }
  }
  throw new Error('There is no Node 20 in the path; name one with OARLOCK_NODE20=/path/to/node')
}
