/**
 * Installs peers that stand apart: folders with a package.json and lockfile of their own, whose dependencies the workspace never sees. Tests do
 * it when it was not done yet; `.ci/run` does it beforehand.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Relative to the repository, where tests and scripts run. */
export const FASTMCP = 'test/interop/fastmcp'
export const INSPECTOR = 'test/inspector'

const LOCK = 'package-lock.json'

/** Installs what the lockfile says, unless that is there already. Returns why it could not, or undefined. */
export function installApart(folder: string): string | undefined {
  if (isInstalled(folder)) return undefined
  mkdirSync('.cache', { recursive: true })
  // In a place of its own first, so that two tests at once neither see half of it nor disturb each other.
  const aside = mkdtempSync(join('.cache', 'apart-'))
  try {
    for (const file of ['package.json', LOCK, '.npmrc']) copyFileSync(join(folder, file), join(aside, file))
    const { status, stderr } = spawnSync('npm', ['ci'], { cwd: aside, encoding: 'utf8' })
    if (status !== 0) {
      const why = stderr?.split('\n').filter(line => line.startsWith('npm error')) ?? ['there is no npm']
      return `"npm ci" failed in ${folder}: ${why.slice(0, 2).join(', ')}`
    }
    copyFileSync(join(folder, LOCK), stampOf(aside))
    return isInstalled(folder) ? undefined : put(aside, folder)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function put(aside: string, folder: string): undefined {
  const place = join(folder, 'node_modules')
  rmSync(place, { recursive: true, force: true })
  try {
    renameSync(join(aside, 'node_modules'), place)
  } catch (cause) {
    // Somebody else was faster.
    if (!isInstalled(folder)) throw cause
  }
}

/** A copy of the lockfile that was installed: when it says something else, so does what is installed. */
const stampOf = (folder: string): string => join(folder, 'node_modules', '.installed-lock.json')

function isInstalled(folder: string): boolean {
  const stamp = stampOf(folder)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(join(folder, LOCK), 'utf8')
}
