/** One template as it was written: its syntax tree, its blocks, and what is wrong with it by itself. Never changes. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { Blocks } from './blocks.ts'
import { parse } from './compiler.ts'
import { Composed } from './composed.ts'
import type { TemplateDefinition, TemplateProblem } from './definition.ts'
import type { Location, Program } from './handlebars.ts'
import { isTooDeep } from './nesting.ts'
import type { TemplateLimits } from './options.ts'
import { PROBLEMS, type ProblemCode } from './problem.ts'
import { syntaxMistake } from './syntax.ts'
import { FORBIDDEN } from './values.ts'

/** Longer ids, and ids with control characters, are nobody's. */
const ID = /^[^\p{Cc}]{1,256}$/u

/** A definition that was read. */
export class Source {
  readonly definition: TemplateDefinition
  readonly whole: Composed
  /** Undefined when the text is not Handlebars. */
  readonly program: Program | undefined
  /** Why there is no program, or no use for it. */
  readonly mistakes: readonly TemplateProblem[]
  #blocks: Blocks | undefined

  /** @throws TypeError for an id or text that is no string */
  constructor(definition: TemplateDefinition, limits: TemplateLimits) {
    const { id, text, file, line = 1 } = definition
    if (typeof id !== 'string') throw new TypeError('The id of a template must be a string')
    if (typeof text !== 'string') throw new TypeError(`The template '${id}' must be a string`)
    const plain = text.replace(/^\u{feff}/u, '').replace(/\r\n?/g, '\n')
    this.definition = { ...definition, text: plain }
    this.whole = new Composed([{ text: plain, origin: { template: id, ...(file === undefined ? {} : { file }), line, column: 1 } }])
    const refusal = this.#refusal(limits)
    const parsed = refusal === undefined ? this.#parsed(plain) : refusal
    this.program = 'code' in parsed ? undefined : parsed
    this.mistakes = 'code' in parsed ? [parsed] : []
  }

  /** The blocks of its text. */
  get blocks(): Blocks {
    this.#blocks ??= new Blocks(this.whole.text, this.program)
    return this.#blocks
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

  #refusal(limits: TemplateLimits): TemplateProblem | undefined {
    const { id, text } = this.definition
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
      return parse(text)
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
