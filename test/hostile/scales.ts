/** Weighs what each case leaves behind in the process that it was tried on. Whatever leaves too much is found by its name. */
import type { Memory } from './process.ts'
import type { Trials, Tried } from './trials.ts'

/** A case over one of its ways, as a test. */
export interface Trial extends Tried {
  readonly name: string
}

const KIB = 1024

/** So much more may be held after a case than before it, rubbish and what goes on beside it included, without a closer look. */
const UNSEEN = 512 * KIB
/** What all since the last closer look may have come to, by the same measure; and how many that may be. */
const UNSEEN_IN_ALL = 3072 * KIB
const LOOK_EVERY = 100
/** When so much stayed for good of as many, with nothing going on, those that leave something each time are looked for. */
const LEFT = 512 * KIB
/** What may stay where there are none: code that ran for the first time, sessions that are open. And what that may come to from first to last. */
const LEFT_ONCE = 1536 * KIB
const LEFT_IN_ALL = 16 * 1024 * KIB
/** What a single case may leave each time that it is tried, alone. */
const LEFT_BY_ONE = 64 * KIB
const AGAIN = 4
const ROUNDS = 3

/** The last looks at a process. */
interface Looks {
  /** What was held at first, and at the last closer one. */
  first: number
  rest: number
  /** What was held at most after the last case. */
  last: number
  /** Cases since the last closer one. */
  count: number
}

export class Scales {
  readonly #tried: Trials
  readonly #trials: readonly Trial[]
  readonly #looks = new WeakMap<Memory, Looks>()
  readonly #guilty = new Map<Trial, string>()
  readonly #weighed = new Set<Trial>()

  constructor(tried: Trials, trials: readonly Trial[]) {
    this.#tried = tried
    this.#trials = trials
  }

  /**
   * Throws when this case left too much. What is held at most is looked at after each case, and costs nothing; where that is more than a case may leave,
   * and after many, everything is brought to rest and weighed. What was begun ahead may be what left it: it is told by its own name all the same.
   */
  async weigh(trial: Trial): Promise<void> {
    const memory = this.#tried.memoryOf(trial.each, trial.way)
    if (memory === undefined) return
    let looks = this.#looks.get(memory)
    if (looks === undefined) this.#looks.set(memory, (looks = await this.#first(memory)))
    looks.count += 1
    const most = await memory.atMost()
    const isSuspect = most - looks.last > UNSEEN || most - looks.rest > UNSEEN_IN_ALL || looks.count >= LOOK_EVERY
    looks.last = most
    if (isSuspect) await this.#tried.quietly(() => this.#lookCloser(memory, looks))
    this.#weighed.add(trial)
    const guilt = this.#guilty.get(trial)
    if (guilt !== undefined) throw new Error(guilt)
  }

  async #first(memory: Memory): Promise<Looks> {
    const rest = await this.#tried.quietly(() => held(memory))
    this.#tried.overOn(memory)
    return { first: rest, rest, last: rest, count: 0 }
  }

  async #lookCloser(memory: Memory, looks: Looks): Promise<void> {
    const { rest } = looks
    const suspects = this.#tried.overOn(memory)
    const nearly = await memory.nearly()
    const now = nearly - rest < LEFT ? nearly : await held(memory)
    Object.assign(looks, { rest: now, last: now, count: 0 })
    const inAll = now - looks.first
    if (inAll > LEFT_IN_ALL) looks.first = now
    if (now - rest < LEFT && inAll > LEFT_IN_ALL) throw new Error(`${inAll} bytes more are held than at first`)
    if (now - rest < LEFT) return
    const found = await this.#find(memory, suspects)
    looks.rest = looks.last = await held(memory)
    if (found.length > 0) looks.first += looks.rest - rest
    if (found.length === 0 && now - rest > LEFT_ONCE)
      throw new Error(`${now - rest} bytes stayed of the last ${suspects.length} cases, and of none of them when it is tried again`)
    // Their own tests are over.
    const late = found.filter(trial => this.#weighed.has(trial))
    if (late.length > 0) throw new Error(late.map(trial => `${trial.name}: ${this.#guilty.get(trial)}`).join('\n'))
  }

  /** Tries each again, alone, and remembers those that leave too much each time. */
  async #find(memory: Memory, suspects: readonly Tried[]): Promise<readonly Trial[]> {
    const found: Trial[] = []
    let before = await held(memory)
    for (const tried of suspects) {
      const { each, way } = tried
      // What code leaves that ran for the first time, it leaves once: whoever leaves something each time does so in every round.
      let left = Number.POSITIVE_INFINITY
      for (let round = 0; round < ROUNDS && left >= LEFT_BY_ONE; round += 1) {
        await this.#again(tried)
        const after = await held(memory)
        left = Math.min(left, (after - before) / AGAIN)
        before = after
      }
      const trial = this.#trials.find(known => known.each === each && known.way === way)
      if (left < LEFT_BY_ONE || trial === undefined) continue
      found.push(trial)
      this.#guilty.set(trial, `it leaves ${Math.round(left / KIB)} KiB each time`)
    }
    return found
  }

  async #again({ each, way }: Tried): Promise<void> {
    const again = Array.from({ length: AGAIN }, () => () => this.#tried.alone(each, way))
    // What has a socket of its own takes its time.
    if (each.kind === 'bytes') await Promise.all(again.map(run => run()))
    else for (const run of again) await run()
  }
}

const held = async (memory: Memory): Promise<number> => (await memory.held()).heap
