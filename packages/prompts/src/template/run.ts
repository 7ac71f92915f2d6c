/** Runs one compiled text, and tells whatever goes wrong with the place in its file. */

import { Fault } from '@oarlock/protocol'
import { nearest } from '@oarlock/kernel'
import { TemplateFailure, type Place } from './failure.ts'
import type { Rendered, RunOptions } from './handlebars.ts'
import { Missing } from './values.ts'

/** Finds the place in a file for a place in a compiled text: line from 1, column from 0. */
export type Locate = (line: number, column: number) => Place

/** One template that can run. */
export interface Runnable {
  readonly run: Rendered
  readonly locate: Locate
  /** Names of its arguments: absent ones are empty rather than missing. */
  readonly declared: readonly string[]
}

/** A failure that knows where in its compiled text it happened, and not yet in which template. */
export class Located extends Error {
  readonly line: number
  readonly column: number

  constructor(cause: unknown, line: number, column: number) {
    super('', { cause })
    this.line = line
    this.column = column
  }
}

/** For a template that is only there to be included. */
export function fragmentFailure(id: string): TemplateFailure {
  return new TemplateFailure('unknown-template', `'${id}' is a fragment: it is included or extended, and not rendered by itself`)
}

/** Whether a thrown value says where it happened. */
export function isLocated(thrown: unknown): boolean {
  return thrown instanceof Located || thrown instanceof Missing || (TemplateFailure.is(thrown) && thrown.template !== undefined)
}

/** Runs one compiled text. @throws TemplateFailure with its place; a Fault or a signal of a helper as it is */
export function run({ run: rendered, locate }: Runnable, context: unknown, options: RunOptions): string {
  try {
    return rendered(context, options)
  } catch (cause) {
    throw failureOf(cause, locate, context)
  }
}

function failureOf(thrown: unknown, locate: Locate, context: unknown): unknown {
  if (TemplateFailure.is(thrown) && thrown.template !== undefined) return thrown
  if (thrown instanceof Missing) {
    const place = locate(thrown.line, thrown.column)
    return new TemplateFailure('missing-value', `'${thrown.message}' is not among the values${known(thrown.message, context)}`, place)
  }
  const cause = thrown instanceof Located ? thrown.cause : thrown
  const place = thrown instanceof Located ? locate(thrown.line, thrown.column) : locate(1, 0)
  if (TemplateFailure.is(cause)) return new TemplateFailure(cause.code, cause.message, place, { cause: cause.cause })
  if (!(cause instanceof Error) || Fault.is(cause)) return cause
  // Too deep for the stack, or a text longer than the engine can hold.
  if (cause instanceof RangeError) return new TemplateFailure('limit', cause.message, place, { cause })
  return new TemplateFailure('helper', cause.message, place, { cause })
}

function known(name: string, context: unknown): string {
  return typeof context === 'object' && context !== null ? `.${nearest(name, Object.keys(context))}` : ''
}
