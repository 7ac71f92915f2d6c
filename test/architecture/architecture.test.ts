/** Holds the packages to the plan of the house: floors, doors, words, and the shape of a file. */
import { existsSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOT } from '../runner/place.ts'
import { FLOOR, LINES, NEIGHBOURS, NEUTRAL, THIRD_PARTY, TWO_CONVERSATIONS } from './floors.ts'
import { circles } from './circles.ts'
import { filesOf, manifestOf, packages, withoutComments, type SourceFile } from './source.ts'

const architecture = suite('architecture')

const sources = packages.flatMap(folder => filesOf(folder, 'src'))
const tests = packages.flatMap(folder => filesOf(folder, 'test'))
const folderOf = new Map(packages.map(folder => [manifestOf(folder).name, folder]))

const floorOf = (folder: string) => FLOOR[folder] ?? Number.NaN
const scopeOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
const isBuiltin = (specifier: string) => specifier.startsWith('node:') || builtinModules.includes(specifier)
const isBundled = (name: string) => folderOf.has(name) && manifestOf(folderOf.get(name) as string).private === true
const placed = (file: SourceFile) => file.code.trim() !== 'export {}'

/** One line for each thing that breaks a rule; a rule holds when there is none. */
function none(broken: Iterable<string>): void {
  const lines = [...broken]
  if (lines.length > 0) throw Object.assign(new Error(`broken ${lines.length} times:`), { stack: ['', ...lines].join('\n') })
}

architecture('every package stands on a named floor', () => {
  assert.equal(
    packages.filter(folder => !(folder in FLOOR)),
    [],
  )
})

architecture('no package imports a package of a higher floor, or of its own', () => {
  none(
    sources.flatMap(({ path, package: from, imports }) =>
      imports.flatMap(({ specifier }) => {
        const to = folderOf.get(scopeOf(specifier))
        if (to === undefined || floorOf(to) < floorOf(from) || `${from} → ${to}` in NEIGHBOURS) return []
        return [
          to === from
            ? `${path} imports its own package by name`
            : `${path} on floor ${floorOf(from)} imports ${specifier} on floor ${floorOf(to)}`,
        ]
      }),
    ),
  )
})

architecture('a package is entered through a door that its package.json names', () => {
  const doors = new Set(
    packages.flatMap(folder => {
      const { name, exports } = manifestOf(folder)
      return Object.keys(exports).map(door => join(name, door))
    }),
  )
  none(
    [...sources, ...tests].flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier }) =>
        folderOf.has(scopeOf(specifier)) && !doors.has(specifier) ? [`${path} imports ${specifier}`] : [],
      ),
    ),
  )
})

architecture('a relative import stays in its package, and a source file in src', () => {
  const strays = (file: SourceFile, home: string) =>
    file.imports.flatMap(({ specifier, file: to }) =>
      to === undefined || to.startsWith(home) ? [] : [`${file.path} imports ${specifier}`],
    )
  none(sources.flatMap(file => strays(file, `packages/${file.package}/src/`)))
  none(tests.flatMap(file => strays(file, `packages/${file.package}/`).filter(line => !/\/test\/(runner|oracle|tls|proxy)\//.test(line))))
})

architecture('a relative import names an existing file, with its extension', () => {
  none(
    [...sources, ...tests].flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, file }) =>
        file === undefined || existsSync(join(ROOT, file)) ? [] : [`${path} imports ${specifier}`],
      ),
    ),
  )
})

architecture('what a package imports, it declares; what it declares, the plan allows', () => {
  none(
    sources.flatMap(({ path, package: folder, imports }) => {
      const { dependencies, peerDependencies, devDependencies = {} } = manifestOf(folder)
      const bundled = Object.keys(devDependencies).filter(name => isBundled(name))
      const declared = { ...dependencies, ...peerDependencies, ...Object.fromEntries(bundled.map(name => [name, true])) }
      return imports
        .filter(({ specifier, file }) => file === undefined && !isBuiltin(specifier) && !(scopeOf(specifier) in declared))
        .map(({ specifier }) => `${path} imports ${specifier}, which its package.json does not declare`)
    }),
  )
  none(
    packages.flatMap(folder =>
      Object.keys(manifestOf(folder).dependencies ?? {})
        .filter(name => !folderOf.has(name) && !THIRD_PARTY[folder]?.includes(name))
        .map(name => `${folder} depends on ${name}`),
    ),
  )
})

