/** The `{{#block "name"}}` of a text, by their offsets: what inheritance replaces. */

import type { Block, Location, Position, Program, Statement } from './handlebars.ts'

/** One block. Offsets count from the start of the text. */
export interface NamedBlock {
  readonly name: string
  readonly loc: Location
  /** The block with its tags. */
  readonly start: number
  readonly end: number
  /** What stands between its tags. */
  readonly innerStart: number
  readonly innerEnd: number
  /** Blocks within it. */
  readonly children: readonly NamedBlock[]
  /** Every `{{super}}` within it. */
  readonly supers: readonly { readonly start: number; readonly end: number }[]
}

/** The name of a `{{#block}}`; undefined for any other statement, and for a block without a proper name. */
export function blockName(statement: Statement): string | undefined {
  if (statement.type !== 'BlockStatement' || (statement.path as { original?: unknown }).original !== 'block') return undefined
  const [name] = statement.params
  return name?.type === 'StringLiteral' && typeof name.value === 'string' ? name.value : undefined
}

/** Whether a statement is `{{super}}`, or `{{> @super}}`. */
export function isSuper(statement: Statement): boolean {
  if (statement.type === 'PartialStatement') return statement.name.type === 'PathExpression' && statement.name.original === '@super'
  if (statement.type !== 'MustacheStatement' || statement.path.type !== 'PathExpression') return false
  return statement.path.original === 'super' && statement.params.length === 0 && statement.hash === undefined
}

/** The programs within a statement. */
export function programsOf(statement: Statement): readonly Program[] {
  if (statement.type === 'PartialBlockStatement') return [statement.program]
  if (statement.type !== 'BlockStatement') return []
  return [statement.program, statement.inverse].filter(program => program !== undefined)
}

/** The blocks of one text. */
export class Blocks {
  readonly #text: string
  readonly #lines: number[] = [0]
  /** Those that are in no other block, in their order. */
  readonly outermost: readonly NamedBlock[]

  constructor(text: string, program: Program | undefined) {
    this.#text = text
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1)
    this.outermost = program === undefined ? [] : this.#within(program)
  }

  /** All of them, outer before inner. */
  all(blocks: readonly NamedBlock[] = this.outermost): readonly NamedBlock[] {
    return blocks.flatMap(block => [block, ...this.all(block.children)])
  }

  #offset({ line, column }: Position): number {
    return (this.#lines[line - 1] ?? this.#text.length) + column
  }

  #within(program: Program): NamedBlock[] {
    return program.body.flatMap(statement => {
      const name = blockName(statement)
      if (name !== undefined) return [this.#block(name, statement as Block)]
      return programsOf(statement).flatMap(inner => this.#within(inner))
    })
  }

  #block(name: string, { loc, params, program }: Block): NamedBlock {
    const start = this.#offset(loc.start)
    const end = this.#offset(loc.end)
    const afterName = this.#offset((params[0] as { loc: Location }).loc.end)
    const innerStart = this.#text.indexOf('}}', afterName) + 2
    const innerEnd = this.#text.lastIndexOf('{{', end - 1)
    const children = program === undefined ? [] : this.#within(program)
    const supers = program === undefined ? [] : this.#supers(program)
    return { name, loc, start, end, innerStart, innerEnd, children, supers }
  }

  #supers(program: Program): { readonly start: number; readonly end: number }[] {
    return program.body.flatMap(statement => {
      if (isSuper(statement)) return [{ start: this.#offset(statement.loc.start), end: this.#offset(statement.loc.end) }]
      return programsOf(statement).flatMap(inner => this.#supers(inner))
    })
  }
}
