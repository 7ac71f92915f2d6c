/** The thread in which one target is explored. It can be stopped from outside when an input never ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { Coverage } from './coverage.ts'
import { explore, type Bounds } from './explore.ts'
import { importTarget } from './target.ts'

/** What the thread is handed. */
export interface Errand extends Bounds {
  /** The target's module. */
  readonly place: string
  readonly seeds: readonly Uint8Array[]
  /** Where the thread writes what it is about to run: how many so far, its length, its bytes. */
  readonly now: SharedArrayBuffer
}

const { place, seeds, now, ...bounds } = workerData as Errand
const heads = new Int32Array(now, 0, 2)
const bytes = new Uint8Array(now, 8)

const coverage = new Coverage()
const target = await importTarget(place)
coverage.adopt()
const explored = await explore(target, coverage, seeds, bounds, input => {
  bytes.set(input.subarray(0, bytes.length))
  heads[1] = Math.min(input.length, bytes.length)
  Atomics.add(heads, 0, 1)
})
parentPort?.postMessage(explored, [])
