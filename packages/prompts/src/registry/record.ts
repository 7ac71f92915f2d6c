/** A prompt or fragment made ready to be held: checked by itself, its schema, variants and rules worked out once. */

import { inspectSchema, jsonSchemaOf, nearest, NO_ARGUMENTS, type Completer, type Guard, type Schema } from '@oarlock/kernel'
import type { JsonObject } from '@oarlock/protocol'
import type { RegistryProblemCode } from './code.ts'
import { completersOf } from './completion.ts'
import { promptKey, MAIN, type FragmentDefinition, type PromptDefinition } from './definition.ts'
import { DEFINITION, FRAGMENT, type Check, type FieldPath, type FieldProblem } from './field.ts'
import type { RegistryOptions } from './options.ts'
import type { PromptProblem } from './problem.ts'

/** Where something was written. */
export interface Source {
  readonly file: string
  /** The line at which the template begins. */
  readonly line: number
  /** Where a member of the front matter stands. */
  at(path: FieldPath): { readonly line: number; readonly column: number } | undefined
}

/** A variant, ready. */
export interface Variant {
  /** Of its template: `review@1.2.0`, `review@1.2.0#terse`. */
  readonly id: string
  readonly name: string
  readonly weight: number
  /** Its text, where it has one of its own. */
  readonly template: string | undefined
  /** The fragment that is its text. */
  readonly fragment: string | undefined
  readonly extends: string | undefined
}

/** A version of a prompt. */
export interface PromptRecord {
  readonly kind: 'prompt'
  /** `review@1.2.0` */
  readonly key: string
  readonly definition: PromptDefinition
  readonly source: Source | undefined
  /** For error texts. */
  readonly origin: string
  readonly schema: Schema
  /** JSON Schema of the arguments. */
  readonly args: JsonObject
  /** At least one; the prompt's own template first, where it has one. */
  readonly variants: readonly Variant[]
  readonly complete: ReadonlyMap<string, Completer> | undefined
  readonly guards: readonly Guard[]
  /** What is worth a thought about it. */
  readonly warnings: readonly PromptProblem[]
}

/** A fragment. */
export interface FragmentRecord {
  readonly kind: 'fragment'
  /** `partials/header` */
  readonly key: string
  readonly definition: FragmentDefinition
  readonly source: Source | undefined
}

/** Whatever a registry holds. Prompts and fragments share one set of names. */
export type Item = PromptRecord | FragmentRecord

/** An item, or what keeps it from being one. */
export interface Made<I extends Item> {
  readonly item: I | undefined
  readonly problems: readonly PromptProblem[]
}

/** Whether some of them keep prompts from being served. */
export const hasErrors = (problems: readonly PromptProblem[]): boolean => problems.some(({ severity }) => severity === 'error')

/** Checks a definition and works out what follows from it. Nothing is thrown. */
export function makePrompt(definition: PromptDefinition, source: Source | undefined, options: RegistryOptions): Made<PromptRecord> {
  const findings = [...checked(DEFINITION, definition)]
  if (findings.length > 0) return { item: undefined, problems: findings.map(finding => problemOf(finding, labelOf(definition), source)) }
  const key = promptKey(definition.name, definition.version)
  const problems: PromptProblem[] = []
  const tell = (code: RegistryProblemCode, path: FieldPath, message: string, severity: 'error' | 'warning' = 'error'): void => {
    problems.push(problemOf({ code, path, message, severity }, key, source))
  }
  const schema = definition.args ?? NO_ARGUMENTS
  const args = jsonOf(schema, message => tell('bad-schema', ['arguments'], message))
  const variants = variantsOf(key, definition, (path, message) => tell('bad-variants', path, message))
  const complete = completersOf(definition.complete ?? {}, args, options.completers ?? {}, (argument, message) =>
    tell('unknown-completer', ['arguments', argument], message),
  )
  const guards = guardsOf(definition.guard, options.guards ?? {}, message => tell('unknown-guard', ['guard'], message))
  if (definition.description === undefined) tell('no-description', [], 'has no description: people and models choose by it', 'warning')
  const origin = source?.file ?? `prompt ${key}`
  return {
    item: hasErrors(problems)
      ? undefined
      : { kind: 'prompt', key, definition, source, origin, schema, args, variants, complete, guards, warnings: problems },
    problems,
  }
}

