/** Explains why a value fits none of the alternatives of `anyOf` or `oneOf`: by the one that was meant where that can be told. */

import { excerpt, isObject } from '@oarlock/protocol'
import { issue, type Place } from './place.ts'
import type { Issue } from './schema.ts'
import { isOfType, literals, typesOf, wrongType, wrongValue } from './wording.ts'

/** Alternatives whose wishes are listed when none of them was clearly meant. */
const MOST_ALTERNATIVES = 3

/**
 * Folds the issues of all alternatives into few.
 * @param branches the alternatives, references resolved
 * @param trials what is wrong with the value by each of them; none is empty
 */
export function unionIssues(
  branches: readonly unknown[],
  trials: readonly (readonly Issue[])[],
  value: unknown,
  at: Place | undefined,
): readonly Issue[] {
  const allowed = branches.map(literals)
  if (allowed.every(values => values !== undefined)) return [issue(at, wrongValue(allowed.flat(), value))]
  const fitting = branches.flatMap((branch, index) => (takes(branch, value) ? [index] : []))
  const types = branches.flatMap(namedTypes)
  if (fitting.length === 0) return [issue(at, types.length === 0 ? 'is not allowed here' : wrongType(types, value))]
  const only = fitting.length === 1 ? fitting[0] : undefined
  const meant = only ?? fitting.find(index => chosen(branches[index], value) === true)
  if (meant !== undefined) return trials[meant] ?? []
  const tag = tagOf(fitting.map(index => branches[index]))
  if (tag !== undefined && isObject(value)) {
    const place = { outer: at, name: tag.name }
    return [
      Object.hasOwn(value, tag.name) ? issue(place, wrongValue(tag.values, value[tag.name])) : issue(place, 'required property is missing'),
    ]
  }
  return [
    issue(
      at,
      `fits none of ${branches.length} alternatives: ${wishes(
        fitting.map(index => trials[index] ?? []),
        at,
      )}`,
    ),
  ]
}

function wishes(trials: readonly (readonly Issue[])[], at: Place | undefined): string {
  const here = issue(at, '').path.length
  const texts = trials.flatMap(([first]) =>
    first === undefined ? [] : [first.path.length > here ? `\`${first.path.slice(here)}\` ${first.message}` : first.message],
  )
  const distinct = [...new Set(texts)]
  return distinct.slice(0, MOST_ALTERNATIVES).join('; or ') + (distinct.length > MOST_ALTERNATIVES ? '; …' : '')
}

/** Whether the alternative's outer type takes the value. */
function takes(branch: unknown, value: unknown): boolean {
  if (!isObject(branch)) return false
  const values = literals(branch)
  if (values !== undefined) return false
  const types = typesOf(branch)
  return types === undefined || types.some(type => isOfType(type, value))
}

/** The types an alternative takes, for "expected string or number"; literals stand for themselves. */
function namedTypes(branch: unknown): readonly string[] {
  if (!isObject(branch)) return []
  return literals(branch)?.map(value => excerpt(JSON.stringify(value), 40)) ?? typesOf(branch) ?? []
}

/** Whether the value's members agree with all constant members of the alternative. Undefined when it has none. */
function chosen(branch: unknown, value: unknown): boolean | undefined {
  const tags = constants(branch)
  if (tags.size === 0 || !isObject(value)) return undefined
  return [...tags].every(([name, constant]) => Object.hasOwn(value, name) && value[name] === constant)
}

/** The member that tells the alternatives apart by its constant, and its constants. */
function tagOf(branches: readonly unknown[]): { readonly name: string; readonly values: readonly unknown[] } | undefined {
  const tags = branches.map(constants)
  for (const name of tags[0]?.keys() ?? []) {
    if (tags.every(tag => tag.has(name))) return { name, values: [...new Set(tags.map(tag => tag.get(name)))] }
  }
  return undefined
}

function constants(branch: unknown): ReadonlyMap<string, unknown> {
  const properties = isObject(branch) && isObject(branch['properties']) ? branch['properties'] : {}
  return new Map(
    Object.entries(properties).flatMap(([name, member]) =>
      isObject(member) && 'const' in member ? [[name, member['const']] as const] : [],
    ),
  )
}
