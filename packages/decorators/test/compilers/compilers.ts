/** The compilers that people use, each in the decorator dialects it supports, as functions from the stories to what running them prints. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { transformSync as swc, type Options as SwcOptions } from '@swc/core'
import { build as esbuild } from 'esbuild'
import { transformSync as oxc } from 'oxc-transform'
import { ROOT, TSC } from '../../../../test/runner/place.ts'

export type Dialect = 'standard' | 'experimental'

/** What a compiler is asked to do. */
interface Job {
  readonly dialect: Dialect
  /** Whether to emit the types of parameters and fields, which only experimental decorators can. */
  readonly reflect: boolean
  /** A folder of its own, with the stories in `src`. Inside the repository, so that packages are found. */
  readonly folder: string
  readonly entry: string
}

export interface Compiler {
  readonly name: string
  readonly dialect: Dialect
  readonly reflect: boolean
  /** Compiles the stories into `folder` and runs them. */
  run(folder: string): Promise<string>
}

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const TSUP = join(ROOT, 'node_modules/tsup/dist/cli-default.js')
const STORIES = fileURLToPath(new URL('../fixtures/stories/', import.meta.url))

/** Whether this test runs on the packages' sources, and so do the stories. */
const fromSource = process.execArgv.includes('@oarlock/source')

const sources = (folder: string) => readdirSync(join(folder, 'src'))

async function node(args: readonly string[], env: Record<string, string> = {}, cwd = ROOT): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 24 })
  return stdout
}

/** Runs a compiled entry as this test runs: on sources or on built packages. */
const runEntry = ({ folder, dialect }: Job) => node([...process.execArgv, join(folder, 'out', `${dialect}.js`)])

function writeConfig({ folder, dialect, reflect }: Job): string {
  const file = join(folder, 'tsconfig.json')
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
    noCheck: true,
    noResolve: true,
    types: [],
    rootDir: 'src',
    outDir: 'out',
    ...(dialect === 'experimental' ? { experimentalDecorators: true, emitDecoratorMetadata: reflect } : {}),
  }
  writeFileSync(file, JSON.stringify({ compilerOptions, include: ['src'] }))
  return file
}

async function withTsc(job: Job): Promise<string> {
  await node([TSC, '-p', writeConfig(job)])
  return runEntry(job)
}

function withTsx(job: Job): Promise<string> {
  const condition = fromSource ? ['-C', '@oarlock/source'] : []
  const loader = import.meta.resolve('tsx')
  return node([...condition, '--import', loader, job.entry], { TSX_TSCONFIG_PATH: writeConfig(job) })
}

/** With the packages left outside, or everything in one file: then what a package does when loaded must survive tree shaking. */
async function withEsbuild(job: Job, packages: 'external' | 'bundle' = 'external'): Promise<string> {
  const { entry, folder, dialect } = job
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: dialect === 'experimental' } }
  await esbuild({
    entryPoints: [entry],
    outdir: join(folder, 'out'),
    bundle: true,
    packages,
    platform: 'node',
    conditions: fromSource ? ['@oarlock/source'] : [],
    format: 'esm',
    target: 'es2022',
    tsconfigRaw,
  })
  return runEntry(job)
}

/** In this package's folder, where tsup finds the swc that it needs for reflected types. */
async function withTsup(job: Job): Promise<string> {
  const flags = [
    '--format',
    'esm',
    '--target',
    'es2022',
    '--no-config',
    '--silent',
    '--external',
    '@oarlock/decorators',
    '--external',
    '@oarlock/kernel',
  ]
  await node([TSUP, job.entry, '--out-dir', join(job.folder, 'out'), '--tsconfig', writeConfig(job), ...flags], {}, PACKAGE)
  return runEntry(job)
}

/** Compilers of single files: their output keeps the names of the imports, so those are rewritten here. */
function eachFile(job: Job, compile: (name: string, source: string) => string): Promise<string> {
  const out = join(job.folder, 'out')
  mkdirSync(out)
  for (const name of sources(job.folder)) {
    const code = compile(name, readFileSync(join(job.folder, 'src', name), 'utf8'))
    writeFileSync(join(out, name.replace(/\.ts$/, '.js')), code.replace(/(from '|from "|import ")(\.\/[^'"]+)\.ts/g, '$1$2.js'))
  }
  return runEntry(job)
}

function withOxc(job: Job): Promise<string> {
  return eachFile(job, (name, source) => {
    const { code, errors } = oxc(name, source, { target: 'es2022', decorator: { legacy: true, emitDecoratorMetadata: job.reflect } })
    if (errors.length > 0) throw new SyntaxError(JSON.stringify(errors))
    return code
  })
}

/** `version` names the state of the standard proposal that is emitted. */
function withSwc(job: Job, version: '2022-03' | '2023-11'): Promise<string> {
  const standard = job.dialect === 'standard'
  const transform = standard ? { decoratorVersion: version } : { legacyDecorator: true, decoratorMetadata: job.reflect }
  const jsc = { parser: { syntax: 'typescript', decorators: true }, target: 'es2022', transform, preserveAllComments: false }
  const options = { jsc, module: { type: 'es6' }, swcrc: false, configFile: false } as SwcOptions
  return eachFile(job, (filename, source) => swc(source, { ...options, filename }).code)
}

function compiler(name: string, dialect: Dialect, reflect: boolean, work: (job: Job) => Promise<string>): Compiler {
  return {
    name,
    dialect,
    reflect,
    run(folder) {
      const other = dialect === 'standard' ? ['experimental.ts', 'parameters.ts'] : ['standard.ts', 'private.ts']
      cpSync(STORIES, join(folder, 'src'), { recursive: true, filter: source => !other.some(name => source.endsWith(`/${name}`)) })
      return work({ dialect, reflect, folder, entry: join(folder, 'src', `${dialect}.ts`) })
    },
  }
}

/** Each compiler in each dialect. oxc has no standard decorators yet; esbuild and tsx reflect nothing. */
export const compilers: readonly Compiler[] = [
  compiler('tsc', 'standard', false, withTsc),
  compiler('tsx', 'standard', false, withTsx),
  compiler('esbuild', 'standard', false, withEsbuild),
  compiler('esbuild, all in one file', 'standard', false, job => withEsbuild(job, 'bundle')),
  compiler('tsup', 'standard', false, withTsup),
  compiler('swc 2022-03', 'standard', false, job => withSwc(job, '2022-03')),
  compiler('swc 2023-11', 'standard', false, job => withSwc(job, '2023-11')),
  compiler('tsc', 'experimental', false, withTsc),
  compiler('tsc', 'experimental', true, withTsc),
  compiler('tsx', 'experimental', false, withTsx),
  compiler('esbuild', 'experimental', false, withEsbuild),
  compiler('esbuild, all in one file', 'experimental', false, job => withEsbuild(job, 'bundle')),
  compiler('tsup', 'experimental', false, withTsup),
  compiler('tsup', 'experimental', true, withTsup),
  compiler('oxc', 'experimental', false, withOxc),
  compiler('oxc', 'experimental', true, withOxc),
  compiler('swc', 'experimental', false, withSwc as never),
  compiler('swc', 'experimental', true, withSwc as never),
]
