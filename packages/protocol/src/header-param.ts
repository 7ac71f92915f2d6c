/** Tool parameters that are mirrored into HTTP headers by `x-mcp-header`: found in a schema, written by a client, checked by a server. */

import { decodeHeaderValue, encodeHeaderValue, type HeaderScalar, sameHeaderValue } from './header-value.ts'
import { isObject, type JsonObject } from './json.ts'

/** The annotation, inside the schema of a property of a tool's `inputSchema`. */
export const HEADER_KEYWORD = 'x-mcp-header'

/** One mirrored parameter. */
export interface HeaderParam {
  /** The annotation's text, such as `Region`. */
  readonly name: string
  /** The header, such as `Mcp-Param-Region`. */
  readonly header: string
  /** Names of the properties that lead to the value in the arguments. */
  readonly path: readonly string[]
  readonly type: 'string' | 'integer' | 'boolean'
}

/** What a schema says about headers. */
export interface HeaderParams {
  readonly params: readonly HeaderParam[]
  /** Why the schema must not be used over HTTP. A server refuses to register it, a client drops the tool (S-XH-01 to 03, C-XH-05). */
  readonly problems: readonly string[]
  /** What is allowed and still unwise: secrets in headers end up in logs (S-XH-13). */
  readonly warnings: readonly string[]
}

/** Finds the mirrored parameters of a tool's input schema and everything wrong with them. For registration; cost grows with the schema. */
export function headerParams(schema: unknown): HeaderParams {
  const scan = new Scan()
  scan.visit(schema, [], 'inputSchema', 0)
  return { params: scan.params, problems: scan.problems, warnings: scan.warnings }
}

/** The headers a client sends for a call: one for each mirrored argument that is present, not null, and can travel. */
export function paramHeaders(params: readonly HeaderParam[], args: unknown): readonly (readonly [header: string, value: string])[] {
  const headers: (readonly [string, string])[] = []
  for (const param of params) {
    const value = valueAt(args, param.path)
    if (travels(value)) headers.push([param.header, encodeHeaderValue(value)])
  }
  return headers
}

/**
 * Compares the mirrored arguments of a call with its headers. Returns the first thing wrong, for HEADER_MISMATCH, or undefined.
 * A header without its argument is refused too: something in front of the server may have routed by it (THREATS 19, T10).
 * @param get reads a header by its name in lower case; several of one name joined by a comma, so that they match nothing
 */
export function checkParamHeaders(
  params: readonly HeaderParam[],
  args: unknown,
  get: (name: string) => string | undefined,
): string | undefined {
  for (const param of params) {
    const header = get(param.header.toLowerCase())
    const value = valueAt(args, param.path)
    const problem = header === undefined ? missing(param, value) : differs(param, value, header)
    if (problem !== undefined) return problem
  }
  return undefined
}

// An object or a fraction could not have been mirrored. Argument validation, which comes next, tells the model more than we could.
function missing({ header, path }: HeaderParam, value: unknown): string | undefined {
  if (travels(value)) return `The ${header} header is missing; the argument ${path.join('.')} is present`
  if (Number.isInteger(value)) return `The argument ${path.join('.')} is outside ±(2^53−1) and cannot be mirrored in the ${header} header`
  return undefined
}

function differs({ header, path }: HeaderParam, value: unknown, text: string): string | undefined {
  if (travels(value) && sameHeaderValue(text, value)) return undefined
  if (decodeHeaderValue(text) === undefined) return `The ${header} header is not validly encoded`
  if (value === undefined || value === null) return `The ${header} header is present; the argument ${path.join('.')} is not`
  return `The ${header} header does not agree with the argument ${path.join('.')}`
}

