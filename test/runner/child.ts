/** Runs one test file in a process of its own, and sends the runner its report. */
import { pathToFileURL } from 'node:url'
import { skips, unrun, type Report } from './report.ts'

/** What a uvu suite leaves in the queue: resolves to its errors as text (or true), and its numbers of passed, skipped and all tests. */
type Run = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>

/** How long open handles may keep the process after the last test. */
const LINGER = 3000

const [, , file] = process.argv
if (file === undefined) throw new Error('child.ts wants the path of a test file')

const queue: [null, ...Run[]][] = [[null]]
Object.assign(globalThis, { UVU_DEFER: true, UVU_QUEUE: queue, UVU_INDEX: 0 })
await import(pathToFileURL(file).href)

let passed = 0
let total = 0
let skipped = 0

// A test may wait for what only timers bring that do not keep a process alive by themselves.
const alive = setInterval(() => {}, 2 ** 30)

const [, ...runs] = queue[0] ?? [null]
for (const run of runs) {
  try {
    const [errors, ran, left, all] = await run()
    passed += ran
    skipped += left
    total += all
    if (errors !== true) console.log(`\n${errors}`)
  } catch {
    total += 1 // an `after` hook threw, which its wrapper has told
  }
}
clearInterval(alive)
// Each thing that is left out loudly is a suite that is not run.
for (const title of [...unrun].slice(skips.count)) {
  total += 1
  console.error(`\n  The suite "${title}" has tests and is never run: it lacks its .run()`)
}

const report: Report = { passed, total, skipped: skipped + skips.count }
process.send?.(report, () => {
  process.disconnect()
  setTimeout(() => {
    console.error(`\n  The tests are over and something is still open: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(1)
  }, LINGER).unref()
})
