/** A package that is not released is in those that are: nobody has to install it, to run them or to compile against them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { manifestOf, packages, withoutComments } from '../architecture/source.ts'
import { ROOT } from '../runner/place.ts'

const test = suite('bundled packages')

const manifests = packages.map(folder => ({ folder, ...manifestOf(folder) }))
const bundled = manifests.filter(manifest => manifest.private === true).map(({ name }) => name)
const released = manifests.filter(manifest => manifest.private !== true)

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g

/** What declarations import, and those that they lead to, by the names that are no paths. */
function namesIn(file: string, seen = new Set<string>(), names = new Set<string>()): ReadonlySet<string> {
  seen.add(file)
  for (const [, specifier = ''] of withoutComments(readFileSync(file, 'utf8')).matchAll(IMPORT)) {
    const next = join(dirname(file), specifier).replace(/\.[jt]s$/, '.d.ts')
    if (!specifier.startsWith('.')) names.add(specifier)
    else if (!seen.has(next)) namesIn(next, seen, names)
  }
  return names
}

for (const { folder, name, exports, dependencies, peerDependencies } of released) {
  const home = join(ROOT, 'packages', folder)

  test(`the code of ${name} needs no package that is not released`, () => {
    const files = readdirSync(join(home, 'dist'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'))
    assert.ok(files.length > 0, 'it is built')
    const code = files.map(file => readFileSync(join(home, 'dist', file), 'utf8')).join('\n')
    assert.equal(
      bundled.filter(each => new RegExp(`(?:from|import)[\\s(]*["']${each}["'/]`).test(code)),
      [],
    )
  })

  test(`the types that the doors of ${name} lead to need what it depends on, and nothing else`, () => {
    const declared = { ...dependencies, ...peerDependencies }
    const names = Object.values(exports).flatMap(target => (typeof target === 'string' ? [] : [...namesIn(join(home, target.types))]))
    const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
    assert.equal(
      names.filter(each => !each.startsWith('node:') && !(packageOf(each) in declared)),
      [],
    )
  })
}

test.run()
