/** The servers that prompts are offered to: they hear of changes, and of what fails in the background, where no caller can be told. */

import { definePrompt, type ProviderHost } from '@oarlock/kernel'
import type { PromptProblem } from './problem.ts'
import { problemOf, type Item } from './record.ts'

/** All servers of one registry. */
export class Hosts {
  readonly #hosts = new Set<ProviderHost>()
  #last: ProviderHost | undefined

  get count(): number {
    return this.#hosts.size
  }

  add(host: ProviderHost): void {
    this.#hosts.add(host)
  }

  delete(host: ProviderHost): void {
    this.#hosts.delete(host)
    this.#last = host
  }

  /** The prompts changed. */
  changed(): void {
    for (const host of this.#hosts) host.changed()
  }

  /** What is wrong with an item whose name something else on one of the servers has: that server would refuse all prompts, not this one alone. */
  clash(item: Item): PromptProblem | undefined {
    if (item.kind === 'fragment' || this.#hosts.size === 0) return undefined
    const { key, definition, source } = item
    const component = definePrompt(definition.name, definition.version === undefined ? {} : { version: definition.version }, () => '')
    for (const host of this.#hosts) {
      const rival = host.rival(component)
      if (rival === undefined) continue
      const message = `'${key}' is what ${rival} is called too: rename one, or give them different versions`
      return problemOf({ code: 'duplicate', path: [], message }, key, source)
    }
    return undefined
  }

  /** What fails without a server is for the one that let go last; where there never was one it is written to the console's error stream. */
  report(cause: unknown, where: string): void {
    const hosts = this.#hosts.size === 0 && this.#last !== undefined ? [this.#last] : [...this.#hosts]
    if (hosts.length === 0) console.error(`prompts: ${where}:`, cause)
    for (const host of hosts) host.report(cause, where)
  }

  /**
   * Runs what nobody waits for, such as a listener that the program gave. What it throws, or rejects with, hurts nobody and is reported.
   * @param otherwise done first when it fails
   */
  tell(run: () => unknown, where: string, otherwise?: () => void): void {
    void (async () => run())().catch((cause: unknown) => {
      otherwise?.()
      this.report(cause, where)
    })
  }
}
