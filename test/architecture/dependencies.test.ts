/** What is installed in production is what the list allows, in the versions it allows; nothing more, nothing less. */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ALLOWED } from '../../scripts/dependencies.ts'
import { page } from '../../scripts/print-dependencies.ts'
import { ROOT } from '../runner/place.ts'
import { manifestOf, packages } from './source.ts'

const test = suite('dependencies')

interface Installed {
  readonly version: string
  readonly folder: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const isOurs = (name: string): boolean => name === 'oarlock' || name.startsWith('@oarlock/')

/** A package as a module in `from` finds it; undefined when it is not installed. */
function find(name: string, from: string): Installed | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) {
      const real = realpathSync(found)
      return { ...(JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')) as Installed), folder: real }
    }
    if (folder === dirname(folder)) return undefined
  }
}

/** Everything that production needs, by name, with who needs it. */
function tree(): Map<string, { readonly installed: Installed; readonly by: Set<string> }> {
  const all = new Map<string, { installed: Installed; by: Set<string> }>()
  const visit = (names: readonly string[], from: string, by: string): void => {
    for (const name of names) {
      if (isOurs(name)) continue
      const installed = find(name, from)
      if (installed === undefined) continue
      const known = all.get(name)
      known?.by.add(by)
      if (known?.installed.folder === installed.folder) continue
      assert.is(known, undefined, `${name} is installed twice: ${known?.installed.version}, ${installed.version}`)
      all.set(name, { installed, by: new Set([by]) })
      visit(Object.keys({ ...installed.dependencies, ...installed.optionalDependencies }), installed.folder, name)
    }
  }
  for (const folder of packages) visit(Object.keys(manifestOf(folder).dependencies ?? {}), join(ROOT, 'packages', folder), 'ours')
  return all
}

/** Whether a version lies in a caret range: the first number that is not zero stays, and what follows does not fall. */
function within(version: string, range: string): boolean {
  const [own, least] = [version, range.replace('^', '')].map(text => text.split('.').map(Number)) as [number[], number[]]
  const fixed = least.findIndex(part => part !== 0)
  const differs = least.findIndex((part, index) => own[index] !== part)
  return !version.includes('-') && (differs === -1 || (differs > fixed && (own[differs] as number) > (least[differs] as number)))
}

const installed = tree()

/** Ranges that several packages share. */
const catalog = new Map(
  [...readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}'?([\w@/.-]+?)'?: (\S+)$/gm)].map(([, name, range]) => [
    name,
    range,
  ]),
)

test('row 21: nothing is installed in production that is not on the list, nor in another version', () => {
  const foreign = [...installed].flatMap(
    ([
      name,
      {
        installed: { version },
      },
    ]) => {
      const allowed = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined
      if (allowed === undefined) return [`${name} ${version} is not on the list`]
      return within(version, allowed.range) ? [] : [`${name} ${version} is not within ${allowed.range}`]
    },
  )
  assert.equal(foreign, [])
})

test('row 21: nothing is on the list that is not installed, and each says truly who brings it', () => {
  for (const [name, { by, peer }] of Object.entries(ALLOWED)) {
    if (peer === true) continue
    assert.ok(installed.has(name), `${name} is on the list, and nobody needs it`)
    assert.ok(installed.get(name)?.by.has(by ?? 'ours'), `${name} is not brought by ${by ?? 'our packages'}`)
  }
})

test('what our packages name, they name in the range of the list', () => {
  for (const folder of packages) {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(folder)
    for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
      if (!isOurs(name)) assert.is(range === 'catalog:' ? catalog.get(name) : range, ALLOWED[name]?.range, `${name} of ${folder}`)
      assert.is(name in peerDependencies, ALLOWED[name]?.peer ?? false, `${name} of ${folder}`)
    }
  }
})

test('row 21: no package that production needs runs anything when it is installed', () => {
  const scripted = [...installed].filter(
    ([
      ,
      {
        installed: { scripts = {} },
      },
    ]) => ['preinstall', 'install', 'postinstall'].some(script => script in scripts),
  )
  assert.equal(
    scripted.map(([name]) => name),
    [],
  )
})

test('versions are told to be within a range or not', () => {
  for (const [version, range] of ['1.2.3 ^1.2.3', '1.10.0 ^1.2.3', '0.2.9 ^0.2.2', '8.0.0 ^8.0.0'].map(pair => pair.split(' '))) {
    assert.ok(within(version as string, range as string), `${version} ${range}`)
  }
  for (const [version, range] of ['1.2.2 ^1.2.3', '2.0.0 ^1.2.3', '0.3.0 ^0.2.2', '1.3.0-rc.1 ^1.2.3'].map(pair => pair.split(' '))) {
    assert.not(within(version as string, range as string), `${version} ${range}`)
  }
})

const path = join(ROOT, 'docs/reference/dependencies.md')
if (process.env['OARLOCK_UPDATE'] !== undefined) writeFileSync(path, page())

test('docs/reference/dependencies.md is current; OARLOCK_UPDATE=1 writes it anew', () => {
  assert.is(readFileSync(path, 'utf8'), page())
})

test.run()
