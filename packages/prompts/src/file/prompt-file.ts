/** One Markdown file becomes a prompt or a fragment, with every problem at its place. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { posix } from 'node:path'
import type { PromptDefinition, PromptVariant } from '../registry/definition.ts'
import {
  COMMON,
  either,
  FRAGMENT_COMMON,
  listOf,
  members,
  must,
  TEXT,
  variantOf,
  type Check,
  type FieldPath,
  type FieldProblem,
} from '../registry/field.ts'
import type { RegistryOptions } from '../registry/options.ts'
import type { PromptProblem } from '../registry/problem.ts'
import { makeFragment, makePrompt, problemOf, type Item, type Made, type Source } from '../registry/record.ts'
import { readArguments } from './arguments.ts'
import { placeIn, readFrontMatter, splitFile, type SplitFile } from './front-matter.ts'

/** A file as it was read. */
export interface PromptFile {
  /** Under its folder, with `/` between the parts: `support/refund@1.2.0.md`. */
  readonly path: string
  /** For problems: the folder as it was given, and `path`. */
  readonly label: string
  /** Line ends are `\n`. */
  readonly text: string
}

const ANYTHING: Check = () => []

const PROMPT = members(
  new Map<string, Check>([
    ...COMMON,
    ['arguments', ANYTHING],
    ['variants', (value, path) => VARIANTS(Array.isArray(value) ? value : [], path)],
    ['guard', either(must('the name of a rule', isName), listOf(TEXT, 'a list of names of rules'))],
  ]),
)

const VARIANTS = listOf(variantOf(['file', TEXT]), 'a list of variants')

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** A path some part of which begins with `_` is that of a fragment. */
export function isFragment(path: string): boolean {
  return path.split('/').some(part => part.startsWith('_'))
}

/** `_partials/header.md` is the fragment `partials/header`. */
export function fragmentName(path: string): string {
  return path
    .replace(/\.md$/i, '')
    .split('/')
    .map(part => part.replace(/^_+/, ''))
    .join('/')
}

/** Reads one file. Nothing is thrown. No item and no error: the file is not a prompt. */
export function readPromptFile(file: PromptFile, options: RegistryOptions): Made<Item> {
  const split = splitFile(file.text)
  if (split === undefined)
    return refused({ message: 'the front matter does not end: it needs a line --- of its own', line: 1, column: 1 }, file)
  const { head } = split
  if (head === undefined) return isFragment(file.path) ? fragment({}, split, file) : bare(file)
  const { value, problems } = readFrontMatter(head)
  if (problems.length > 0) return { item: undefined, problems: problems.map(problem => refusal(problem, file)) }
  const written = value ?? {}
  if (!isObject(written)) return refused({ message: 'the front matter must be a mapping: name: value', line: 2, column: 1 }, file)
  return isFragment(file.path) ? fragment(written, split, file) : prompt(written, split, file, options)
}

type Refusal = { readonly message: string; readonly line: number; readonly column: number }

const refusal = (problem: Refusal, { label }: PromptFile): PromptProblem => ({
  severity: 'error',
  code: 'front-matter',
  file: label,
  ...problem,
})

const refused = (problem: Refusal, file: PromptFile): Made<Item> => ({ item: undefined, problems: [refusal(problem, file)] })

function bare({ label }: PromptFile): Made<Item> {
  const message =
    "is not taken for a prompt, since it has no front matter: begin it with lines of --- around title, description and arguments, or its name with '_'"
  return { item: undefined, problems: [{ severity: 'warning', code: 'no-front-matter', message, file: label, line: 1, column: 1 }] }
}

function sourceOf({ head, bodyLine }: SplitFile, { label }: PromptFile): Source {
  return { file: label, line: bodyLine, at: path => (head === undefined ? undefined : placeIn(head, path)) }
}

