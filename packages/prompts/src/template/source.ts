/** One template as it was written: what it includes, and what is wrong with it by itself. Never changes. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { Blocks, type NamedBlock } from './blocks.ts'
import type { Builtin } from './builtin.ts'
import { structureProblems } from './check/structure.ts'
import { Composed } from './composed.ts'
import type { TemplateDefinition, TemplateProblem } from './definition.ts'
import type { Location, Program } from './handlebars.ts'
import { isTooDeep } from './nesting.ts'
import type { TemplateLimits } from './options.ts'
import { partialNames } from './partials.ts'
import { PROBLEMS, type ProblemCode } from './problem.ts'
import type { Programs } from './programs.ts'
import { syntaxMistake } from './syntax.ts'
import { FORBIDDEN } from './values.ts'

/** Longer ids, and ids with control characters, are nobody's. */
const ID = /^[^\p{Cc}]{1,256}$/u

/** What the sources of one set have in common. */
export interface Common {
  readonly limits: TemplateLimits
  readonly helpers: ReadonlyMap<string, Builtin>
  readonly programs: Programs
}

/** What reading a text brings to light. */
interface Reading {
  /** What is wrong with the text, whatever else there is. */
  readonly problems: readonly TemplateProblem[]
  /** Names of what it includes itself. */
  readonly includes: readonly string[]
  /** The blocks that override those of its parent. */
  readonly overrides: readonly NamedBlock[]
  /** False when the text is not Handlebars, or too much of it. */
  readonly isReadable: boolean
}

/** A definition. Its text is read when something about it is first asked for. */
export class Source {
  readonly definition: TemplateDefinition
  readonly whole: Composed
  readonly #common: Common
  readonly #isComposed: boolean
  #reading: Reading | undefined

  /**
   * @param isComposed the text was put together from others: `{{super}}` makes twins of blocks
   * @throws TypeError for an id or text that is no string
   */
  constructor(definition: TemplateDefinition, common: Common, isComposed = false) {
    const { id, text, file, line = 1 } = definition
    if (typeof id !== 'string') throw new TypeError('The id of a template must be a string')
    if (typeof text !== 'string') throw new TypeError(`The template '${id}' must be a string`)
    const plain = text.replace(/^\u{feff}/u, '').replace(/\r\n?/g, '\n')
    this.definition = { ...definition, text: plain }
    this.whole = new Composed([{ text: plain, origin: { template: id, ...(file === undefined ? {} : { file }), line, column: 1 } }])
    this.#common = common
    this.#isComposed = isComposed
  }

  get reading(): Reading {
    return (this.#reading ??= this.#read())
  }

  /** Its syntax tree; undefined when there is none. */
  get program(): Program | undefined {
    return this.reading.isReadable ? this.#common.programs.of(this.whole.text) : undefined
  }

  /** Names that its arguments declare, with their schemas. */
  get properties(): JsonObject {
    const { properties } = (this.definition.args ?? {}) as JsonObject
    return isObject(properties) ? properties : {}
  }

  /** A problem at a place in its text. */
  problem(code: ProblemCode, message: string, at?: Location): TemplateProblem {
    return problemAt(code, message, this.whole, at, this.definition.id)
  }

  #read(): Reading {
    const { text } = this.whole
    const program = this.#refusal() ?? this.#parsed(text)
    if ('code' in program) return { problems: [program], includes: [], overrides: [], isReadable: false }
    const blocks = new Blocks(text, program)
    const problems = structureProblems(this, program, this.#isComposed ? undefined : blocks, this.#common.helpers)
    const overrides = this.definition.extends === undefined ? [] : blocks.outermost
    return { problems, includes: partialNames(program), overrides, isReadable: true }
  }

  #refusal(): TemplateProblem | undefined {
    const { id, text } = this.definition
    const { limits } = this.#common
    if (!ID.test(id) || id.split(/[/.]/).some(part => FORBIDDEN.has(part)) || id.startsWith('@')) {
      return this.problem('forbidden-name', `'${id.slice(0, 80)}' cannot be the id of a template`)
    }
    if (text.length > limits.templateChars) {
      const message = `The template has ${text.length} characters; at most ${limits.templateChars} are allowed (limits.templateChars)`
      return this.problem('too-large', message)
    }
    if (!isTooDeep(text, limits.depth)) return undefined
    return this.problem('too-deep', `Blocks or sub-expressions are nested deeper than ${limits.depth} (limits.depth)`)
  }

  #parsed(text: string): Program | TemplateProblem {
    try {
      return this.#common.programs.of(text)
    } catch (cause) {
      if (cause instanceof RangeError) return this.problem('too-deep', 'The template is nested too deeply')
      const { message, at } = syntaxMistake(text, cause)
      return this.problem('syntax', message, at)
    }
  }
}

/** A problem of a template, at a place in a text. */
export function problemAt(code: ProblemCode, message: string, text: Composed, at: Location | undefined, template: string): TemplateProblem {
  const { line = 1, column = 0 } = at?.start ?? {}
  return { severity: PROBLEMS[code].severity, code, message, ...text.locate(line, column), template }
}
