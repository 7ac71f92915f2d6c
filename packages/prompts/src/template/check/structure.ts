/** What is wrong with one template whatever stands around it: unknown helpers, wrong uses of them, forbidden names, blocks out of place. */

import { nearest } from '@oarlock/kernel'
import { blockName, isSuper, type Blocks } from '../blocks.ts'
import { isCalledBare, refusalOf, type Builtin } from '../builtin.ts'
import type { TemplateDefinition, TemplateProblem } from '../definition.ts'
import {
  isBare,
  type Block,
  type Called,
  type Expression,
  type Hash,
  type Literal,
  type Location,
  type Mustache,
  type Partial,
  type Path,
  type Program,
  type Statement,
  type SubExpression,
} from '../handlebars.ts'
import type { ProblemCode } from '../problem.ts'
import { FORBIDDEN } from '../values.ts'

/** `@` variables there are. */
const DATA: ReadonlySet<string> = new Set(['root', 'index', 'key', 'first', 'last'])

const NAME = /^[\w./-]{1,64}$/

/** How a helper is used. */
type Use = 'statement' | 'block' | 'value'

/** The template that is looked at. */
interface Written {
  readonly definition: TemplateDefinition
  problem(code: ProblemCode, message: string, at?: Location): TemplateProblem
}

/**
 * All problems of one text.
 * @param blocks its blocks, no two of which may have one name; not for a text that was composed: `{{super}}` makes twins there
 */
export function structureProblems(
  source: Written,
  program: Program,
  blocks: Blocks | undefined,
  helpers: ReadonlyMap<string, Builtin>,
): readonly TemplateProblem[] {
  const structure = new Structure(source, helpers)
  if (blocks !== undefined) structure.twins(blocks)
  structure.root(program)
  return structure.problems
}

class Structure {
  readonly problems: TemplateProblem[] = []
  readonly #source: Written
  readonly #helpers: ReadonlyMap<string, Builtin>
  /** Whether the text overrides blocks, and whether this place is in one that does. */
  readonly #isChild: boolean
  #overriding = false

  constructor(source: Written, helpers: ReadonlyMap<string, Builtin>) {
    this.#source = source
    this.#helpers = helpers
    this.#isChild = source.definition.extends !== undefined
  }

  /** Blocks of one name. */
  twins(blocks: Blocks): void {
    const names = new Set<string>()
    for (const { name, loc } of blocks.all()) {
      if (names.has(name)) this.#problem('duplicate-block', `There is another block "${name}" in this template`, loc)
      names.add(name)
    }
  }

  root(program: Program): void {
    if (!this.#isChild) return this.#program(program)
    for (const statement of program.body) {
      this.#overriding = blockName(statement) !== undefined
      if (!this.#overriding) this.#outside(statement)
      this.#statement(statement)
    }
  }

  /** What a child has outside of its blocks. */
  #outside(statement: Statement): void {
    if (statement.type === 'CommentStatement') return
    if (statement.type === 'ContentStatement' && statement.original.trim() === '') return
    const parent = this.#source.definition.extends ?? ''
    this.#problem('outside-block', `Put this into a {{#block "…"}} of '${parent}': outside of one it appears nowhere`, statement.loc)
  }

  #program(program: Program | undefined): void {
    for (const statement of program?.body ?? []) this.#statement(statement)
  }

