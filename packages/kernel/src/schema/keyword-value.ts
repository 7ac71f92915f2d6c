/** What each keyword of JSON Schema must hold. A wrong value is silently ignored by validators, so it is refused at registration instead. */

import { excerpt, isObject, type JsonObject } from '@oarlock/protocol'

const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

/** Types of TypeBox and others that no JSON text has, and what to write instead. */
const FOREIGN: ReadonlyMap<unknown, string> = new Map([
  ['Date', 'use a string with format date-time'],
  ['RegExp', 'use a string with a pattern'],
  ['bigint', 'use an integer, or a string'],
  ['undefined', 'make the property optional'],
  ['void', 'make the property optional'],
  ['Uint8Array', 'use a string with contentEncoding base64'],
])

type Rule = readonly [fits: (value: unknown) => boolean, wanted: string]

const SCHEMA: Rule = [value => isObject(value) || typeof value === 'boolean', 'a schema']
const SCHEMAS: Rule = [value => Array.isArray(value) && value.length > 0 && value.every(SCHEMA[0]), 'a list of at least one schema']
const NAMED: Rule = [value => isObject(value) && Object.values(value).every(SCHEMA[0]), 'an object of schemas']
const NUMBER: Rule = [value => Number.isFinite(value), 'a number']
const COUNT: Rule = [value => Number.isInteger(value) && (value as number) >= 0, 'a whole number, 0 or more']
const TEXT: Rule = [value => typeof value === 'string', 'a string']
const FLAG: Rule = [value => typeof value === 'boolean', 'true or false']
const NAMES: Rule = [isNames, 'a list of different strings']

const rule = (words: string, kind: Rule): readonly (readonly [string, Rule])[] => words.split(' ').map(word => [word, kind])

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...rule(
    'additionalProperties additionalItems contains not if then else propertyNames unevaluatedItems unevaluatedProperties contentSchema',
    SCHEMA,
  ),
  ...rule('items', [value => SCHEMA[0](value) || (Array.isArray(value) && value.every(SCHEMA[0])), 'a schema']),
  ...rule('allOf anyOf oneOf prefixItems', SCHEMAS),
  ...rule('properties patternProperties dependentSchemas $defs definitions', NAMED),
  ...rule('dependencies', [
    value => isObject(value) && Object.values(value).every(inner => SCHEMA[0](inner) || isNames(inner)),
    'an object of schemas or lists of names',
  ]),
  ...rule('dependentRequired', [value => isObject(value) && Object.values(value).every(isNames), 'an object of lists of names']),
  ...rule('required', NAMES),
  ...rule('enum', [value => Array.isArray(value) && value.length > 0, 'a list of at least one value']),
  ...rule('minimum maximum exclusiveMinimum exclusiveMaximum', NUMBER),
  ...rule('multipleOf', [value => Number.isFinite(value) && (value as number) > 0, 'a number above 0']),
  ...rule('minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains', COUNT),
  ...rule('uniqueItems deprecated readOnly writeOnly', FLAG),
  ...rule(
    'title description $comment format pattern $ref $dynamicRef $id $anchor $dynamicAnchor $schema contentEncoding contentMediaType',
    TEXT,
  ),
])

/** Pairs of bounds that leave nothing between them when the first is above the second. */
const PAIRS = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const

/** What is wrong with the values of a schema's own keywords: keyword and text of each. Words outside JSON Schema may hold anything. */
export function keywordProblems(schema: JsonObject): readonly (readonly [keyword: string, message: string])[] {
  const problems: (readonly [string, string])[] = []
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    if (value === undefined) continue
    const message = keyword === 'type' ? typeProblem(value) : ruleProblem(keyword, value)
    if (message !== undefined) problems.push([keyword, message])
  }
  for (const [low, high] of PAIRS) {
    if ((schema[low] as number) > (schema[high] as number)) problems.push([low, `${low} is above ${high}: no value can fit`])
  }
  return problems
}

function ruleProblem(keyword: string, value: unknown): string | undefined {
  const rule = RULES.get(keyword)
  if (keyword === 'pattern' && value instanceof RegExp)
    return 'pattern must be a string, or clients do not see it: use the .source of the expression'
  return rule === undefined || rule[0](value) ? undefined : `${keyword} must be ${rule[1]}`
}

function typeProblem(value: unknown): string | undefined {
  const types: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (types.length === 0 || new Set(types).size < types.length) return 'type must be a name, or a list of different names'
  const wrong = types.find(type => !TYPES.has(type))
  if (wrong === undefined) return undefined
  const cure = FOREIGN.get(wrong)
  return cure === undefined
    ? `type must be one of ${[...TYPES].join(', ')}`
    : `type ${excerpt(JSON.stringify(wrong), 40)} has no form in JSON: ${cure}`
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every(name => typeof name === 'string') && new Set(value).size === value.length
}
