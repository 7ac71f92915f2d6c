/** Which library reads SQLite files, and what to install where there is none that can. */

import { existsSync, readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { DatabaseFailure } from '../port.ts'

/** Node's own. */
export const BUILTIN = 'node:sqlite'

const LIBRARY = 'better-sqlite3'

/** The major version of this Node. */
const NODE = Number(process.versions.node.split('.')[0])

/** The last that runs on a Node without a SQLite of its own. */
const INSTALL = NODE < 22 ? `npm install ${LIBRARY}@12` : `npm install ${LIBRARY}`

/**
 * `node:sqlite`, or the place of a library. Looked for anew each time.
 * @param wanted as in the options of `sqlite()`
 * @throws DatabaseFailure of kind `driver` that says what to install
 */
export function libraryFor(wanted: string | undefined): string {
  if (wanted !== undefined && wanted !== BUILTIN) return placeOf(wanted)
  if (isBuiltin(BUILTIN)) return BUILTIN
  const newer = `Node 22.13 or newer, and this is ${process.version}`
  if (wanted !== undefined) throw unfit(`${BUILTIN} needs ${newer}: update Node, or leave out the option module and run ${INSTALL}`)
  return placeOf(LIBRARY, `SQLite needs the package ${LIBRARY}, or ${newer}: ${INSTALL}`)
}

/** The library is there, and cannot be loaded: its binary is of another Node or another system, or was never built. */
export function unloadable(place: string, why: string): DatabaseFailure {
  return unfit(`${place} cannot be loaded by Node ${process.version}: build it anew with npm rebuild, or reinstall it (${why})`)
}

function placeOf(
  name: string,
  absent = `the option module of sqlite() names ${name}, which is not installed: npm install ${name}`,
): string {
  const require = createRequire(import.meta.url)
  try {
    checkEngines(require.resolve(`${name}/package.json`))
    return require.resolve(name)
  } catch (cause) {
    throw DatabaseFailure.is(cause) ? cause : unfit(absent, cause)
  }
}

/** A build for a newer Node ends the process without a word. */
function checkEngines(manifest: string): void {
  if (!existsSync(manifest)) return
  const { name, version, engines } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly engines?: { readonly node?: string }
  }
  const oldest = Number(/^>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0)
  if (NODE < oldest)
    throw unfit(`${name} ${version} needs Node ${oldest}, and this is ${process.version}: install an older one, such as ${name}@12`)
}

function unfit(message: string, cause?: unknown): DatabaseFailure {
  return new DatabaseFailure('driver', message, cause === undefined ? undefined : { cause })
}
