/** Recognises the schemas that most tools have, in which nothing can be wrong. */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** Levels, schemas, and characters in all: as JSON they are at most six times as many, and that is well within what a schema may have. What has more is looked over in full. */
const MAX_DEPTH = 8
const MAX_SCHEMAS = 200
const MAX_CHARACTERS = 100_000

/** Characters that the schema at hand may still have. */
let characters = 0

/**
 * Whether a schema of arguments or results holds nothing but common words, used as they are meant. Then `inspectSchema` would find nothing, and need not look: a program that
 * registers a hundred tools starts several milliseconds sooner. Says no where in doubt.
 */
export function isOrdinary(json: JsonObject): boolean {
  characters = MAX_CHARACTERS
  return json['type'] === 'object' && left(json, MAX_SCHEMAS, 0) >= 0
}

const NO = -1

/** How many more schemas there may be behind this one; negative for one that is not ordinary. */
function left(schema: unknown, budget: number, depth: number): number {
  if (!isObject(schema) || budget === 0 || depth > MAX_DEPTH) return NO
  let rest = budget - 1
  for (const word of Object.keys(schema)) {
    const value = schema[word]
    if (word === 'properties') rest = leftOf(value, rest, depth + 1)
    else if (word === 'items') rest = left(value, rest, depth + 1)
    else if (!holds(word, value)) return NO
    if (rest < 0) return NO
  }
  return isSound(schema) ? rest : NO
}

function leftOf(properties: unknown, budget: number, depth: number): number {
  if (!isObject(properties)) return NO
  let rest = budget
  for (const name of Object.keys(properties)) {
    if (name === '__proto__' || !isText(name)) return NO
    rest = left(properties[name], rest, depth)
    if (rest < 0) return NO
  }
  return rest
}

/** Whether a word that holds no schema holds what it should. */
function holds(word: string, value: unknown): boolean {
  switch (word) {
    case 'type':
      return (
        value === 'string' || value === 'number' || value === 'integer' || value === 'boolean' || value === 'object' || value === 'array'
      )
    case 'title':
    case 'description':
      return isText(value)
    case 'minimum':
    case 'maximum':
      return Number.isFinite(value)
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return Number.isInteger(value) && (value as number) >= 0
    case 'default':
      return isScalar(value)
    case 'enum':
      return Array.isArray(value) && value.length > 0 && value.length <= MAX_SCHEMAS && value.every(isScalar)
    case 'required':
      return Array.isArray(value) && value.length <= MAX_SCHEMAS && value.every(isText) && new Set(value).size === value.length
    default:
      return false
  }
}

/** Whether the words of one schema go together. */
function isSound(schema: JsonObject): boolean {
  const { type, items, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema as Readonly<Record<string, number | undefined>>
  if ((type as unknown) === 'array' && items === undefined) return false
  return !(Number(minimum) > Number(maximum) || Number(minLength) > Number(maxLength) || Number(minItems) > Number(maxItems))
}

function isText(value: unknown): value is string {
  if (typeof value !== 'string') return false
  characters -= value.length
  return characters >= 0
}

function isScalar(value: unknown): boolean {
  return isText(value) || typeof value === 'boolean' || Number.isFinite(value)
}
