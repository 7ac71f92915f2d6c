/**
 * Pins what each package exports. The names stand in `names/`, one file per package; to change them on purpose, run
 * `OARLOCK_UPDATE=1 node test/runner/run.ts surface` and let the difference be part of the commit.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { manifestOf, packages, withoutComments } from '../architecture/source.ts'
import { ROOT } from '../runner/place.ts'

const surface = suite('surface')

const NAMES = join(ROOT, 'test/surface/names')
const UPDATE = process.env['OARLOCK_UPDATE'] === '1'

interface Door {
  /** What one writes to import it. */
  readonly specifier: string
  readonly values: readonly string[]
  readonly types: readonly string[]
  /** The door of another package that this one is; what it exports is pinned there. */
  readonly all: string | undefined
}

function doorsOf(folder: string): Door[] {
  const { name, exports } = manifestOf(folder)
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return []
    const code = withoutComments(readFileSync(join(ROOT, 'packages', folder, target['@oarlock/source']), 'utf8'))
    const all = /export\s*\*\s*from\s*'([^']+)'/.exec(code)?.[1]
    return [{ specifier: join(name, path), ...exportedNames(code), all }]
  })
}

/** What the export lists of a door name; there is nothing else in a door. */
function exportedNames(code: string): { values: string[]; types: string[] } {
  const values: string[] = []
  const types: string[] = []
  for (const [, whole, list = ''] of code.matchAll(/export\s+(type\s+)?\{([^}]*)\}/g)) {
    for (const item of list
      .split(',')
      .map(part => part.trim())
      .filter(Boolean)) {
      const name =
        item
          .replace(/^type\s+/, '')
          .split(/\s+as\s+/)
          .at(-1) ?? item
      const isType = whole !== undefined || /^type\s/.test(item)
      ;(isType ? types : values).push(name)
    }
  }
  return { values: values.sort(), types: types.sort() }
}

function show({ specifier, values, types, all }: Door): string {
  if (all !== undefined) return `${specifier}\n  all of ${all}\n`
  return [specifier, ...values.map(name => `  ${name}`), ...types.map(name => `  type ${name}`), ''].join('\n')
}

for (const folder of packages) {
  surface(`${folder} exports what is written down`, () => {
    const pinned = join(NAMES, `${folder}.txt`)
    const found = doorsOf(folder).map(show).join('\n')
    if (UPDATE) {
      mkdirSync(NAMES, { recursive: true })
      writeFileSync(pinned, found)
    }
    const written = existsSync(pinned) ? readFileSync(pinned, 'utf8') : ''
    assert.is(found, written, `${folder} exports something else than ${pinned} says; if that is meant, run this with OARLOCK_UPDATE=1`)
  })

  surface(`${folder} has the values that its doors name, and no others`, async () => {
    for (const { specifier, values, all } of doorsOf(folder)) {
      const module = (await import(specifier)) as Record<string, unknown>
      const expected = all === undefined ? values : Object.keys((await import(all)) as object).sort()
      assert.equal(Object.keys(module).sort(), expected, specifier)
    }
  })
}

surface.run()