architecture('a package that is not released is bundled, and whoever bundles it depends on what it needs', () => {
  none(
    packages.flatMap(folder => {
      const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifestOf(folder)
      const needed = Object.keys({ ...dependencies, ...peerDependencies }).filter(isBundled)
      const missing = Object.keys(devDependencies)
        .filter(isBundled)
        .flatMap(name => Object.keys(manifestOf(folderOf.get(name) as string).dependencies ?? {}))
        .filter(name => !(name in dependencies))
      return [...needed.map(name => `${folder} depends on ${name}`), ...missing.map(name => `${folder} does not depend on ${name}`)]
    }),
  )
})

architecture('protocol and kernel import nothing of Node', () => {
  none(
    sources
      .filter(file => NEUTRAL.includes(file.package))
      .flatMap(({ path, imports }) =>
        imports.filter(({ specifier }) => isBuiltin(specifier)).map(({ specifier }) => `${path} imports ${specifier}`),
      ),
  )
})

architecture('only the edges, the talks and http know that there are two conversations', () => {
  const word = /(?<![A-Za-z])(?:eras?|legacy|modern)(?![a-z])|(?<=[a-z])(?:Eras?|Legacy|Modern)(?![a-z])/i
  none(
    sources
      .filter(({ path }) => !TWO_CONVERSATIONS.some(place => path.startsWith(place)))
      .flatMap(({ path, text }) =>
        text.split('\n').flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1} says "${word.exec(line)?.[0]}"`] : [])),
      ),
  )
})

architecture('no file imports itself by way of others at run time', () => {
  none(circles(sources, true).map(circle => circle.join(' → ')))
})

architecture('no file imports itself by way of others, types included', () => {
  none(circles(sources).map(circle => circle.join(' → ')))
})

architecture('an index is a door: explicit names only', () => {
  none(
    packages
      .flatMap(folder =>
        Object.values(manifestOf(folder).exports).flatMap(target =>
          typeof target === 'string' ? [] : [join('packages', folder, target['@oarlock/source'])],
        ),
      )
      .flatMap(door => {
        const file = sources.find(({ path }) => path === door)
        if (file === undefined) return [`${door} does not exist`]
        // A subpath of the umbrella is all of a package, whose own door names what that is.
        const whole = door.startsWith(join('packages', 'oarlock', '/')) && !door.endsWith('/index.ts')
        if (!whole && /export\s*\*/.test(file.code)) return [`${door} has an export *`]
        const rest = file.code.replace(/export\s+(type\s+)?\{[^}]*\}(\s*from\s*'[^']+')?/g, '').trim()
        return basename(door) === 'index.ts' && rest !== '' ? [`${door} holds more than exports: ${rest.slice(0, 80)}`] : []
      }),
  )
})

architecture('a file begins by saying what it is for', () => {
  none(
    sources
      .filter(placed)
      .filter(({ text }) => !/^(#!.*\n)?\/\*\*\s/.test(text))
      .map(({ path }) => path),
  )
})

architecture(`no file is longer than ${LINES} lines`, () => {
  none(
    sources.filter(({ text }) => text.split('\n').length > LINES + 1).map(({ path, text }) => `${path} has ${text.split('\n').length - 1}`),
  )
})

architecture('files are named by nouns in kebab-case, and nothing is a manager, helper, util, impl or base', () => {
  const vague = /(?<![a-z])(managers?|helpers?|utils?|impl|base)(?![a-z])/i
  const vagueName = /\b(?:class|interface|type|function|const)\s+(\w*(?:Manager|Helper|Utils?|Impl|Base)|I[A-Z][a-z]\w*)\b/
  none(sources.map(({ path }) => path).filter(path => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(path)) || vague.test(basename(path))))
  none(sources.flatMap(({ path, code }) => (vagueName.test(code) ? [`${path} defines ${vagueName.exec(code)?.[1]}`] : [])))
})

architecture('a folder stands where three or more files share a noun', () => {
  const folders = Map.groupBy(sources, ({ path }) => dirname(path))
  const nested = (folder: string) => sources.filter(({ path }) => path.startsWith(`${folder}/`)).length
  none([...folders.keys()].filter(folder => !folder.endsWith('/src') && nested(folder) < 3))
})

architecture('comments are told from strings', () => {
  assert.is(withoutComments(`const a = 'http://x' // b\n/* c */ const d = "/*"`), `const a = 'http://x' \n const d = "/*"`)
})

architecture.run()