function fragment(written: JsonObject, split: SplitFile, file: PromptFile): Made<Item> {
  const source = sourceOf(split, file)
  const found = [...FRAGMENT_COMMON(written, [])]
  if (found.length > 0) return { item: undefined, problems: found.map(problem => problemOf(problem, fragmentName(file.path), source)) }
  const { name = fragmentName(file.path), extends: parent } = written as { name?: string; extends?: string }
  // On a line of its own `{{> name}}` takes its line end with it: the fragment brings one.
  const template = file.text.endsWith('\n') ? `${split.body}\n` : split.body
  return makeFragment({ name, template, ...(parent === undefined ? {} : { extends: parent }) }, source)
}

function prompt(written: JsonObject, split: SplitFile, file: PromptFile, options: RegistryOptions): Made<Item> {
  const source = sourceOf(split, file)
  const { arguments: args, variants, ...rest } = written
  const { schema, complete, problems: inArguments } = readArguments(args)
  const listed = listVariants(variants)
  const inVariants: FieldProblem[] = []
  const own = listed.value.flatMap((each, index) => variant(each, listed.path(index), file, inVariants))
  const found = [...PROMPT({ ...written, variants: listed.value }, []), ...listed.problems, ...inArguments, ...inVariants]
  const named = fromPath(file.path)
  if (found.length > 0)
    return { item: undefined, problems: found.map(problem => problemOf(moved(problem, listed), nameIn(rest, named), source)) }
  const definition = {
    ...named,
    ...rest,
    args: schema,
    template: split.body,
    ...(variants === undefined ? {} : { variants: own }),
    ...(Object.keys(complete).length === 0 ? {} : { complete }),
  } as PromptDefinition
  return makePrompt(definition, source, options)
}

const nameIn = ({ name }: JsonObject, named: { readonly name: string }): string => (typeof name === 'string' ? name : named.name)

/** What the path says unless the front matter does: `support/refund@1.2.0.md`. */
function fromPath(path: string): { readonly name: string; readonly version?: string; readonly category?: string } {
  const folder = posix.dirname(path)
  const [name = '', ...version] = posix.basename(path).replace(/\.md$/i, '').split('@')
  return { name, ...(version.length === 0 ? {} : { version: version.join('@') }), ...(folder === '.' ? {} : { category: folder }) }
}

/** Variants as a list, whichever way they are written. */
interface ListedVariants {
  readonly value: readonly JsonObject[]
  readonly problems: readonly FieldProblem[]
  /** Where the variant stands in what was written. */
  path(index: number): FieldPath
}

/** A list with names, or a mapping from names to weights or mappings. */
function listVariants(written: unknown): ListedVariants {
  if (written === undefined) return { value: [], problems: [], path: () => ['variants'] }
  if (Array.isArray(written) && written.every(isObject)) return { value: written, problems: [], path: index => ['variants', index] }
  if (isObject(written)) {
    const names = Object.keys(written)
    const value = names.map(name => ({ ...weighted(written[name]), name }))
    return { value, problems: [], path: index => ['variants', names[index] as string] }
  }
  const message = 'variants must be a mapping from names to weights, or to mappings with weight and file or template'
  return { value: [], problems: [{ path: ['variants'], code: 'bad-value', message }], path: () => ['variants'] }
}

function weighted(value: unknown): JsonObject {
  if (value === null) return {}
  return isObject(value) ? value : { weight: value }
}

/** A problem of the list, at the place where it was written. */
function moved(problem: FieldProblem, listed: ListedVariants): FieldProblem {
  const [first, index, ...inside] = problem.path
  return first === 'variants' && typeof index === 'number' ? { ...problem, path: [...listed.path(index), ...inside] } : problem
}

/** `file` becomes the fragment that it is. */
function variant(
  { file: named, ...rest }: JsonObject,
  path: FieldPath,
  { path: prompt }: PromptFile,
  problems: FieldProblem[],
): PromptVariant[] {
  if (typeof named !== 'string') return [rest as unknown as PromptVariant]
  const found = posix.join(posix.dirname(prompt), named)
  if (found.startsWith('../') || !found.endsWith('.md') || !isFragment(found)) {
    const message = `the file of a variant must be a .md file in this folder or below, whose name begins with '_' so that it is no prompt of its own; '${named}' is not`
    problems.push({ path: [...path, 'file'], code: 'bad-value', message })
    return []
  }
  return [{ ...rest, fragment: fragmentName(found) } as unknown as PromptVariant]
}
