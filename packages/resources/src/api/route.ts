/** One allowed path: which resources it makes, and the one way in which they become requests. */

import { compileSchema, type CacheHint, type CompiledSchema, type Schema } from '@oarlock/kernel'
import { type OptionNames, compileTemplate, expandTemplate, type UriTemplate } from '@oarlock/protocol'
import type { SourceTemplate, Variables } from '../provider/contract.ts'

/** A path that may be read. */
export interface ApiPath {
  /** Behind the base URL: `/users/{id}`, `/files{/path*}`, `/search?type=repo{&q,page}`. A value of `{name}` is one segment, whatever it holds. */
  readonly path: string
  /** The path when absent. */
  readonly name?: string
  readonly title?: string
  readonly description?: string
  /** Types of the variables, which arrive as text: an object schema. Any text when absent. */
  readonly params?: Schema
  /** What it answers with; found out when absent. */
  readonly mimeType?: string
  readonly cache?: CacheHint
}

/** The names of all options. */
export const API_PATH: OptionNames<ApiPath> = {
  path: true,
  name: true,
  title: true,
  description: true,
  params: true,
  mimeType: true,
  cache: true,
}

/** Values of variables, by name. */
export type RouteValues = Readonly<Record<string, unknown>>

/** What is dangerous in a segment, also after whoever reads it decoded it once more. */
const UNSAFE = /[/\\\p{Cc}]|%(?:2e|2f|5c|25|0\d|1[\da-f]|7f)/iu

/** A compiled path. Immutable. */
export class Route {
  readonly template: SourceTemplate
  readonly #path: string
  readonly #matcher: UriTemplate
  /** Variables that stand before the query. */
  readonly #segments: ReadonlySet<string>
  readonly #params: CompiledSchema | undefined

  /** @param prefix of the resource URIs: `api://github`. @throws TypeError, InvalidTemplate */
  constructor({ path, params, name = path, ...rest }: ApiPath, prefix: string) {
    checkPath(path)
    this.#path = path
    this.#matcher = compileTemplate(path)
    this.#segments = new Set(variablesOf(path.split(/\?|\{[?&]/, 1)[0] ?? ''))
    this.#params = params === undefined ? undefined : compileSchema(params, { coerce: true })
    const fixed = this.#matcher.variables.length === 0
    this.template = {
      name,
      uriTemplate: prefix + path,
      ...rest,
      ...(params === undefined ? {} : { params }),
      ...(fixed ? { parts: true } : {}),
      // Values of a query are encoded, and lead nowhere.
      unscreened: this.#matcher.variables.filter(variable => !this.#segments.has(variable)),
    }
  }

  /** Path and query of the request for these values; undefined when a value is none that a segment can safely have. */
  target(values: RouteValues): string | undefined {
    const texts: Record<string, string | readonly string[]> = Object.create(null)
    for (const name of this.#matcher.variables) {
      const value = values[name]
      if (value === undefined) continue
      const given = Array.isArray(value) ? value.map(textOf) : [textOf(value)]
      const sound = given.filter(text => text !== undefined)
      if (sound.length < given.length || (this.#segments.has(name) && !sound.every(isSegment))) return undefined
      texts[name] = Array.isArray(value) ? sound : String(sound[0])
    }
    return expandTemplate(this.#path, texts)
  }

  /** Whether some path and query is, to the letter, that of a request of this route. */
  async makes(target: string): Promise<boolean> {
    const variables: Variables | undefined = this.#matcher.match(target)
    if (variables === undefined) return false
    const checked = this.#params === undefined ? undefined : await this.#params.check({ ...variables })
    if (checked?.ok === false) return false
    return this.target((checked?.value ?? variables) as RouteValues) === target
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function isSegment(text: string): boolean {
  return text !== '' && !/^\.{1,2}$/.test(text) && !UNSAFE.test(text)
}

function variablesOf(template: string): readonly string[] {
  return [...template.matchAll(/\{\/?([^}]*)\}/g)].flatMap(([, names = '']) => names.split(',').map(name => name.replace('*', '')))
}

function checkPath(path: string): void {
  const problem = problemOf(path)
  if (problem !== undefined) throw new TypeError(`the path ${JSON.stringify(path)} ${problem}`)
}

function problemOf(path: string): string | undefined {
  const [before = ''] = path.split(/\?|\{\?/, 1)
  if (!path.startsWith('/') && !path.startsWith('{/')) return 'must begin with a /'
  if (/\{[+#.;]/.test(path)) return 'may have {name}, {/name*}, {?name} and {&name} only: the others let a value be more than a value'
  if (/[#\\%\s@]/.test(path)) return 'may hold no # \\ % @ and no blanks'
  if (before.includes('//') || /(?:^|\/)\.{1,2}(?:\/|$)/.test(before)) return 'may hold no empty segments and none that are dots'
  return undefined
}
