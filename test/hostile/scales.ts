/** Weighs what each case leaves behind in the process that it was tried on. Whatever leaves too much is found by its name. */
import type { Case, Way } from './case.ts'
import type { Memory } from './process.ts'
import type { Trials } from './trials.ts'

/** A case over one of its ways. */
export interface Trial {
  readonly name: string
  readonly each: Case
  readonly way: Way | undefined
}

const KIB = 1024

/** So much more may be held after a case than before it, rubbish and what goes on beside it included, without a closer look. */
const UNSEEN = 512 * KIB
/** What all since the last closer look may have come to, by the same measure; and how many that may be. */
const UNSEEN_IN_ALL = 3072 * KIB
const LOOK_EVERY = 100
/** What may have stayed for good of as many, with nothing going on: sessions that are open, code that ran for the first time. */
const LEFT = 384 * KIB
/** What a single case may leave each time that it is tried, alone. */
const LEFT_BY_ONE = 64 * KIB
const AGAIN = 4

/** The last looks at a process. */
interface Looks {
  /** What was held at the last closer one. */
  rest: number
  /** What was held at most after the last case. */
  last: number
  readonly since: Set<Trial>
}

export class Scales {
  readonly #tried: Trials
  readonly #looks = new WeakMap<Memory, Looks>()
  readonly #guilty = new Map<Trial, string>()

  constructor(tried: Trials) {
    this.#tried = tried
  }

  /**
   * Throws when this case left too much. What is held at most is looked at after each case, and costs nothing; where that is more than a case may leave,
   * and after many, everything is brought to rest and weighed.
   * @param begun what has been begun besides, and may be what left it
   */
  async weigh(trial: Trial, begun: readonly Trial[]): Promise<void> {
    const memory = this.#tried.memoryOf(trial.each, trial.way)
    if (memory === undefined) return
    let looks = this.#looks.get(memory)
    if (looks === undefined) this.#looks.set(memory, (looks = await this.#first(memory)))
    looks.since.add(trial)
    const most = await memory.atMost()
    const isSuspect = most - looks.last > UNSEEN || most - looks.rest > UNSEEN_IN_ALL || looks.since.size >= LOOK_EVERY
    looks.last = most
    if (isSuspect) await this.#tried.quietly(() => this.#lookCloser(memory, looks, trial, begun))
    const guilt = this.#guilty.get(trial)
    if (guilt !== undefined) throw new Error(guilt)
  }

  async #first(memory: Memory): Promise<Looks> {
    const rest = await this.#tried.quietly(() => held(memory))
    return { rest, last: rest, since: new Set() }
  }

  async #lookCloser(memory: Memory, looks: Looks, trial: Trial, begun: readonly Trial[]): Promise<void> {
    const before = looks.rest
    const nearly = await memory.nearly()
    const now = nearly - before < LEFT ? nearly : await held(memory)
    const suspects = [...looks.since, ...begun.filter(({ each, way }) => this.#tried.memoryOf(each, way) === memory)]
    Object.assign(looks, { rest: now, last: now })
    looks.since.clear()
    if (now - before < LEFT) return
    const found = await this.#find(memory, suspects)
    looks.rest = looks.last = await held(memory)
    const early = suspects.filter(each => each !== trial && !begun.includes(each) && this.#guilty.has(each))
    if (early.length > 0) throw new Error(early.map(each => `${each.name}: ${this.#guilty.get(each)}`).join('\n'))
    if (found === 0)
      throw new Error(`${now - before} bytes stayed of the last ${suspects.length} cases, and of none of them when it is tried again`)
  }

  /** Tries each again, alone, and remembers those that leave too much each time. @returns how many those are */
  async #find(memory: Memory, suspects: readonly Trial[]): Promise<number> {
    let found = 0
    let before = await held(memory)
    for (const trial of new Set(suspects)) {
      for (let turn = 0; turn < AGAIN; turn += 1) await this.#tried.alone(trial.each, trial.way)
      const after = await held(memory)
      const each = (after - before) / AGAIN
      before = after
      if (each < LEFT_BY_ONE) continue
      found += 1
      this.#guilty.set(trial, `it leaves ${Math.round(each / KIB)} KiB each time`)
    }
    return found
  }
}

const held = async (memory: Memory): Promise<number> => (await memory.held()).heap
