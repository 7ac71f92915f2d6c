/** What types would have said about a component's options, for those who write without them: a misspelt guard must not leave a tool open. */

import { nearest } from '@oarlock/protocol'
import { InvalidComponent } from './invalid.ts'

const COMMON = ['name', 'title', 'description', 'icons', 'meta', 'tags', 'version', 'deprecated', 'guard', 'use', 'timeout']
const READ = [...COMMON, 'uri', 'mimeType', 'annotations', 'cache', 'watch']
const GUARD = ['visible', 'requires', 'allow']

const KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['tool', [...COMMON, 'input', 'output', 'annotations']],
  ['resource', [...READ, 'size']],
  ['template', [...READ, 'params', 'unscreened', 'list', 'complete']],
  ['prompt', [...COMMON, 'args', 'template', 'adds', 'complete']],
])

/** The parts of a component that its author may have got wrong. */
interface Written {
  readonly guards: readonly object[]
  readonly use: readonly unknown[]
  readonly origin: string
}

/** @throws InvalidComponent naming every option that does not exist, and what is no function where one is needed */
export function checkWritten(kind: string, options: object, run: unknown, { guards, use, origin }: Written): void {
  if (typeof options !== 'object' || options === null)
    throw new InvalidComponent(origin, ['the options must be an object; the function comes after them'])
  const problems = [...unknown('option', options, KNOWN.get(kind) ?? []), ...guards.flatMap(misspelt)]
  if (!use.every(layer => typeof layer === 'function')) problems.push('use must be middleware: a function (call, next, ctx) => result')
  if (typeof run !== 'function') problems.push(`the function that the ${kind} runs is missing`)
  if (problems.length > 0) throw new InvalidComponent(origin, problems)
}

function unknown(what: string, given: object, known: readonly string[]): string[] {
  return Object.keys(given)
    .filter(key => !known.includes(key))
    .map(key => `'${key}' is no ${what}.${nearest(key, known)}`)
}

/** A guard may have members of its own, but not only those, and none that looks like a slip. */
function misspelt(guard: object): readonly string[] {
  const strangers = unknown('member of a guard', guard, GUARD)
  if (!GUARD.some(name => name in guard)) return [`a guard needs at least one of ${GUARD.join(', ')}`, ...strangers]
  return strangers.filter(text => text.includes('Did you mean'))
}