  #statement(statement: Statement): void {
    if (isSuper(statement)) {
      if (this.#isChild && this.#overriding) return
      const why = this.#isChild ? 'outside of a {{#block}}' : 'in a template that extends none'
      return this.#problem('misplaced-super', `{{super}} stands ${why}. For a value of that name write {{this.super}}`, statement.loc)
    }
    switch (statement.type) {
      case 'MustacheStatement':
        return this.#mustache(statement)
      case 'BlockStatement':
        return this.#block(statement)
      case 'PartialStatement':
        return this.#partial(statement)
      case 'PartialBlockStatement':
        return this.#problem(
          'dynamic-partial',
          'A partial takes no block. Make it a layout: let this template extend it and override its blocks',
          statement.loc,
        )
      case 'Decorator':
      case 'DecoratorBlock':
        return this.#problem(
          'forbidden-name',
          'There are no decorators and no inline partials. Make it a template of its own',
          statement.loc,
        )
      default:
    }
  }

  #mustache(statement: Mustache): void {
    const { path } = statement
    if (path.type === 'PathExpression' && isBare(statement) && !this.#isCalledBare(path)) return this.#path(path)
    this.#call(statement, 'statement', statement.loc)
  }

  #isCalledBare(path: Path): boolean {
    const helper = isSimple(path) ? this.#helpers.get(path.original) : undefined
    return helper !== undefined && isCalledBare(helper)
  }

  #block(statement: Block): void {
    this.#call(statement, 'block', statement.loc)
    if (nameOf(statement) === 'block' && !NAME.test(blockName(statement) ?? '')) {
      this.#problem('helper-use', 'A block is named by a text of letters, digits, _ - . and /: {{#block "intro"}}', statement.loc)
    }
    this.#program(statement.program)
    this.#program(statement.inverse)
  }

  #partial({ name, params, hash, loc }: Partial): void {
    if (name.type !== 'PathExpression' && name.type !== 'StringLiteral' && name.type !== 'NumberLiteral') {
      this.#problem('dynamic-partial', 'The name of a partial is written out: {{> header}}. Choose between several with {{#if}}', loc)
    } else if (name.type === 'PathExpression' && name.data) {
      this.#problem('dynamic-partial', `{{> ${name.original}}} includes no template: a partial takes no block`, loc)
    }
    this.#values(params, hash)
  }

  /** A helper, as a statement, a block or a value of another. */
  #call(called: Called, use: Use, loc: Location): void {
    const name = nameOf(called)
    if (FORBIDDEN.has(name)) this.#problem('forbidden-name', `'${name}' leads out of the values and is never found`, loc)
    else {
      const helper = called.path.type === 'PathExpression' && !isSimple(called.path) ? undefined : this.#helpers.get(name)
      if (helper === undefined) this.#problem('unknown-helper', this.#unknown(name, use), loc)
      else this.#use(helper, called, use, loc)
    }
    this.#values(called.params, called.hash)
  }

  #unknown(name: string, use: Use): string {
    const said = use === 'block' ? `{{#${name}}}` : `{{${name} …}}`
    const cure = use === 'block' ? ` For a value write {{#if ${name}}}, {{#each ${name}}} or {{#with ${name}}}.` : ''
    return `There is no helper for ${said}.${nearest(name, [...this.#helpers.keys()])}${cure}`
  }

  #use(helper: Builtin, called: Called, use: Use, loc: Location): void {
    const complain = (message: string): void => this.#problem('helper-use', message, loc)
    const { name, form, least, most, named } = helper
    const given = called.params.length
    if (use === 'block' ? form === 'inline' : form === 'block') {
      return complain(form === 'block' ? `'${name}' is a block: {{#${name}}} … {{/${name}}}` : `'${name}' is no block: {{${name} …}}`)
    }
    if (use === 'value' && helper.puts !== 'value') {
      return this.#problem('nested-message', `'${name}' puts out a content block, and is no value of another helper`, loc)
    }
    if (given < least || given > most) return complain(`'${name}' takes ${counted(least, most)}, not ${given}`)
    for (const [index, param] of called.params.entries()) {
      const refusal = isConstant(param) ? refusalOf(helper, index, param.value, use === 'block') : undefined
      if (refusal !== undefined) this.#problem('helper-use', refusal, param.loc)
    }
    for (const { key, value } of called.hash?.pairs ?? []) {
      const refusal = isConstant(value) ? refusalOf(helper, key, value.value, use === 'block') : undefined
      if (refusal !== undefined) this.#problem('helper-use', refusal, value.loc)
      if (!named.includes(key))
        complain(`'${name}' takes no ${key}=…${nearest(key, named) || (named.length > 0 ? ` It takes ${named.join(', ')}.` : '')}`)
    }
  }

  #values(params: readonly Expression[], hash: Hash | undefined): void {
    for (const param of params) this.#value(param)
    for (const { key, value, loc } of hash?.pairs ?? []) {
      if (FORBIDDEN.has(key)) this.#problem('forbidden-name', `'${key}' cannot be given a value`, loc)
      this.#value(value)
    }
  }

  #value(value: Expression): void {
    if (value.type === 'PathExpression') this.#path(value)
    else if (value.type === 'SubExpression') this.#call(value, 'value', value.loc)
  }

  #path({ data, parts, original, loc }: Path): void {
    const forbidden = parts.find(part => FORBIDDEN.has(part))
    if (forbidden !== undefined) this.#problem('forbidden-name', `'${forbidden}' leads out of the values and is never found`, loc)
    else if (data && !DATA.has(parts[0] ?? '')) {
      this.#problem(
        'forbidden-name',
        `There is no ${original}.${nearest(parts[0] ?? '', [...DATA])} There are ${[...DATA].map(name => `@${name}`).join(', ')}`,
        loc,
      )
    }
  }

  #problem(code: ProblemCode, message: string, at: Location): void {
    this.problems.push(this.#source.problem(code, message, at))
  }
}

/** The name by which a helper is called: literals count as names (`{{#"if" x}}`). */
function nameOf({ path }: { readonly path: Path | Literal | SubExpression }): string {
  return path.type === 'SubExpression' ? '(…)' : String(path.original)
}

/** Whether a value is written out in the template. */
function isConstant(value: Expression): value is Literal {
  return value.type !== 'PathExpression' && value.type !== 'SubExpression'
}

/** Whether a path is one plain name, and so may be a helper. */
function isSimple({ parts, depth, data, original }: Path): boolean {
  return parts.length === 1 && depth === 0 && !data && original === parts[0]
}

function counted(least: number, most: number): string {
  const values = (count: number): string => `${count} ${count === 1 ? 'value' : 'values'}`
  if (least === most) return least === 0 ? 'no value' : values(least)
  return most === Number.POSITIVE_INFINITY ? `at least ${values(least)}` : `${least} to ${values(most)}`
}
