/** Runs a target on one input, and looks at what no target looks at itself: the time it takes and the prototypes everyone shares. */
import type { Target } from './target.ts'

/** Milliseconds of this thread's own time that one input of a few KiB may take, thrice in a row. */
const SLOW_MS = 500

const SHARED: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  Map.prototype,
  Promise.prototype,
]
const membersOf = (): number => SHARED.reduce((sum, prototype) => sum + Reflect.ownKeys(prototype).length, 0)
const BEFORE = membersOf()

/** @throws what is wrong */
export async function trial(target: Target, input: Uint8Array): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    const before = process.threadCpuUsage()
    const running = target.fuzz(Buffer.from(input))
    if (running !== undefined) await running
    if (membersOf() !== BEFORE) throw new Error('A prototype that everyone shares was changed')
    const { user, system } = process.threadCpuUsage(before)
    if (user + system < SLOW_MS * 1000) return
  }
  throw new Error(`The input takes more than ${SLOW_MS} ms each time`)
}
