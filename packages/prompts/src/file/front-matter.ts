/** Takes a file apart: the YAML between two lines of `---`, and the text behind it, each with its place. */

import { createRequire } from 'node:module'
import type { Document, LineCounter, Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import type { FieldPath } from '../registry/field.ts'

type Yaml = typeof import('yaml')

let yaml: Yaml | undefined

/** Loaded when the first file is read: whoever has no files does not wait for it. */
const loadYaml = (): Yaml => (yaml ??= createRequire(import.meta.url)('yaml') as Yaml)

/** Aliases that one file may resolve: a few anchors are useful, a bomb is not. */
const MOST_ALIASES = 100

/** Characters of front matter. The YAML parser compares each key of a mapping with all others. */
const MOST_CHARS = 65_536

/** Mistakes of one front matter that are told. */
const MOST_TOLD = 20

/** A file, in two parts. */
export interface SplitFile {
  /** The YAML; undefined for a file that does not begin with `---`. */
  readonly head: string | undefined
  /** The text, without blank lines around it. */
  readonly body: string
  /** The line at which `body` begins, from 1. */
  readonly bodyLine: number
}

/** Splits a file whose line ends are `\n`. Undefined when the front matter does not end. */
export function splitFile(text: string): SplitFile | undefined {
  if (!/^---[ \t]*\n/.test(text)) return { head: undefined, ...trimmed(text, 1) }
  const start = text.indexOf('\n') + 1
  const end = /^---[ \t]*$/m.exec(text.slice(start))
  if (end === null) return undefined
  const head = text.slice(start, start + end.index)
  return { head, ...trimmed(text.slice(start + end.index + end[0].length + 1), lines(head) + 3) }
}

function trimmed(text: string, line: number): { readonly body: string; readonly bodyLine: number } {
  const blank = /^(?:[ \t]*\n)*/.exec(text)?.[0] ?? ''
  return { body: text.slice(blank.length).trimEnd(), bodyLine: line + lines(blank) }
}

/** Line ends in a text. */
function lines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/** A place in the file, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Front matter, read. */
export interface FrontMatter {
  readonly value: unknown
  /** What the YAML gets wrong; then there is no value. */
  readonly problems: readonly (Position & { readonly message: string })[]
}

/** Reads the YAML of a file. Core schema of YAML 1.2: `no` and `1.2.0` are text. A version keeps its spelling: `1.10` is not `1.1`. */
export function readFrontMatter(head: string): FrontMatter {
  if (head.length > MOST_CHARS) {
    const message = `the front matter has ${head.length} characters; ${MOST_CHARS} are allowed`
    return { value: undefined, problems: [{ message, line: 1, column: 1 }] }
  }
  const { document, counter } = parse(head)
  const told = (message: string, offset: number) => ({ message, ...positionOf(counter, offset) })
  const found = [...document.errors, ...document.warnings]
  const deep = found.find(({ message }) => message.startsWith('Maximum call stack'))
  if (deep !== undefined) return { value: undefined, problems: [told('the front matter is nested too deeply', deep.pos[0])] }
  const problems = found.slice(0, MOST_TOLD).map(({ message, pos }) => told(message.split('\n', 1)[0] as string, pos[0]))
  if (problems.length > 0) return { value: undefined, problems }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES })
    return { value: withVersion(value, document), problems }
  } catch (error) {
    return { value: undefined, problems: [told(error instanceof Error ? error.message : String(error), aliasIn(document))] }
  }
}

/** Where a member stands: its key in a mapping, or itself in a list. The nearest place around it where it is not there. */
export function placeIn(head: string, path: FieldPath): Position {
  const { document, counter } = parse(head)
  let at = 0
  let node: unknown = document.contents
  for (const step of path) {
    const found = within(node, step)
    if (found === undefined) break
    at = found.key?.range?.[0] ?? at
    node = found.value
  }
  return positionOf(counter, at)
}

/** Where the first alias stands that no anchor before it is for; the start where there is none such. */
function aliasIn(document: Document): number {
  const { isAlias, visit } = loadYaml()
  const anchors = new Set<string>()
  let at = 0
  visit(document, {
    Node(_key, node) {
      if (isAlias(node) && !anchors.has(node.source)) {
        at = node.range?.[0] ?? 0
        return visit.BREAK
      }
      if (node.anchor !== undefined) anchors.add(node.anchor)
      return undefined
    },
  })
  return at
}

interface Parsed {
  readonly head: string
  readonly document: Document
  readonly counter: LineCounter
}

/** The last front matter that was read: each of its problems asks for a place in it. */
let last: Parsed | undefined

/** Only what the core schema knows: `!!binary`, `!!set` and their like make what is no JSON. */
function parse(head: string): Parsed {
  if (last?.head === head) return last
  const { LineCounter: Counter, parseDocument } = loadYaml()
  const counter = new Counter()
  // What its own errors say of a place counts from the start of the YAML: the place in the file is told beside the message.
  const options = { prettyErrors: false, schema: 'core', stringKeys: true, resolveKnownTags: false } as const
  last = { head, document: parseDocument(head, { ...options, lineCounter: counter }), counter }
  return last
}

function within(node: unknown, step: string | number): { readonly key: Node | undefined; readonly value: unknown } | undefined {
  if (typeof step === 'number') {
    const item = (node as YAMLSeq | null)?.items?.[step] as Node | undefined
    return item === undefined ? undefined : { key: item, value: item }
  }
  const pairs = (node as YAMLMap | null)?.items as readonly Pair<Node>[] | undefined
  const pair = pairs?.find(each => (each.key as unknown as { value?: unknown } | undefined)?.value === step)
  return pair === undefined ? undefined : { key: pair.key, value: pair.value }
}

/** The opening `---` is line 1. */
function positionOf(counter: LineCounter, offset: number): Position {
  const { line, col } = counter.linePos(offset)
  return { line: line + 1, column: col }
}

function withVersion(value: unknown, document: Document): unknown {
  if (typeof value !== 'object' || value === null || typeof (value as { version?: unknown }).version !== 'number') return value
  const written = (document.get('version', true) as { source?: string } | undefined)?.source
  return { ...value, version: written }
}
