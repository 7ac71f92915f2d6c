/** What can be expected of a list: tools, resources, templates, prompts. */

import { holds, same, shown } from '../kit/difference.ts'
import { Expectation } from '../kit/expectation.ts'

/** A list, all its pages. Its entries go by their names. */
export class ListExpectation<T extends { readonly name: string }> extends Expectation<readonly T[]> {
  /** Exactly these, in this order. */
  are(...names: readonly string[]): this {
    return this.onResult(`are ${names.join(', ')}`, this.are, entries => {
      const actual = namesOf(entries)
      return same(names, actual) ? undefined : { was: `they are ${actual.join(', ') || 'none'}`, expected: names, actual }
    })
  }

  /** At least these. */
  include(...names: readonly string[]): this {
    return this.onResult(`include ${names.join(', ')}`, this.include, entries => {
      const missing = names.filter(name => !namesOf(entries).includes(name))
      return missing.length === 0
        ? undefined
        : { was: `${missing.join(', ')} is missing; there are ${namesOf(entries).join(', ') || 'none'}` }
    })
  }

  /** None of these. */
  lack(...names: readonly string[]): this {
    return this.onResult(`lack ${names.join(', ')}`, this.lack, entries => {
      const there = names.filter(name => namesOf(entries).includes(name))
      return there.length === 0 ? undefined : { was: `${there.join(', ')} is there` }
    })
  }

  /** The entry with this name has at least these members; patterns match texts. */
  has(name: string, part: object): this {
    return this.onResult(`have ${name} with ${shown(part)}`, this.has, entries => {
      const actual = entries.find(entry => entry.name === name)
      if (actual === undefined) return { was: `there are ${namesOf(entries).join(', ') || 'none'}` }
      return holds(part, actual) ? undefined : { was: 'it has others', expected: part, actual }
    })
  }
}

function namesOf(entries: readonly { readonly name: string }[]): readonly string[] {
  return entries.map(({ name }) => name)
}