/** Checks a fragment. Nothing is thrown. */
export function makeFragment(definition: FragmentDefinition, source: Source | undefined): Made<FragmentRecord> {
  const findings = [...checked(FRAGMENT, definition)]
  if (findings.length === 0) return { item: { kind: 'fragment', key: definition.name, definition, source }, problems: [] }
  return { item: undefined, problems: findings.map(finding => problemOf(finding, labelOf(definition), source)) }
}

/** A problem with its place. */
export function problemOf(
  {
    code,
    path,
    message,
    severity = 'error',
  }: Omit<FieldProblem, 'code'> & { readonly code: RegistryProblemCode; readonly severity?: 'error' | 'warning' },
  prompt: string | undefined,
  source: Pick<Source, 'file' | 'at'> | undefined,
): PromptProblem {
  const place = source === undefined ? {} : { file: source.file, ...source.at(path) }
  return { severity, code, message, ...(prompt === undefined ? {} : { prompt }), ...place }
}

const checked = (check: Check, value: unknown): Iterable<FieldProblem> => check(value, [])

function labelOf(definition: unknown): string {
  const { name, version } = (typeof definition === 'object' && definition !== null ? definition : {}) as {
    name?: unknown
    version?: unknown
  }
  return typeof name === 'string' ? promptKey(name, typeof version === 'string' ? version : undefined) : 'a prompt without a name'
}

function jsonOf(schema: Schema, tell: (message: string) => void): JsonObject {
  try {
    const json = jsonSchemaOf(schema)
    for (const { severity, path, message } of inspectSchema(json, 'args')) if (severity === 'error') tell(`args schema ${path}: ${message}`)
    return json
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error))
    return NO_ARGUMENTS
  }
}

function guardsOf(
  written: PromptDefinition['guard'],
  named: Readonly<Record<string, Guard>>,
  tell: (message: string) => void,
): readonly Guard[] {
  const list = written === undefined ? [] : Array.isArray(written) ? (written as readonly (string | Guard)[]) : [written as string | Guard]
  return list.flatMap(guard => {
    if (typeof guard !== 'string') return [guard]
    if (Object.hasOwn(named, guard)) return [named[guard] as Guard]
    tell(`no guard is called '${guard}'.${nearest(guard, Object.keys(named))} Name it in the option guards.`)
    return []
  })
}

type TellVariant = (path: FieldPath, message: string) => void

function variantsOf(
  key: string,
  { template = '', extends: parent, variants = [] }: PromptDefinition,
  tell: TellVariant,
): readonly Variant[] {
  const own = variants.filter(each => each.template === undefined && each.fragment === undefined)
  const body = { id: key, template, fragment: undefined, extends: own[0]?.extends ?? parent }
  if (own.length > 1)
    tell(['variants'], `${own.map(({ name }) => name).join(' and ')} are both the prompt's own text: give all but one a text`)
  const written = variants
    .filter(each => !own.includes(each))
    .map(each => ({
      id: `${key}#${each.name}`,
      name: each.name,
      weight: each.weight ?? 1,
      template: each.template,
      fragment: each.fragment,
      extends: each.extends ?? parent,
    }))
  const needsBody = own.length > 0 || written.length === 0 || template.trim() !== ''
  const all: readonly Variant[] = needsBody ? [{ ...body, name: own[0]?.name ?? MAIN, weight: own[0]?.weight ?? 1 }, ...written] : written
  checkVariants(all, variants, tell)
  if (needsBody && template.trim() === '' && parent === undefined) tell([], 'has no text')
  return all
}

function checkVariants(all: readonly Variant[], variants: NonNullable<PromptDefinition['variants']>, tell: TellVariant): void {
  const names = all.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) tell(['variants'], `two variants are called '${twice}'`)
  if (all.every(({ weight }) => weight === 0)) tell(['variants'], 'every variant has weight 0, so that nobody gets any')
  for (const [index, { template, fragment }] of variants.entries())
    if (template !== undefined && fragment !== undefined) tell(['variants', index], 'has a text of its own and that of a file: leave one')
}
