/** Finds the test files, and reads what they say about themselves. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT } from './place.ts'

export interface TestFile {
  /** Relative to the repository. */
  readonly path: string
  /** In milliseconds: the runner's own, or what a line `// time limit: 300 s` in the file asks for. */
  readonly limit: number
}

const CLOSED = new Set(['node_modules', 'dist', 'src', 'fixtures', '.cache'])

/** All test files under `roots` whose path contains one of `words`, those that ask for more time first, since they take it. */
export function discover(roots: readonly string[], words: readonly string[], limit: number): TestFile[] {
  return roots
    .flatMap(root => [...walk(join(ROOT, root))])
    .map(file => relative(ROOT, file))
    .filter(path => words.length === 0 || words.some(word => path.includes(word)))
    .map(path => ({ path, limit: asked(path) ?? limit }))
    .sort((a, b) => b.limit - a.limit || (a.path < b.path ? -1 : 1))
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !CLOSED.has(entry.name)) yield* walk(join(folder, entry.name))
    else if (entry.isFile() && entry.name.endsWith('.test.ts')) yield join(folder, entry.name)
  }
}

function asked(path: string): number | undefined {
  const seconds = /^\/\/ time limit: (\d+) s$/m.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
