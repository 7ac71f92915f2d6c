/** Has a target explored in a thread of its own, and watches that no input runs for ever. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Bounds, Explored } from './explore.ts'
import { bytesOf, corpusOf, foundOf, moduleOf, type TargetName } from './target.ts'
import type { Errand } from './worker.ts'

/** How far a thread goes, and how long it may be silent before its input counts as endless. */
export interface Watched extends Omit<Bounds, 'maxLength'> {
  readonly endlessMs?: number
}

const MAX_LENGTH = 4096

/** Explores a target from its corpus, what it once broke on, and `more`. */
export function watch(name: TargetName, bounds: Watched, more: readonly string[] = []): Promise<Explored> {
  return watchModule(moduleOf(name), [...corpusOf(name), ...foundOf(name).map(({ input }) => input), ...more], bounds)
}

/** Explores the target of a module, seen from this folder, from some inputs. */
export async function watchModule(place: string, seeds: readonly string[], { endlessMs = 20_000, ...bounds }: Watched): Promise<Explored> {
  const now = new SharedArrayBuffer(8 + MAX_LENGTH)
  const errand: Errand = { ...bounds, maxLength: MAX_LENGTH, place, seeds: seeds.map(bytesOf), now }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: errand })
  const heads = new Int32Array(now, 0, 2)
  let before = -1
  let endless = false
  const watching = setInterval(() => {
    const runs = Atomics.load(heads, 0)
    endless = runs > 0 && runs === before
    before = runs
    if (endless) void worker.terminate()
  }, endlessMs)
  try {
    const [explored] = (await Promise.race([once(worker, 'message'), once(worker, 'exit')])) as [Explored | number]
    if (typeof explored === 'object') return explored
    const input = Uint8Array.from(new Uint8Array(now, 8, heads[1]))
    const why = endless ? `The input takes more than ${endlessMs} ms` : `The thread ended with ${explored}`
    return { runs: before, corpus: [], places: 0, seen: 0, found: { input, why } }
  } finally {
    clearInterval(watching)
    await worker.terminate()
  }
}
