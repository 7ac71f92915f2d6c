/** The Node 20 leg: test files that import only the packages' doors, compiled by tsc, run on the built packages by the machine's own Node 20. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative, resolve } from 'node:path'
import type { TestFile } from './discover.ts'
import type { Command } from './job.ts'
import { ROOT, TSC } from './place.ts'

const OUT = join(ROOT, '.cache/node20')

/** Keeps what can run there. The order of the files stays. */
export function forNode20(found: readonly TestFile[]): { files: TestFile[]; command: Command } {
  const node = findNode20()
  const files = found.filter(({ path }) => closure(path) !== undefined)
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  writeFileSync(join(OUT, 'package.json'), '{"type":"module"}')
  linkModules()
  const experimental = files.filter(({ path }) => path.includes('/experimental/'))
  compile('standard', [...files.filter(file => !experimental.includes(file)).map(({ path }) => path), 'test/runner/child.ts'])
  if (experimental.length > 0)
    compile(
      'experimental',
      experimental.map(({ path }) => path),
    )
  console.log(`${files.length} of ${found.length} test files import only the packages' doors and run on ${node.version}\n`)
  return {
    files,
    command: { node: node.path, args: [join(OUT, 'test/runner/child.js')], locate: path => join(OUT, path.replace(/\.ts$/, '.js')) },
  }
}

/** The first Node 20 in the path, the repository's own Node 24 aside; `OARLOCK_NODE20` names another. */
export function findNode20(): { path: string; version: string } {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'))
  const named = process.env['OARLOCK_NODE20']
  for (const path of named === undefined ? folders.map(folder => join(folder, 'node')) : [named]) {
    if (!existsSync(path)) continue
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim()
    if (version.startsWith('v20.')) return { path, version }
  }
  throw new Error('There is no Node 20 in the path; name one with OARLOCK_NODE20=/path/to/node')
}

/** The file and all that it imports by a relative path; undefined when one of them looks into `src`, or at its own place on the disk. */
function closure(path: string, seen = new Set<string>()): Set<string> | undefined {
  if (seen.has(path)) return seen
  seen.add(path)
  const source = readFileSync(join(ROOT, path), 'utf8')
  if (source.includes('import.meta.') || /^\/\/ not on Node 20: /m.test(source)) return undefined
  for (const [, specifier = ''] of source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)) {
    const target = relative(ROOT, resolve(ROOT, dirname(path), specifier))
    if (/(^|\/)src\//.test(target) || (target.endsWith('.ts') && closure(target, seen) === undefined)) return undefined
  }
  return seen
}

/** Third-party packages are found from the compiled files as from their sources. */
function linkModules(): void {
  for (const home of ['test', 'examples', ...readdirSync(join(ROOT, 'packages')).map(name => `packages/${name}`)]) {
    if (!existsSync(join(ROOT, home, 'node_modules'))) continue
    mkdirSync(join(OUT, home), { recursive: true })
    symlinkSync(join(ROOT, home, 'node_modules'), join(OUT, home, 'node_modules'))
  }
}

function compile(name: string, files: readonly string[]): void {
  const project = join(OUT, `tsconfig.${name}.json`)
  const compilerOptions = {
    noCheck: true,
    noEmit: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    customConditions: [],
    incremental: false,
    inlineSourceMap: true,
    rootDir: ROOT,
    outDir: OUT,
    ...(name === 'experimental' ? { experimentalDecorators: true, emitDecoratorMetadata: true } : {}),
  }
  writeFileSync(
    project,
    JSON.stringify({ extends: join(ROOT, 'tsconfig.test.json'), compilerOptions, files: files.map(file => join(ROOT, file)) }),
  )
  const { status, stdout } = spawnSync(process.execPath, [TSC, '-p', project], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tsc refuses the tests for Node 20\n${stdout}`)
}
