/** From words on the command line to a tool's arguments, by the tool's schema. */

import { nearest } from '@oarlock/kernel'
import { isObject, type JsonObject } from '@oarlock/protocol'
import { Failure, MISUSED } from './failure.ts'

/** What there is to know about a tool here. */
export interface Described {
  readonly name: string
  readonly inputSchema: object
}

/**
 * The arguments for a tool: one JSON object, or words of the form `key=value` and `key:=json`. Values become what the schema wants them to
 * be; a key that comes several times makes an array.
 * @throws Failure naming the word, what it should be, and what was perhaps meant
 */
export function argumentsFor(tool: Described, given: readonly string[]): JsonObject {
  const [first] = given
  if (given.length === 1 && first?.trimStart().startsWith('{')) return jsonObject(first)
  const properties = propertiesOf(tool.inputSchema)
  const result = new Map<string, unknown>()
  for (const word of given) {
    const { key, text, raw } = split(tool, word)
    const schema = properties.get(key)
    if (schema === undefined && closed(tool.inputSchema, properties)) throw unknownKey(tool, key, properties)
    const many = typesOf(schema).has('array') && !raw && !text.trimStart().startsWith('[')
    const value = raw ? json(word, text) : coerce(key, text, many ? itemsOf(schema) : schema)
    result.set(key, many ? [...((result.get(key) as unknown[] | undefined) ?? []), value] : value)
  }
  return Object.fromEntries(result)
}

function split(tool: Described, word: string): { readonly key: string; readonly text: string; readonly raw: boolean } {
  const at = word.indexOf('=')
  if (at < 1) throw new Failure(`Arguments are written key=value, or as one JSON object; what is ${word}?${keysOf(tool)}`, MISUSED)
  const raw = word[at - 1] === ':'
  return { key: word.slice(0, raw ? at - 1 : at), text: word.slice(at + 1), raw }
}

/** A schema that says nothing of other keys is taken at its word, so that a typing error is found here. */
function closed(schema: object, properties: ReadonlyMap<string, unknown>): boolean {
  const { additionalProperties, patternProperties } = schema as JsonObject
  const open = additionalProperties === true || isObject(additionalProperties) || patternProperties !== undefined
  return !open && properties.size > 0
}

function unknownKey(tool: Described, key: string, properties: ReadonlyMap<string, unknown>): Failure {
  return new Failure(`${tool.name} has no argument ${key}.${nearest(key, [...properties.keys()])}${keysOf(tool)}`, MISUSED)
}

function keysOf({ name, inputSchema }: Described): string {
  const { required } = inputSchema as { readonly required?: readonly string[] }
  const keys = [...propertiesOf(inputSchema)].map(
    ([key, schema]) => `${key}${required?.includes(key) === true ? '' : '?'}: ${[...typesOf(schema)].join(' | ') || 'any'}`,
  )
  return keys.length === 0 ? `\n${name} takes no arguments.` : `\nArguments of ${name}: ${keys.join(', ')}`
}

function propertiesOf(schema: object): ReadonlyMap<string, unknown> {
  const { properties } = schema as JsonObject
  return new Map(isObject(properties) ? Object.entries(properties) : [])
}

const KEYWORDS = ['anyOf', 'oneOf', 'allOf'] as const

/** Every type a schema allows by name, by its constants, or by one of its alternatives. */
export function typesOf(schema: unknown): ReadonlySet<string> {
  if (!isObject(schema)) return new Set()
  const named = [schema['type'] ?? []].flat().map(String)
  const constants = [schema['const'] ?? [], schema['enum'] ?? []].flat().map(typeName)
  const alternatives = KEYWORDS.flatMap(keyword => [schema[keyword] ?? []].flat()).flatMap(part => [...typesOf(part)])
  return new Set([...(named.length === 0 ? constants : named), ...alternatives])
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function itemsOf(schema: unknown): unknown {
  return isObject(schema) ? schema['items'] : undefined
}

function coerce(key: string, text: string, schema: unknown): unknown {
  const types = typesOf(schema)
  if (types.size === 0) return parsed(text) ?? text
  const value = literal(text, types)
  if (value !== undefined) return value
  if (types.has('string')) return text
  throw new Failure(`${key} should be ${[...types].map(article).join(' or ')}, not ${JSON.stringify(text)}`, MISUSED)
}

/** The value that is not a string which a text spells, where such a value is allowed. */
function literal(text: string, types: ReadonlySet<string>): unknown {
  const value = parsed(text)
  if (typeof value === 'number' && (types.has('number') || (types.has('integer') && Number.isInteger(value)))) return value
  if (typeof value === 'boolean' && types.has('boolean')) return value
  if (value === null && types.has('null')) return null
  if (Array.isArray(value) && types.has('array')) return value
  return isObject(value) && types.has('object') ? value : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function json(word: string, text: string): unknown {
  const value = parsed(text)
  if (value === undefined) throw new Failure(`What follows := must be JSON, which ${word} is not`, MISUSED)
  return value
}

function jsonObject(text: string): JsonObject {
  const value = parsed(text)
  if (!isObject(value)) throw new Failure(`The arguments are not a JSON object: ${text}`, MISUSED)
  return value
}

const article = (type: string): string => `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`
