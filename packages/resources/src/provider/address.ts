/** URIs of one template: read into variables and a range, and written in the one spelling by which documents are told apart. */

import { compileTemplate, excerpt, Fault, MAX_URI_LENGTH, nearest, screen, type UriTemplate } from '@oarlock/protocol'
import type { Range, Variables } from './contract.ts'

/** What a URI asks for. */
export interface Asked {
  /** In normal form, without the range. */
  readonly uri: string
  readonly variables: Variables
  readonly range: Partial<Range> | undefined
}

/** Values to make a URI of. */
export type AddressValues = Readonly<Record<string, string | number | readonly string[] | undefined>>

const RANGE = ['offset', 'length'] as const

/** The URIs of a template. Immutable. */
export class Address {
  /** As the source wrote it. */
  readonly template: string
  /** As it is offered: with the range behind it. */
  readonly offered: string
  /** Whether documents are read in parts. */
  readonly parts: boolean
  /** The source's own variables. */
  readonly variables: readonly string[]
  /** Names that its query may have; none where the template has no query. */
  readonly #parameters: readonly string[]
  readonly #own: UriTemplate
  readonly #whole: UriTemplate
  readonly #reserved: ReadonlySet<string>
  readonly #unscreened: readonly string[]
  readonly #fragment: boolean

  /** @throws InvalidTemplate, or TypeError for parts that the template has no room for */
  constructor(template: string, parts: boolean | undefined, unscreened: readonly string[] = []) {
    this.#own = compileTemplate(template)
    this.template = template
    this.variables = this.#own.variables
    this.#fragment = template.includes('#')
    this.#unscreened = unscreened
    this.parts = hasParts(this.#own, parts)
    this.offered = this.parts ? `${template}${template.includes('?') ? '{&' : '{?'}offset,length}` : template
    this.#parameters = parametersOf(this.offered)
    this.#whole = this.parts ? compileTemplate(this.offered) : this.#own
    this.#reserved = new Set([...template.matchAll(/\{[+#]([^}]*)\}/g)].flatMap(([, names = '']) => names.split(',')))
  }

  /** The URI of a document, in normal form. */
  uri(values: AddressValues): string {
    const safe: Record<string, string | number | readonly string[] | undefined> = Object.create(null)
    for (const name of this.variables) if (Object.hasOwn(values, name)) safe[name] = this.#escaped(name, values[name])
    return this.#own.expand(safe)
  }

  /** The URI of a part of the document at `uri`. */
  part(uri: string, { offset, length }: Range): string {
    return `${uri}${uri.includes('?') ? '&' : '?'}offset=${offset}&length=${length}`
  }

  /**
   * What a URI asks for. Undefined when it is none of this template, when it leads elsewhere than it says (dot segments, a fragment), and when it has
   * no normal form: a decision on one spelling must hold for what is read.
   */
  read(uri: string): Asked | undefined {
    if (uri.length > MAX_URI_LENGTH || (uri.includes('#') && !this.#fragment)) return undefined
    const found = this.#whole.match(uri)
    if (found === undefined) return undefined
    const variables: Record<string, string | readonly string[]> = Object.create(null)
    for (const name of this.variables) {
      const value = found[name]
      if (value === undefined) continue
      if (!this.#unscreened.includes(name) && !isSound(value)) return undefined
      variables[name] = value
    }
    const normal = this.uri(variables)
    if ((this.#unscreened.length === 0 && hasDots(normal)) || !isSame(this.#own.match(normal), variables)) return undefined
    return { uri: normal, variables, range: this.parts ? rangeOf(found) : undefined }
  }

  /**
   * Refuses parameters that the template does not have, which matching passes over: a misspelt filter must not be taken for none.
   * @throws Fault INVALID_PARAMS with the name that was probably meant, and all that there are
   */
  checkParameters(uri: string): void {
    const mark = uri.indexOf('?')
    if (mark === -1 || this.#parameters.length === 0) return
    for (const pair of uri.slice(mark + 1).split(/[&#]/)) {
      const [name = ''] = pair.split('=', 1)
      if (name === '' || this.#parameters.includes(name)) continue
      const hint = nearest(name, this.#parameters)
      const text = `'${excerpt(name, 60)}' is no parameter of ${withoutQuery(excerpt(uri))}.${hint} There are: ${this.#parameters.join(', ')}.`
      throw new Fault('INVALID_PARAMS', text)
    }
  }

  // Reserved expansion passes what looks encoded, and what ends a path: a value that holds such must not be read as another.
  #escaped(name: string, value: AddressValues[string]): AddressValues[string] {
    if (typeof value !== 'string' || !this.#reserved.has(name)) return value
    return value.replaceAll(/[%?#]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  }
}

/** A URI without what is asked of it. */
export function withoutQuery(uri: string): string {
  const mark = uri.indexOf('?')
  return mark === -1 ? uri : uri.slice(0, mark)
}

function hasParts(own: UriTemplate, wanted: boolean | undefined): boolean {
  const taken = RANGE.some(name => own.variables.includes(name)) || own.text.includes('#')
  if (wanted === true && taken)
    throw new TypeError(`${own.text} has no room for {?offset,length}: give it no parts, no fragment, or other names for its variables`)
  return wanted ?? (own.variables.length > 0 && !taken)
}

function parametersOf(template: string): readonly string[] {
  const query = /\{?\?[^]*/.exec(template)?.[0] ?? ''
  const variables = [...query.matchAll(/\{[?&]([^}]*)\}/g)].flatMap(([, names = '']) => names.split(',').map(name => name.replace('*', '')))
  const literal = query.replaceAll(/\{[^}]*\}/g, '').split(/[?&]/)
  return [...literal.map(pair => pair.split('=', 1)[0] ?? '').filter(name => name !== ''), ...variables]
}

function isSound(value: string | readonly string[]): boolean {
  return typeof value === 'string' ? screen(value) === undefined : value.every(each => screen(each) === undefined)
}

/** RFC 3986, 3.3: segments that stand for another place. */
function hasDots(uri: string): boolean {
  const end = uri.search(/[?#]/)
  return /\/\.{1,2}(?:\/|$)/.test(end === -1 ? uri : uri.slice(0, end))
}

function isSame(found: Variables | undefined, variables: Variables): boolean {
  if (found === undefined) return false
  const names = Object.keys(found)
  return names.length === Object.keys(variables).length && names.every(name => sameValue(found[name], variables[name]))
}

function sameValue(a: string | readonly string[] | undefined, b: string | readonly string[] | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  return a.length === b.length && a.every((each, index) => each === b[index])
}

function rangeOf(found: Variables): Partial<Range> | undefined {
  const { offset, length } = found
  if (offset === undefined && length === undefined) return undefined
  return { ...numbered('offset', offset), ...numbered('length', length) }
}

function numbered(name: string, value: string | readonly string[] | undefined): object {
  if (value === undefined) return {}
  return { [name]: typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN }
}
