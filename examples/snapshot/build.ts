/** Builds a snapshot: `node build.ts FILE`. */

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const server = fileURLToPath(new URL('server.ts', import.meta.url))

/** Writes the snapshot to `file`. `conditions`: of package exports, as esbuild takes them. */
export async function snapshot(file: string, conditions: string[] = []): Promise<void> {
  // #region build
  const script = `${file}.cjs`
  await build({ entryPoints: [server], outfile: script, bundle: true, platform: 'node', format: 'cjs', minify: true, conditions })
  execFileSync(process.execPath, ['--snapshot-blob', file, '--build-snapshot', script])
  // #endregion
}

const [, program = '', file] = process.argv
if (file !== undefined && program === fileURLToPath(import.meta.url)) await snapshot(file)
