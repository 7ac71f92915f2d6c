/** Holds callers to versions: the rule on each version of a prompt that has several. */

import type { Guard } from '@oarlock/kernel'
import type { RegistryOptions } from './options.ts'
import { promptKey } from './definition.ts'
import type { PromptProblem } from './problem.ts'
import type { PromptRecord } from './record.ts'

/** Pins that name no version are reported once each, and not without end. */
const MOST_MISSED = 1_000

/** Makes the rules of one registry. */
export class Pins {
  readonly #pin: NonNullable<RegistryOptions['pin']>
  readonly #versions: (name: string) => readonly PromptRecord[]
  readonly #missed: (problem: PromptProblem) => void
  readonly #told = new Set<string>()

  constructor(
    pin: NonNullable<RegistryOptions['pin']>,
    versions: (name: string) => readonly PromptRecord[],
    missed: (problem: PromptProblem) => void,
  ) {
    this.#pin = pin
    this.#versions = versions
    this.#missed = missed
  }

  /** The rule that shows a version to those who are not held to another. */
  guard({ definition: { name, version } }: PromptRecord): Guard {
    return {
      visible: (principal, peer) => {
        const wanted = this.#pin(name, { principal, peer })
        if (wanted === undefined || wanted === version) return true
        if (this.#versions(name).some(record => record.definition.version === wanted)) return false
        this.#miss(name, wanted)
        return true
      },
    }
  }

  #miss(name: string, wanted: string): void {
    const key = promptKey(name, wanted)
    if (this.#told.has(key) || this.#told.size >= MOST_MISSED) return
    this.#told.add(key)
    const message = `callers are pinned to version ${wanted}, which does not exist: they get the one that answers by default`
    this.#missed({ severity: 'warning', code: 'missing-pin', message, prompt: name })
  }
}
