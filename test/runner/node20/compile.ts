/** Compiles test files, and what they import of this repository, for Node 20. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, TSC } from '../place.ts'

/** Writes into `out` what stands in the repository, at the same paths. Types are not checked; `pnpm check` does that. */
export function compile(out: string, paths: readonly string[], options: object): void {
  const compilerOptions = {
    noCheck: true,
    noEmit: false,
    incremental: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    inlineSourceMap: true,
    rootDir: ROOT,
    outDir: out,
    ...options,
  }
  const project = join(out, 'tsconfig.json')
  writeFileSync(
    project,
    JSON.stringify({ extends: join(ROOT, 'tsconfig.test.json'), compilerOptions, files: paths.map(path => join(ROOT, path)) }),
  )
  const { status, stdout } = spawnSync(process.execPath, [TSC, '-p', project], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tsc refuses the tests for Node 20\n${stdout}`)
}
