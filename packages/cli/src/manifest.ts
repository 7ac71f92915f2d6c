/** The packages that a file stands in. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What is read of a package.json. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly type?: string
}

/** The package.json files above a file, the nearest first. */
export function* manifestsOf(path: string): Generator<Manifest> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) yield JSON.parse(readFileSync(file, 'utf8')) as Manifest
    if (folder === dirname(folder)) return
  }
}
