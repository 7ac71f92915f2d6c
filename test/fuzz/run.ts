/**
 * The long run: `pnpm fuzz [target] [seconds] [seed]` explores one target or all, 60 seconds each unless told otherwise. What it finds it adds to
 * `found/`, for the tests to replay; inputs that got somewhere are kept in `.cache/fuzz` for the next run.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { foundOf, isTarget, placeOf, TARGETS, textOf, type Found, type TargetName } from './engine/target.ts'
import { watch } from './engine/watch.ts'

const args = process.argv.slice(2).filter(arg => arg !== '--')
const chosen = args.filter(isTarget)
const [seconds = 60, seed = Date.now() % 2 ** 31] = args.filter(arg => /^\d+$/.test(arg)).map(Number)
const unknown = args.find(arg => !isTarget(arg) && !/^\d+$/.test(arg))
if (unknown !== undefined) {
  console.error(`There is no target '${unknown}': ${TARGETS.join(', ')}`)
  process.exit(1)
}

const CACHE = new URL('../../.cache/fuzz/', import.meta.url)
mkdirSync(CACHE, { recursive: true })

for (const name of chosen.length === 0 ? TARGETS : chosen) {
  const kept = new URL(`${name}.json`, CACHE)
  const explored = await watch(name, { seed, runs: Infinity, ms: seconds * 1000 }, inputsOf(kept))
  const { runs, corpus, places, seen, found } = explored
  if (corpus.length > 0) write(kept, corpus.map(textOf))
  console.log(`${name}: ${runs} inputs, ${corpus.length} of them led further; ${seen} of ${places} places reached (seed ${seed})`)
  if (found !== undefined) report(name, { input: textOf(found.input), why: found.why.split('\n')[0] ?? '' }, found.why)
}

function report(name: TargetName, found: Found, why: string): void {
  process.exitCode = 1
  console.error(`\n${name} breaks on ${JSON.stringify(found.input)}\n${why.slice(0, 2000)}\n`)
  const known = foundOf(name)
  if (!known.some(({ input }) => input === found.input)) write(placeOf('found', name), [...known, found])
}

function inputsOf(file: URL): readonly string[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as string[]
  } catch {
    return []
  }
}

function write(file: URL, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`)
}
