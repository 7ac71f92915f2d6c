/** Imports a person's module, TypeScript included, and says what to do where that is impossible. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nearest } from '@oarlock/kernel'
import { Failure, MISUSED } from './failure.ts'
import { manifestsOf } from './manifest.ts'

/** A module's exports by name. */
export type Exports = Readonly<Record<string, unknown>>

const TYPESCRIPT = /\.[cm]?tsx?$/
const COMMENT_OR_STRING = /\/\*[^]*?\*\/|\/\/.*|(['"`])(?:\\[^]|(?!\1)[^\\])*\1/g
const DECORATOR = /(?<=^|[\s{};(])@[A-Za-z_$]/

/** Errors by which Node says that a file is more TypeScript than it can take. They come before any code has run. */
const TOO_MUCH = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_MODULE_NOT_FOUND',
])

/**
 * The exports of a file. TypeScript runs as Node runs it (22.18 and later), or with tsx where that is not enough and tsx is installed beside
 * the file.
 * @throws Failure when the file is not there or cannot be run as it is; whatever the module throws
 */
export async function importModule(path: string): Promise<Exports> {
  if (!existsSync(path)) throw missing(path)
  const url = pathToFileURL(path).href
  try {
    return TYPESCRIPT.test(path) ? await importTypeScript(path, url) : ((await import(url)) as Exports)
  } catch (error) {
    throw asksForModule(path, error) ? asModule(path, error) : error
  }
}

async function importTypeScript(path: string, url: string): Promise<Exports> {
  try {
    return (await import(url)) as Exports
  } catch (error) {
    if (!isTooMuch(error)) throw error
    const tsx = findTsx(path)
    if (tsx === undefined) throw asksForModule(path, error) ? error : explained(path, error)
    const { tsImport } = (await import(tsx)) as { tsImport(file: string, parent: string): Promise<Exports> }
    return ofModule(await tsImport(url, import.meta.url))
  }
}

/** Where nothing says that a file is an ES module, tsx makes CommonJS of it, and its exports are one step further in. */
function ofModule(exports: Exports): Exports {
  const { default: inner } = exports as { readonly default?: { readonly __esModule?: unknown } & Exports }
  return inner?.__esModule === true ? inner : exports
}

function isTooMuch(error: unknown): boolean {
  return error instanceof SyntaxError || TOO_MUCH.has((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/** The door of tsx that is an ES module: on Node 20 its other one, which `require.resolve` finds, cannot be imported. */
function findTsx(path: string): string | undefined {
  for (const from of [path, `${process.cwd()}/x`]) {
    try {
      const manifest = createRequire(from).resolve('tsx/package.json')
      return new URL(doorOf(readFileSync(manifest, 'utf8')), pathToFileURL(manifest)).href
    } catch {
      // Not installed here, or too old to have the door.
    }
  }
  return undefined
}

function doorOf(manifest: string): string {
  const { exports } = JSON.parse(manifest) as {
    readonly exports: { readonly './esm/api': { readonly import: { readonly default: string } } }
  }
  return exports['./esm/api'].import.default
}

const INSTALL = 'Install tsx beside it (npm install --save-dev tsx) and run the command again'

function explained(path: string, error: unknown): unknown {
  const name = basename(path)
  if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return error
  if (!canStrip())
    return new Failure(`${name} is TypeScript, which Node runs from 22.18 on; this is ${process.version}. ${INSTALL}.`, undefined, error)
  if (usesDecorators(path)) {
    const fields = 'or write its members as class fields, which need no compiler: add = tool({ … }, args => …)'
    return new Failure(`${name} uses decorators, which Node cannot run by itself. ${INSTALL}, ${fields}.`, undefined, error)
  }
  const { message } = error as Error
  return new Failure(`Node cannot run ${name} by stripping its types: ${message}\n${INSTALL}, or correct the file.`, undefined, error)
}

/** What Node and tsx say of an ES module that they took for CommonJS. */
const TAKEN_FOR_COMMONJS =
  /Top-level await is currently not supported with the "cjs"|Cannot use import statement outside a module|Unexpected token 'export'|await is only valid in async functions/

function asksForModule(path: string, error: unknown): error is Error {
  if (!(error instanceof Error) || !TAKEN_FOR_COMMONJS.test(error.message) || !/\.[jt]sx?$/.test(path)) return false
  const [own] = manifestsOf(path)
  return own?.type !== 'module'
}

function asModule(path: string, error: Error): Failure {
  const name = basename(path)
  const better = name.replace(/\.([jt]sx?)$/, '.m$1').replace(/x$/, '')
  const reason = error.message.split('\n').find(line => TAKEN_FOR_COMMONJS.test(line))
  return new Failure(
    `${name} is read as CommonJS, and is an ES module: name it ${better}, or set "type": "module" in its package.json.\n(${reason?.trim()})`,
    undefined,
    error,
  )
}

function canStrip(): boolean {
  const { typescript } = process.features as { readonly typescript?: unknown }
  return typescript === 'strip' || typescript === 'transform'
}

function usesDecorators(path: string): boolean {
  return DECORATOR.test(codeOf(path))
}

/** The text of a file without its comments and what stands in its strings. */
export function codeOf(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(COMMENT_OR_STRING, '""')
}

function missing(path: string): Failure {
  const folder = dirname(path)
  const near = existsSync(folder) ? nearest(basename(path), readdirSync(folder)) : ''
  return new Failure(`${path} does not exist.${near}`, MISUSED)
}
