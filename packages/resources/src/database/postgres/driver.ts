/** The package that speaks to PostgreSQL, and what to install where there is none that can. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { DatabaseFailure } from '../port.ts'

/** Older ones ignore that a statement must be sent as one statement. */
const OLDEST = [8, 16] as const

const INSTALL = 'npm install pg'

/** @throws DatabaseFailure of kind `driver` that says what to install */
export async function loadDriver(): Promise<typeof import('pg')> {
  const driver = await import('pg').catch((cause: unknown) => {
    const absent = (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_MODULE_NOT_FOUND'
    const why = absent ? 'PostgreSQL needs the package pg' : `the package pg cannot be loaded (${String(cause).split('\n', 1)[0]})`
    throw new DatabaseFailure('driver', `${why}: ${INSTALL}`, { cause })
  })
  checkVersion(versionOf())
  return driver
}

/** @throws DatabaseFailure of kind `driver` for one that is too old */
export function checkVersion(version: string | undefined): void {
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? OLDEST
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new DatabaseFailure(
      'driver',
      `pg ${version} is too old, and PostgreSQL needs ${OLDEST.join('.')} or newer: ${INSTALL}@${OLDEST[0]}`,
    )
}

/** Undefined where the driver is part of a bundle, and has no manifest beside it. */
function versionOf(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('pg/package.json')
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string }).version
  } catch {
    return undefined
  }
}
