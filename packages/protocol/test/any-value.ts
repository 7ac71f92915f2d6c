/** Makes values of a schema of the vocabulary, at random but repeatably, in the words of all revisions at once. */
import { changeOf, type TSchema } from '../src/type.ts'

interface Shape {
  readonly type?: string
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: TSchema
  readonly items?: TSchema
  readonly anyOf?: readonly TSchema[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
}

/** Words that a revision requires though our schemas let them be absent: edges add them. */
const STAMPED = new Set(['_meta', 'resultType', 'ttlMs', 'cacheScope', 'elicitationId', 'requestId'])
const RESERVED = 'io.modelcontextprotocol/'

/** Strings that are valid wherever a word of this name stands. */
const TEXTS: Readonly<Record<string, string>> = {
  uri: 'https://example.com/a',
  url: 'https://example.com/consent',
  src: 'https://example.com/icon.png',
  websiteUrl: 'https://example.com/',
  uriTemplate: 'https://example.com/{id}',
  data: 'aGVsbG8=',
  blob: 'aGVsbG8=',
  resultType: 'complete',
}

/** A source of values; the same seed gives the same values. */
export class AnyValue {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** A value of the schema. */
  of(schema: TSchema, name = ''): unknown {
    const shape: Shape = schema
    if (changeOf(schema) === 'schema') return this.#jsonSchema(name)
    if (shape.anyOf !== undefined) return this.of(this.#pick(shape.anyOf), name)
    if (shape.const !== undefined) return shape.const
    if (shape.enum !== undefined) return this.#pick(shape.enum)
    if (shape.type === 'object') return this.#object(shape)
    if (shape.type === 'array') return Array.from({ length: this.#below(3) }, () => this.of(shape.items ?? {}, name))
    if (shape.type === 'string')
      return TEXTS[name] ?? (name === 'ref/resource' ? 'https://example.com/' : this.#pick(['one', 'two, three', 'é']))
    if (shape.type === 'boolean') return this.#below(2) === 0
    if (shape.type === 'null') return null
    if (shape.type === 'integer' || shape.type === 'number') return this.#below(2)
    return this.#pick<unknown>([{ a: 1 }, [1, { b: 2 }], 'text', 7, true])
  }

  #object({ properties = {}, required = [], additionalProperties }: Shape): Record<string, unknown> {
    const names = Object.keys(properties).filter(
      name => required.includes(name) || STAMPED.has(name) || name.startsWith(RESERVED) || this.#below(3) > 0,
    )
    const value = Object.fromEntries(names.map(name => [name, this.of(properties[name] ?? {}, name)]))
    const others = additionalProperties === undefined ? [] : ['first', 'second'].slice(this.#below(3))
    for (const name of others) value[name] = this.of(additionalProperties ?? {}, name)
    if (additionalProperties === undefined && this.#below(3) === 0) value['com.example/foreign'] = { kept: true }
    return value
  }

  #jsonSchema(name: string): unknown {
    const object = { type: 'object', properties: { a: { type: 'string' }, b: this.#pick([true, false, { minimum: 1 }]) }, required: ['a'] }
    const other = [{ type: 'array', items: { type: 'string' } }, { anyOf: [object, { type: 'null' }] }]
    return this.#pick<object>(name === 'outputSchema' ? [object, ...other] : [object, { ...object, $defs: { c: true } }])
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T
  }

  /** Mulberry32. */
  #below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

/** Freezes a value all the way down, so that whoever touches it fails. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}
