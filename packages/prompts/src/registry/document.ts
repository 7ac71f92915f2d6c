/** A whole set of prompts as one JSON document, to keep, compare and take elsewhere. */

import { jsonSchemaOf } from '@oarlock/kernel'
import { isObject, type JsonObject } from '@oarlock/protocol'
import type { FragmentDefinition, PromptDefinition } from './definition.ts'
import { InvalidPrompts, type PromptProblem } from './problem.ts'
import type { Item, PromptRecord } from './record.ts'

const FORMAT = 'oarlock.prompts/1'

/** A prompt as a document holds it: data only. */
export type PromptData = Omit<PromptDefinition, 'args' | 'complete' | 'guard' | 'use' | 'values'> & {
  /** JSON Schema. */
  readonly args?: JsonObject
  /** Names of completers. */
  readonly complete?: Readonly<Record<string, string>>
  /** Names of guards. */
  readonly guard?: string | readonly string[]
}

/** The document. Guards and completers are in it by name; images are not in it. */
export interface PromptDocument {
  readonly format: typeof FORMAT
  readonly fragments: readonly FragmentDefinition[]
  readonly prompts: readonly PromptData[]
  /** Promoted variants, by name and version: `review@1.2.0`. */
  readonly promoted: Readonly<Record<string, string>>
}

/** @throws InvalidPrompts naming every prompt that holds a function, without which it would be another prompt */
export function documentOf(items: Iterable<Item>, promoted: ReadonlyMap<string, string>): PromptDocument {
  const problems: PromptProblem[] = []
  const fragments: FragmentDefinition[] = []
  const prompts: PromptData[] = []
  for (const item of items) {
    if (item.kind === 'fragment') fragments.push(item.definition)
    else {
      for (const message of functionsOf(item)) problems.push({ severity: 'error', code: 'function', message, prompt: item.key })
      prompts.push(dataOf(item))
    }
  }
  if (problems.length > 0) throw new InvalidPrompts(problems)
  const document = { format: FORMAT, fragments, prompts, promoted: Object.fromEntries(promoted) }
  return JSON.parse(JSON.stringify(document)) as PromptDocument
}

/** Whether two items are told apart by nothing that a document holds, and neither holds more. */
export function isSameData(a: Item, b: Item): boolean {
  if (a.kind === 'prompt' && b.kind === 'prompt')
    return functionsOf(a).length + functionsOf(b).length === 0 && JSON.stringify(dataOf(a)) === JSON.stringify(dataOf(b))
  return a.kind === b.kind && JSON.stringify(a.definition) === JSON.stringify(b.definition)
}

/** A prompt as data. Only for one without functions. */
function dataOf({ definition }: PromptRecord): PromptData {
  const { args, ...rest } = definition
  return { ...rest, ...(args === undefined ? {} : { args: jsonSchemaOf(args) }) } as PromptData
}

function functionsOf({ definition }: PromptRecord): readonly string[] {
  const { guard, complete = {}, use, values } = definition
  const rules = Array.isArray(guard) ? (guard as readonly unknown[]) : guard === undefined ? [] : [guard]
  const found: string[] = []
  if (rules.some(rule => typeof rule !== 'string'))
    found.push('has a guard that is no name: put it among the guards of the registry, and write its name')
  for (const [argument, completer] of Object.entries(complete)) {
    if (typeof completer !== 'string')
      found.push(`completes '${argument}' by a function: put it among the completers of the registry, and write its name`)
  }
  if (use !== undefined) found.push('has middleware, which no document can hold: give it to the registry')
  if (values !== undefined) found.push('has a function for further values, which no document can hold')
  return found
}

/** What a document holds that is not data. @throws InvalidPrompts for what is no such document */
export function checkDocument(document: unknown): PromptDocument {
  const refuse = (message: string): never => {
    throw new InvalidPrompts([{ severity: 'error', code: 'document', message }])
  }
  if (!isObject(document) || document['format'] !== FORMAT) return refuse(`this is no document of prompts: its format must be '${FORMAT}'`)
  const { fragments, prompts, promoted } = document
  if (!Array.isArray(fragments) || !Array.isArray(prompts)) return refuse('fragments and prompts must be lists')
  if (!isObject(promoted) || !Object.values(promoted).every(value => typeof value === 'string'))
    return refuse('promoted must be a mapping from prompts to variants')
  return document as unknown as PromptDocument
}
