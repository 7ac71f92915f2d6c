/** How generated code looks into values: own members only, no functions, and every kind of value as text. */

import { TemplateFailure } from './failure.ts'

/** Names that lead out of data and into the language. No template may write them, and no value is found under them. */
export const FORBIDDEN: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
])

/** A place within the text that is running: line from 1, column from 0. */
export class Missing extends Error {
  readonly line: number
  readonly column: number

  constructor(name: string, line: number, column: number) {
    super(name)
    this.line = line
    this.column = column
  }
}

/** An own member of a value, or undefined: for a value that is none, a name that is missing, forbidden or inherited, and for functions. */
export function get(parent: unknown, name: PropertyKey): unknown {
  if (parent === null || parent === undefined || typeof parent === 'function') return undefined
  if (!Object.hasOwn(parent, name) || FORBIDDEN.has(name as string)) return undefined
  const value = (parent as Record<PropertyKey, unknown>)[name]
  return typeof value === 'function' ? undefined : value
}

/** A member that is put out by itself, `{{name}}`, and must be there. */
export function need(parent: unknown, name: string, line: number, column: number): unknown {
  if (parent === null || parent === undefined || !Object.hasOwn(parent, name)) throw new Missing(name, line, column)
  return get(parent, name)
}

/** A compiled text, as its code knows it. */
interface Container {
  readonly helpers: unknown
  readonly partials: unknown
  fn(index: number): (...given: readonly unknown[]) => string
}

/** What a block is rendered with: nothing, for the context around it, or what `Inner` says. */
export interface BlockOptions {
  readonly data?: unknown
  readonly blockParams?: readonly unknown[]
  /** One level more for `../`. */
  readonly enters?: boolean
}

/** A block of generated code, as a function of its context. */
export function block(
  container: Container,
  index: number,
  data: unknown,
  blockParams: readonly unknown[] | undefined,
  depths: readonly unknown[] | undefined,
): (context: unknown, options?: BlockOptions) => string {
  const run = container.fn(index)
  return (context, options = {}) => {
    const names = blockParams === undefined ? undefined : [options.blockParams, ...blockParams]
    const around = depths !== undefined && options.enters === true ? [context, ...depths] : depths
    return run(container, context, container.helpers, container.partials, options.data ?? data, names, around)
  }
}

/** A value as the text that stands for it: nothing for null, lists with commas, objects as JSON. */
export function text(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? '' : textOfObject(value)
    default:
      return ''
  }
}

function textOfObject(value: object): string {
  if (Array.isArray(value) && value.every(item => typeof item !== 'object' || item === null)) return value.map(text).join(', ')
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  return json(value, 0)
}

/** JSON of a value. @throws TemplateFailure for a value that contains itself */
export function json(value: unknown, indent: number): string {
  try {
    const encoded: string | undefined = JSON.stringify(value, undefined, indent)
    return encoded ?? ''
  } catch (cause) {
    throw new TemplateFailure('helper', 'The value cannot be written as JSON', undefined, { cause })
  }
}

/**
 * What a template sees as its context: own enumerable members of the values, without the forbidden ones, on no prototype. Declared names that are
 * absent are there and undefined, so that an optional argument may be written as `{{name}}`.
 */
export function contextOf(values: Readonly<Record<string, unknown>>, declared: readonly string[]): Record<string, unknown> {
  const context = Object.create(null) as Record<string, unknown>
  for (const name of declared) context[name] = undefined
  for (const name of Object.keys(values)) if (!FORBIDDEN.has(name)) context[name] = values[name]
  return context
}
