/** What a template includes. */

import { programsOf } from './blocks.ts'
import type { Partial, Program } from './handlebars.ts'

/** Every partial in a program, by its name. */
export function* partialsIn(program: Program | undefined): Iterable<readonly [name: string, partial: Partial]> {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'PartialStatement') {
      const { name } = statement
      const isName = name.type === 'StringLiteral' || name.type === 'NumberLiteral' || (name.type === 'PathExpression' && !name.data)
      if (isName) yield [String(name.original), statement]
    }
    for (const inner of programsOf(statement)) yield* partialsIn(inner)
  }
}

/** The names of all of them, each once. */
export function partialNames(program: Program | undefined): readonly string[] {
  return [...new Set(Array.from(partialsIn(program), ([name]) => name))]
}
