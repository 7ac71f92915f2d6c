/** Another copy of the package, as a second version in a dependency tree is one. */
import { build } from 'esbuild'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ROOT } from '../../../test/runner/place.ts'

export type Copy = typeof import('@oarlock/decorators')

const folder = (() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  return mkdtempSync(join(ROOT, '.cache/copies-'))
})()
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Another copy of the package, with a copy of the kernel inside it or the common one. */
export async function copyOf(name: string, external: readonly string[]): Promise<Copy> {
  const outfile = join(folder, `${name}.js`)
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: [...external],
    conditions: ['@oarlock/source'],
    logLevel: 'error',
  })
  return (await import(pathToFileURL(outfile).href)) as Copy
}