function travels(value: unknown): value is HeaderScalar {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

/** Keywords whose value is a schema or a list of schemas, and those whose value maps names to schemas. */
const HOLDING: ReadonlyMap<string, 'schemas' | 'named'> = new Map([
  ...(
    'items prefixItems additionalItems contains unevaluatedItems additionalProperties unevaluatedProperties propertyNames ' +
    'allOf anyOf oneOf not if then else contentSchema'
  )
    .split(' ')
    .map(word => [word, 'schemas'] as const),
  ...'patternProperties dependentSchemas dependencies $defs definitions'.split(' ').map(word => [word, 'named'] as const),
])

const MAX_DEPTH = 64
const MAX_SCHEMAS = 10_000

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
const SENSITIVE = /passw|passphrase|secret|token|credential|api[-_]?key|private[-_]?key|^key$/i

/** One walk through a schema. */
class Scan {
  readonly params: HeaderParam[] = []
  readonly problems: string[] = []
  readonly warnings: string[] = []
  readonly #names = new Map<string, string>()
  #schemas = 0

  /** @param path the properties that lead here; undefined once anything but `properties` was passed, where no header can be declared */
  visit(schema: unknown, path: readonly string[] | undefined, place: string, depth: number): void {
    if (!isObject(schema)) return
    if (depth > MAX_DEPTH || ++this.#schemas > MAX_SCHEMAS) return this.#tooLarge()
    if (Object.hasOwn(schema, HEADER_KEYWORD)) this.#declare(schema, path, place)
    for (const keyword of Object.keys(schema)) {
      const value = schema[keyword]
      if (keyword === 'properties') this.#named(value, path, `${place}.properties`, depth + 1)
      const holding = HOLDING.get(keyword)
      if (holding === 'named') this.#named(value, undefined, `${place}.${keyword}`, depth + 1)
      else if (holding === 'schemas') {
        const list: readonly unknown[] = Array.isArray(value) ? value : [value]
        for (const child of list) this.visit(child, undefined, `${place}.${keyword}`, depth + 1)
      }
    }
  }

  #named(map: unknown, path: readonly string[] | undefined, place: string, depth: number): void {
    if (!isObject(map)) return
    for (const name of Object.keys(map)) this.visit(map[name], path && [...path, name], `${place}.${name}`, depth)
  }

  #tooLarge(): void {
    const problem = `The schema is too large to look for ${HEADER_KEYWORD}: at most ${MAX_DEPTH} levels and ${MAX_SCHEMAS} schemas`
    if (!this.problems.includes(problem)) this.problems.push(problem)
  }

  #declare(schema: JsonObject, path: readonly string[] | undefined, place: string): void {
    const name = schema[HEADER_KEYWORD]
    const type = schema['type']
    const problem = placeProblem(path) ?? nameProblem(name) ?? typeProblem(type) ?? this.#nameTaken(name as string, place)
    if (problem !== undefined) {
      this.problems.push(`${HEADER_KEYWORD} at ${place}: ${problem}`)
      return
    }
    const param = {
      name: name as string,
      header: `Mcp-Param-${name as string}`,
      path: path as readonly string[],
      type: type as HeaderParam['type'],
    }
    this.params.push(param)
    if (SENSITIVE.test(param.path.at(-1) as string)) {
      this.warnings.push(`${HEADER_KEYWORD} at ${place}: headers end up in logs; a parameter named like a secret should not be mirrored`)
    }
  }

  #nameTaken(name: string, place: string): string | undefined {
    const key = name.toLowerCase()
    const earlier = this.#names.get(key)
    if (earlier !== undefined) return `"${name}" is already used at ${earlier} (upper and lower case do not differ)`
    this.#names.set(key, place)
    return undefined
  }
}

function placeProblem(path: readonly string[] | undefined): string | undefined {
  if (path === undefined) return 'only properties reached through "properties" alone can be mirrored; move it to one of those'
  return path.length === 0 ? 'it belongs to a property, not to the whole schema' : undefined
}

function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'the header name must be a non-empty string'
  return TOKEN.test(name) ? undefined : "the header name must be a token (RFC 9110): letters, digits and !#$%&'*+-.^_`|~"
}

function typeProblem(type: unknown): string | undefined {
  if (type === 'string' || type === 'integer' || type === 'boolean') return undefined
  return `only a property of type "string", "integer" or "boolean" can be mirrored, this one has ${JSON.stringify(type) ?? 'no type'}`
}
