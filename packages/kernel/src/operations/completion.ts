/** completion/complete: suggestions for an argument of a prompt or a variable of a template, from a completer or from the schema itself. */

import { type Clock, excerpt, Fault, isObject, isThenable, type JsonObject, type MaybePromise } from '@oarlock/protocol'
import { requireScopes } from '../authorize.ts'
import type { Call } from '../call.ts'
import type { CallContext } from '../call-context.ts'
import type { CompletionValue } from '../catalog/component.ts'
import type { PromptEntry, TemplateEntry } from '../catalog/entry.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { choose } from '../catalog/version.ts'
import { inTime } from '../in-time.ts'
import { schemaValues } from './completable.ts'
import { findResource } from './resources.ts'

/** Most values in one answer (DIGEST S-CMP-02). */
const MOST_VALUES = 100

/** Answers completion/complete. */
export function complete(call: Call, ctx: CallContext, snapshot: Snapshot, clock: Clock): MaybePromise<object> {
  const { ref, argument, context } = call.params
  if (!isObject(argument) || typeof argument['name'] !== 'string' || typeof argument['value'] !== 'string') {
    throw new Fault('INVALID_PARAMS', 'completion/complete needs argument.name and argument.value as strings')
  }
  const entry = resolveRef(ref, call, snapshot)
  if (entry === undefined) return { completion: { values: [] } }
  requireScopes(entry.rules, call.principal, call.head)
  const { name, value } = argument as { name: string; value: string }
  if (!argumentNamesOf(entry).includes(name) && entry.component.complete?.has(name) !== true)
    throw new Fault('INVALID_PARAMS', `${entry.key} has no argument '${excerpt(name)}'`)
  const others = contextArguments(context)
  const suggest = (): MaybePromise<object> => {
    const completer = entry.component.complete?.get(name)
    if (completer === undefined) return completion(fromSchema(entry, name, value))
    const given = completer(value, { arguments: others, ctx })
    return isThenable(given) ? bounded(given, entry, clock).then(completion) : completion(given)
  }
  const { allow } = entry.rules
  if (allow === undefined) return suggest()
  // Guards see what is typed so far. Whoever is refused, or cannot be judged yet, is told nothing.
  return allow({ ...others, [name]: value }, ctx).then(suggest, () => ({ completion: { values: [] } }))
}

/** The component's time limit holds for its completers, too. */
function bounded(given: Promise<CompletionValue>, { component: { name, timeoutMs } }: PromptEntry | TemplateEntry, clock: Clock) {
  if (timeoutMs === undefined) return given
  const expired = (): Fault => new Fault('INTERNAL_ERROR', `${name} did not finish within ${timeoutMs} ms`)
  return inTime(given, timeoutMs, clock, expired)
}

/** The prompt or template that is referred to; undefined for a plain resource, which has nothing to complete (DIGEST S-CMP-07). */
function resolveRef(ref: unknown, call: Call, snapshot: Snapshot): PromptEntry | TemplateEntry | undefined {
  if (!isObject(ref)) throw new Fault('INVALID_PARAMS', 'completion/complete needs a ref')
  const { type, name, uri } = ref
  if (type === 'ref/prompt' && typeof name === 'string') {
    const entry = choose(snapshot.prompts.byKey.get(name), undefined, call)
    if (entry === undefined) throw new Fault('INVALID_PARAMS', `Unknown prompt '${excerpt(name)}'`)
    return entry
  }
  if (type === 'ref/resource' && typeof uri === 'string') {
    const template = choose(snapshot.templates.byKey.get(uri), undefined, call)
    const entry = template ?? findResource(uri, call, snapshot)?.entry
    if (entry === undefined) throw new Fault('INVALID_PARAMS', `Unknown resource template '${excerpt(uri)}'`)
    return entry.kind === 'resource' ? undefined : entry
  }
  throw new Fault('INVALID_PARAMS', 'ref must be { type: "ref/prompt", name } or { type: "ref/resource", uri }')
}

/** The arguments of a prompt, or the variables of a template. */
export function argumentNamesOf(entry: PromptEntry | TemplateEntry): readonly string[] {
  if (entry.kind === 'template') return entry.template.variables
  const properties = entry.args?.json['properties']
  return isObject(properties) ? Object.keys(properties) : []
}

function fromSchema(entry: PromptEntry | TemplateEntry, name: string, value: string): readonly string[] {
  const properties = schemaOf(entry)?.['properties']
  const values = isObject(properties) && Object.hasOwn(properties, name) ? schemaValues(properties[name]) : undefined
  if (values === undefined) return []
  const typed = value.toLowerCase()
  const starting = values.filter(each => each.toLowerCase().startsWith(typed))
  return [...starting, ...values.filter(each => !starting.includes(each) && each.toLowerCase().includes(typed))]
}

function schemaOf(entry: PromptEntry | TemplateEntry): JsonObject | undefined {
  return (entry.kind === 'prompt' ? entry.args : entry.params)?.json
}

function contextArguments(context: unknown): Readonly<Record<string, string>> {
  const given = isObject(context) ? context['arguments'] : undefined
  if (!isObject(given)) return {}
  return Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

function completion(given: CompletionValue): object {
  const { values, total, hasMore } = Array.isArray(given)
    ? { values: given as readonly string[], total: given.length, hasMore: undefined }
    : (given as Exclude<CompletionValue, readonly string[]>)
  const shown = values.slice(0, MOST_VALUES)
  const more = hasMore ?? (total ?? values.length) > shown.length
  return { completion: { values: shown, ...(total === undefined ? {} : { total: Math.max(total, shown.length) }), hasMore: more } }
}
