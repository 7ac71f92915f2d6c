/** `@Complete` methods, joined with the prompts and templates whose arguments they complete. */

import { InvalidComponent, nearest, type Completer, type Component } from '@oarlock/kernel'
import { compileTemplate, InvalidTemplate, isObject } from '@oarlock/protocol'
import type { CompleteNote } from './notes.ts'

/** One completing method of one object. */
export interface Completion extends CompleteNote {
  /** `Docs.languages`. */
  readonly origin: string
  readonly completer: Completer
}

type Target = Pick<Component, 'kind' | 'name'> & { readonly uriTemplate?: string }

function completes({ kind, name }: CompleteNote, target: Target): boolean {
  return kind === target.kind && (name === target.name || name === target.uriTemplate)
}

/** The completers of one component: those of its options, and those that methods of the same class bring. @throws InvalidComponent for two of one argument */
export function completersFor(
  target: Target,
  options: Readonly<Record<string, Completer>> | undefined,
  completions: readonly Completion[],
): Readonly<Record<string, Completer>> | undefined {
  const found = completions.filter(each => completes(each, target))
  if (found.length === 0) return options
  const completers = new Map(Object.entries(options ?? {}))
  for (const { arg, origin, completer } of found) {
    if (completers.has(arg))
      throw new InvalidComponent(origin, [`'${arg}' of ${target.kind} '${target.name}' has a completer already; keep one`])
    completers.set(arg, completer)
  }
  return Object.fromEntries(completers)
}

/** Refuses completers of things that are not there: nobody would ever call them. @throws InvalidComponent with the nearest name */
export function checkCompletions(owner: string, completions: readonly Completion[], components: readonly Component[]): void {
  for (const completion of completions) {
    const { kind, name, arg, origin } = completion
    const targets = components.filter(component => completes(completion, component))
    if (targets.length === 0) {
      const names = components
        .filter(each => each.kind === kind)
        .flatMap(each => (each.kind === 'template' ? [each.name, each.uriTemplate] : [each.name]))
      throw new InvalidComponent(origin, [`it completes ${kind} '${name}', which ${owner} does not have.${nearest(name, names)}`])
    }
    for (const target of targets) {
      const names = argumentsOf(target)
      if (names === undefined || names.includes(arg)) continue
      throw new InvalidComponent(origin, [`it completes '${arg}' of ${kind} '${name}', which has no such argument.${nearest(arg, names)}`])
    }
  }
}

/** Names of the arguments; undefined where they cannot be told from here. */
function argumentsOf(component: Component): readonly string[] | undefined {
  if (component.kind === 'template') return variablesOf(component.uriTemplate)
  const properties = component.kind === 'prompt' && isObject(component.args) ? component.args['properties'] : undefined
  return isObject(properties) ? Object.keys(properties) : undefined
}

function variablesOf(uri: string): readonly string[] | undefined {
  try {
    return compileTemplate(uri).variables
  } catch (error) {
    // The kernel refuses the template itself, and says more about it.
    if (error instanceof InvalidTemplate) return undefined
    throw error
  }
}
