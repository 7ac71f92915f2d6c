/** Suggestions for arguments: a function, a completer that the registry knows by name, or the examples in the schema. */

import { nearest, type Completer } from '@oarlock/kernel'
import { isObject, type JsonObject } from '@oarlock/protocol'

/**
 * The completers of a prompt. Enums, constants and booleans are completed by the kernel from the schema itself.
 * @param unknown called for a name that no completer has, or an argument that does not exist
 */
export function completersOf(
  written: Readonly<Record<string, string | Completer>>,
  args: JsonObject,
  named: Readonly<Record<string, Completer>>,
  unknown: (argument: string, message: string) => void,
): ReadonlyMap<string, Completer> | undefined {
  const properties = isObject(args['properties']) ? args['properties'] : {}
  const completers = new Map<string, Completer>()
  for (const [argument, schema] of Object.entries(properties)) {
    const examples = examplesOf(schema)
    if (examples !== undefined) completers.set(argument, fromExamples(examples))
  }
  for (const [argument, completer] of Object.entries(written)) {
    if (!Object.hasOwn(properties, argument)) {
      unknown(argument, `completes '${argument}', which is no argument.${nearest(argument, Object.keys(properties))}`)
    } else if (typeof completer === 'function') completers.set(argument, completer)
    else if (Object.hasOwn(named, completer)) completers.set(argument, named[completer] as Completer)
    else
      unknown(argument, `no completer is called '${completer}'.${nearest(completer, Object.keys(named))} Name it in the option completers.`)
  }
  return completers.size === 0 ? undefined : completers
}

/** Examples of an argument whose schema does not say all its values anyway. */
function examplesOf(schema: unknown): readonly string[] | undefined {
  if (!isObject(schema) || !Array.isArray(schema['examples']) || schema['enum'] !== undefined || 'const' in schema) return undefined
  return schema['examples'].map(String)
}

/** Those that begin with what was typed, then those that hold it. */
function fromExamples(examples: readonly string[]): Completer {
  return value => {
    const typed = value.toLowerCase()
    const starting = examples.filter(example => example.toLowerCase().startsWith(typed))
    return [...starting, ...examples.filter(example => !starting.includes(example) && example.toLowerCase().includes(typed))]
  }
}
