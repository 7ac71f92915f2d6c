/** Compiles one file with standard decorators through tsc, and keeps the result in `.cache/standard` under a digest of the source. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ROOT, TSC } from './place.ts'

const CACHE = join(ROOT, '.cache/standard')

export function compileStandard(file: string, source: string): string {
  const digest = createHash('sha256').update(file).update('\0').update(source).digest('hex').slice(0, 24)
  const kept = join(CACHE, `${digest}.js`)
  if (!existsSync(kept)) compile(file, kept)
  return readFileSync(kept, 'utf8')
}

/** Works in a folder of its own and renames at the end: two processes may want the same file at once. */
function compile(file: string, kept: string): void {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'work-'))
  const compilerOptions = {
    target: 'es2023',
    module: 'preserve',
    noCheck: true,
    noResolve: true,
    types: [],
    verbatimModuleSyntax: true,
    inlineSourceMap: true,
    inlineSources: true,
    outDir: join(folder, 'out'),
    rootDir: dirname(file),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  const { status, stdout } = spawnSync(process.execPath, [TSC, '-p', folder], { encoding: 'utf8' })
  const made = join(folder, 'out', basename(file).replace(/\.ts$/, '.js'))
  if (status !== 0) throw new SyntaxError(`tsc refuses ${file}\n${stdout}`)
  renameSync(made, kept)
  rmSync(folder, { recursive: true })
}
