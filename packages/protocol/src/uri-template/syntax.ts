/** Reads the text of a URI template into literals and expressions (RFC 6570, section 2). */

import { excerpt } from '../json.ts'

/** The longest template, in characters. */
export const MAX_TEMPLATE_LENGTH = 2048
/** The most variables in one template. */
export const MAX_TEMPLATE_VARIABLES = 32

/** How an expression expands; `''` is the plain `{name}`. */
export type Operator = '' | '+' | '#' | '.' | '/' | ';' | '?' | '&'

/** One variable of an expression. */
export interface Variable {
  readonly name: string
  /** `{name*}` */
  readonly explode: boolean
  /** `{name:3}` */
  readonly prefix: number | undefined
}

/** Text between braces. */
export interface Expression {
  readonly kind: 'expression'
  /** As written, braces included; for messages. */
  readonly text: string
  readonly operator: Operator
  readonly variables: readonly Variable[]
}

/** Text outside braces, encoded as it stands in a URI. */
export interface Literal {
  readonly kind: 'literal'
  readonly text: string
}

export type Part = Literal | Expression

const BRAND = Symbol.for('oarlock.invalid-template')

/** A template that cannot be used. Says what is wrong with which expression, and what to write instead. */
export class InvalidTemplate extends Error {
  readonly code = 'INVALID_TEMPLATE'
  readonly template: string
  /** Each thing wrong, as one sentence. */
  readonly problems: readonly string[]

  constructor(template: string, problems: readonly string[]) {
    super(`The URI template "${excerpt(template)}" cannot be used: ${problems.join('; ')}`)
    this.name = 'InvalidTemplate'
    this.template = template
    this.problems = problems
  }

  /** True for errors of any copy of this package in the process. */
  static is(value: unknown): value is InvalidTemplate {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(InvalidTemplate.prototype, BRAND, { value: true })

const VARIABLE = /^((?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+(?:\.(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+)*)(?:(\*)|:([1-9]\d{0,3}))?$/
const OPERATORS = '+#./;?&'
const RESERVED_OPERATORS = '=,!@|'

/**
 * Reads a template.
 * @throws InvalidTemplate when it is not written as RFC 6570 says, or is over a limit
 */
export function parseTemplate(template: string): readonly Part[] {
  if (template.length > MAX_TEMPLATE_LENGTH) throw new InvalidTemplate(template, [`it is longer than ${MAX_TEMPLATE_LENGTH} characters`])
  const parts: Part[] = []
  let count = 0
  for (let at = 0; at < template.length;) {
    const open = template.indexOf('{', at)
    const end = open === -1 ? template.length : open
    if (end > at) parts.push({ kind: 'literal', text: literal(template, template.slice(at, end)) })
    if (open === -1) break
    const close = template.indexOf('}', open)
    if (close === -1) throw new InvalidTemplate(template, [`the "{" at ${open} is never closed`])
    const expression = readExpression(template, template.slice(open, close + 1))
    parts.push(expression)
    count += expression.variables.length
    at = close + 1
  }
  if (count > MAX_TEMPLATE_VARIABLES) throw new InvalidTemplate(template, [`it has more than ${MAX_TEMPLATE_VARIABLES} variables`])
  return parts
}

function literal(template: string, text: string): string {
  if (text.includes('}')) throw new InvalidTemplate(template, ['a "}" has no "{" before it'])
  if (!isWellFormed(text)) throw new InvalidTemplate(template, ['it contains half a surrogate pair, which no URI can hold'])
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) <= 0x20)
      throw new InvalidTemplate(template, ['it contains white space or a control character; percent-encode it'])
  }
  return encodeReserved(text)
}

function readExpression(template: string, text: string): Expression {
  const inner = text.slice(1, -1)
  const first = inner.charAt(0)
  if (first !== '' && RESERVED_OPERATORS.includes(first)) {
    throw new InvalidTemplate(template, [`${text} uses "${first}", which RFC 6570 keeps for later`])
  }
  const operator = (first !== '' && OPERATORS.includes(first) ? first : '') as Operator
  const variables = inner
    .slice(operator.length)
    .split(',')
    .map(spec => readVariable(template, text, spec))
  return { kind: 'expression', text, operator, variables }
}

function readVariable(template: string, expression: string, spec: string): Variable {
  const found = VARIABLE.exec(spec)
  if (found === null) {
    throw new InvalidTemplate(template, [
      `${expression} does not name a variable: write letters, digits, "_" and inner ".", such as {name} or {?a,b}`,
    ])
  }
  return { name: found[1] as string, explode: found[2] !== undefined, prefix: found[3] === undefined ? undefined : Number(found[3]) }
}

/** Whether a text can be written in UTF-8, and so be percent-encoded. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** Encodes all but unreserved and reserved characters and what is already percent-encoded: literals, `{+name}`, `{#name}`. */
export function encodeReserved(text: string): string {
  const plain = encodeURI(text).replaceAll('%5B', '[').replaceAll('%5D', ']')
  return plain.includes('%25') ? plain.replaceAll(/%25([0-9A-Fa-f]{2})/g, '%$1') : plain
}

/** Encodes all but unreserved characters: every other expression. */
export function encodeUnreserved(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
