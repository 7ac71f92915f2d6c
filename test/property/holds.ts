/**
 * Says that a property holds for everything that was tried. A failure tells its seed and the smallest case; `OARLOCK_SEED=… OARLOCK_PATH=…` in the
 * environment replays it, `OARLOCK_RUNS=100000` tries more. CI tries the same each time, so that it fails for a change only.
 */
import * as fc from 'fast-check'

const { OARLOCK_SEED, OARLOCK_PATH, OARLOCK_RUNS, CI } = process.env

type Held<T> = (value: T) => void | Promise<void>

/** @param runs how many values are tried, unless the environment says more */
export async function holds<T>(values: fc.Arbitrary<T>, held: Held<T>, runs = 200): Promise<void> {
  const seed = OARLOCK_SEED ?? (CI === undefined ? undefined : '20260728')
  const property = fc.asyncProperty(values, async value => held(value))
  const details = await fc.check(property, {
    numRuns: OARLOCK_RUNS === undefined ? runs : Number(OARLOCK_RUNS),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(OARLOCK_PATH === undefined ? {} : { path: OARLOCK_PATH }),
  })
  if (!details.failed) return
  const { counterexample, counterexamplePath, errorInstance: cause } = details
  const replay = `OARLOCK_SEED=${details.seed} OARLOCK_PATH=${counterexamplePath}`
  const why = cause instanceof Error ? cause.stack : String(cause)
  throw new Error(`${replay} replays ${fc.stringify(counterexample)}\n${why}`, { cause })
}
