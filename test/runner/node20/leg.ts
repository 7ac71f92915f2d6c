/**
 * The Node 20 leg: runs, with the machine's own Node 20, every test file that can run there. A file that imports only the packages' doors runs
 * on the built packages, as users have them; a file that looks inside a package runs on its sources. Both are compiled by tsc.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestFile } from '../discover.ts'
import type { Task } from '../job.ts'
import { ROOT } from '../place.ts'
import { compile } from './compile.ts'
import { findNode20 } from './find.ts'
import { linkSources, linkThirdParty, packageSources } from './link.ts'
import { select } from './select.ts'

const CHILD = 'test/runner/child.ts'

/** Compiles what can run on Node 20, and returns how to run it. The order of the files stays. */
export function forNode20(found: readonly TestFile[]): Task[] {
  const node = findNode20()
  const kinds = new Map(found.map(file => [file, select(file.path)]))
  const built = found.filter(file => kinds.get(file) === 'doors')
  const sources = found.filter(file => kinds.get(file) === 'sources')
  const outOfBuilt = prepare('built', built)
  const outOfSources = prepare('sources', sources)
  linkSources(outOfSources)
  console.log(
    `Node ${node.version}: ${built.length} files on the built packages, ${sources.length} on sources, ${found.length - built.length - sources.length} not\n`,
  )
  return found.flatMap(file => {
    const out = { doors: outOfBuilt, sources: outOfSources, none: undefined }[kinds.get(file) ?? 'none']
    return out === undefined ? [] : [{ file, node: node.path, args: [join(out, compiled(CHILD)), join(out, compiled(file.path))] }]
  })
}

function prepare(name: 'built' | 'sources', files: readonly TestFile[]): string {
  const out = join(ROOT, '.cache/node20', name)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'package.json'), '{"type":"module"}')
  linkThirdParty(out, name === 'sources')
  const paths = files.map(({ path }) => path)
  const experimental = paths.filter(path => path.includes('/experimental/'))
  const others = paths.filter(path => !experimental.includes(path))
  // What is reached by a package's name counts as foreign to the compiler, which then leaves it out.
  const ours = name === 'sources' && files.length > 0 ? packageSources() : []
  compile(out, [CHILD, ...ours, ...others], { customConditions: name === 'sources' ? ['@oarlock/source'] : [] })
  if (experimental.length > 0) compile(out, experimental, { experimentalDecorators: true, emitDecoratorMetadata: true })
  return out
}

const compiled = (path: string) => path.replace(/\.ts$/, '.js')
