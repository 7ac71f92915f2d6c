/** Packs every package as a release would. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

/** Writes the tarballs of all packages that are released into `folder`, emptied before, and returns package name → path of its tarball. They must be built. */
export function packAll(folder: string): Map<string, string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { packageManager: string }
  const args = ['-y', packageManager, '--filter', './packages/*', '-r', 'pack', '--pack-destination', folder]
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`packing failed\n${stdout}${stderr}`)
  const files = readdirSync(folder)
  return new Map(
    readdirSync(join(ROOT, 'packages')).flatMap(name => {
      const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as Manifest
      if (manifest.private === true) return []
      const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
      if (!files.includes(file)) throw new Error(`${manifest.name} was not packed as ${file}`)
      return [[manifest.name, join(folder, file)] as const]
    }),
  )
}
