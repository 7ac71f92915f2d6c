/** What becomes of files that changed together: as many as can be are taken up, and each that cannot be is told why. */

import type { Change, Collection } from '../registry/collection.ts'
import type { PromptProblem } from '../registry/problem.ts'

/** A file that may be taken up. */
export interface Candidate {
  readonly id: string
  /** As problems name it. */
  readonly label: string
  /** It changes nothing of it: it is as it was when it could not be taken up. */
  readonly isStale: boolean
  readonly isGone: boolean
  /** What it puts into the collection and takes out of it. */
  readonly put: Change['put']
  readonly remove: Change['remove']
}

/** What was taken up. */
export interface Settled {
  /** Prompts and fragments that are not what they were. */
  readonly put: readonly string[]
  readonly removed: readonly string[]
}

export const isError = ({ severity }: PromptProblem): boolean => severity === 'error'

/** One change to a collection, made of many. */
export class Settlement {
  readonly #collection: Collection
  readonly #candidates: readonly Candidate[]
  readonly #broken: Map<string, readonly PromptProblem[]>
  /** Those that are tried alone, after the others. */
  readonly #waiting: Candidate[] = []
  readonly #put = new Set<string>()
  readonly #removed = new Set<string>()

  /** @param broken what is wrong with files that are left out from the start; the errors of those that are left out here are added */
  constructor(collection: Collection, candidates: readonly Candidate[], broken: Map<string, readonly PromptProblem[]>) {
    this.#collection = collection
    this.#candidates = candidates
    this.#broken = broken
  }

  settle(): Settled {
    for (let taken = this.#rest(); taken.length > 0; taken = this.#rest()) {
      const errors = this.#take(taken)
      if (errors === undefined) break
      this.#leaveOut(taken, errors)
    }
    for (const candidate of this.#waiting) {
      const errors = this.#take([candidate])
      if (errors !== undefined) this.#broken.set(candidate.id, errors)
    }
    return { put: [...this.#put].filter(key => this.#collection.items.has(key)), removed: [...this.#removed] }
  }

  #rest(): readonly Candidate[] {
    return this.#candidates.filter(candidate => !this.#broken.has(candidate.id) && !this.#waiting.includes(candidate))
  }

  /** @returns what is wrong when they are taken up together; undefined when they were */
  #take(candidates: readonly Candidate[]): readonly PromptProblem[] | undefined {
    const change = { put: candidates.flatMap(({ put }) => put), remove: candidates.flatMap(({ remove }) => remove) }
    const { done, changed, problems } = this.#collection.apply(change)
    if (!done) return problems.filter(isError)
    for (const key of changed) this.#put.add(key)
    for (const key of change.remove) if (!this.#collection.items.has(key)) this.#removed.add(key)
    return undefined
  }

  /**
   * Lets go of those that are most likely at fault: what was broken before and still is; a file that is gone while others need it; what has errors now;
   * anything that was broken before; anything that is gone; and then all.
   */
  #leaveOut(taken: readonly Candidate[], errors: readonly PromptProblem[]): void {
    const guilty = taken.filter(candidate => errorsOf(candidate, errors).length > 0)
    const stale = taken.filter(({ isStale }) => isStale)
    const gone = taken.filter(({ isGone }) => isGone)
    const isSomebodyOut =
      this.#blame(guilty.filter(isIn(stale)), errors) ||
      this.#wait(stale.filter(isIn(gone)), taken) ||
      this.#blame(guilty, errors) ||
      this.#wait(stale, taken) ||
      this.#wait(gone, taken)
    if (isSomebodyOut) return
    for (const [index, { id, label }] of taken.entries()) this.#broken.set(id, index === 0 ? errors : [leftOut(label)])
  }

  /** @returns whether there was anybody to blame */
  #blame(candidates: readonly Candidate[], errors: readonly PromptProblem[]): boolean {
    for (const candidate of candidates) this.#broken.set(candidate.id, errorsOf(candidate, errors))
    return candidates.length > 0
  }

  /** @returns whether some of them go on without these */
  #wait(candidates: readonly Candidate[], taken: readonly Candidate[]): boolean {
    if (candidates.length === 0 || candidates.length === taken.length) return false
    this.#waiting.push(...candidates)
    return true
  }
}

const isIn =
  (candidates: readonly Candidate[]) =>
  (candidate: Candidate): boolean =>
    candidates.includes(candidate)

/** The errors that stand in a file itself. */
function errorsOf({ put }: Candidate, errors: readonly PromptProblem[]): readonly PromptProblem[] {
  const [file] = put.map(({ source }) => source?.file)
  return file === undefined ? [] : errors.filter(problem => problem.file === file)
}

/** For a file that was left out with another, whose errors stand elsewhere. */
function leftOut(file: string): PromptProblem {
  return { severity: 'error', code: 'left-out', message: 'was not taken up, since what changed at the same time brings errors', file }
}
