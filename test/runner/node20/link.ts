/** Lets compiled files find packages: third-party ones where their sources find them, ours built or compiled. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../place.ts'

type Exports = Record<string, { '@oarlock/source': string } | string>

const folders = readdirSync(join(ROOT, 'packages'))

/** Links each `node_modules`; without our own packages where those are to come from compiled sources. */
export function linkThirdParty(out: string, withoutOurs: boolean): void {
  for (const home of ['test', 'examples', ...folders.map(folder => `packages/${folder}`)]) {
    const from = join(ROOT, home, 'node_modules')
    if (!existsSync(from)) continue
    for (const name of readdirSync(from)) {
      if (!name.startsWith('.') && !(withoutOurs && (name === '@oarlock' || name === 'oarlock')))
        link(join(from, name), join(out, home, 'node_modules', name))
    }
  }
}

/** Gives each compiled package its package.json, whose doors lead to the compiled sources, and its name. */
export function linkSources(out: string): void {
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8')) as { name: string; exports: Exports }
    const doors = Object.entries(manifest.exports).flatMap(([door, target]) =>
      typeof target === 'string' ? [] : [[door, target['@oarlock/source'].replace(/\.ts$/, '.js')]],
    )
    mkdirSync(join(out, 'packages', folder), { recursive: true })
    writeFileSync(
      join(out, 'packages', folder, 'package.json'),
      JSON.stringify({ name: manifest.name, type: 'module', exports: Object.fromEntries(doors) as object }),
    )
    link(join(out, 'packages', folder), join(out, 'node_modules', manifest.name))
    copyData(join('packages', folder, 'src'), out)
  }
}

/** The JSON files that sources import: the compiler does not always write them. */
function copyData(src: string, out: string): void {
  for (const file of readdirSync(join(ROOT, src), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.json')) cpSync(join(ROOT, src, file), join(out, src, file))
  }
}

/** Every source file of every package. */
export function packageSources(): string[] {
  return folders.flatMap(folder => {
    const src = join('packages', folder, 'src')
    const files = readdirSync(join(ROOT, src), { recursive: true, encoding: 'utf8' })
    return files.filter(file => file.endsWith('.ts')).map(file => join(src, file))
  })
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
