/** resources/read: a URI in, contents out. Exact resources first, then templates, the most specific first. */

import { compileTemplate, excerpt, Fault, isObject, isThenable, MAX_URI_LENGTH, nearest, screen } from '@oarlock/protocol'
import type { Caller } from '../authorize.ts'
import type { Call } from '../call.ts'
import type { ResourceComponent, TemplateComponent } from '../catalog/component.ts'
import type { ResourceEntry, TemplateEntry } from '../catalog/entry.ts'
import { InvalidComponent } from '../catalog/invalid.ts'
import { listResource, listTemplate } from '../catalog/listed.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { choose } from '../catalog/version.ts'
import type { EntryTools } from '../entry-tools.ts'
import { readContents } from '../content.ts'
import { enter } from '../enter.ts'
import type { Kind } from '../layers.ts'
import { formatIssues } from '../schema/issues.ts'
import type { CompiledSchema } from '../schema/schema.ts'
import { isCompletable } from './completable.ts'
import { wantedVersion } from './tools.ts'

/** What a template's handler gets besides its variables. */
interface ReadArgs {
  readonly uri: string
}

/** Makes a resource ready. */
export function compileResource(component: ResourceComponent, key: string, seq: number, tools: EntryTools): ResourceEntry {
  const layered = tools.layered(component, 'resources/read', readKind(component, undefined, tools))
  return { kind: 'resource', component, key, seq, hint: tools.readHint(component), listed: listResource(component), ...layered }
}

/** Makes a template ready. */
export function compileTemplateEntry(component: TemplateComponent, key: string, seq: number, tools: EntryTools): TemplateEntry {
  const template = compileTemplate(component.uriTemplate)
  if (template.variables.includes('uri'))
    throw new TypeError("no variable may be named 'uri': the handler gets the whole URI under that name")
  const params = component.params === undefined ? undefined : tools.schema(component, component.params, 'params')
  const strangers = strangersIn(params, template.variables)
  if (strangers.length > 0) throw new InvalidComponent(component.origin, strangers)
  const check: Kind['check'] = params === undefined ? undefined : args => params.check(args)
  const layered = tools.layered(component, 'resources/read', readKind(component, check, tools))
  const hint = tools.readHint(component)
  const completable = isCompletable(component, params)
  return { kind: 'template', component, key, seq, hint, template, params, completable, listed: listTemplate(component), ...layered }
}

/** Members of a params schema that are no variables: reads could never satisfy it. */
function strangersIn(params: CompiledSchema | undefined, variables: readonly string[]): readonly string[] {
  const properties = params?.json['properties']
  return (isObject(properties) ? Object.keys(properties) : [])
    .filter(name => name !== 'uri' && !variables.includes(name))
    .map(name => `params has '${name}', which is no variable of the template.${nearest(name, variables)}`)
}

function readKind(component: ResourceComponent | TemplateComponent, check: Kind['check'], tools: EntryTools): Kind {
  const limit = tools.limit(component, text => new Fault('INTERNAL_ERROR', text))
  return {
    check,
    refuse: checked => {
      throw new Fault('INVALID_PARAMS', `Invalid variables for ${component.name}:\n${formatIssues(checked.issues)}`)
    },
    work(info, ctx) {
      const uri = ctx.call.params['uri'] as string
      const value = enter(args => component.run(args as never, ctx), info.args, ctx, limit)
      const finish = (settled: unknown): object => ({ contents: readContents(uri, settled, component.mimeType) })
      return isThenable(value) ? value.then(finish) : finish(value)
    },
  }
}

/** Finds what a URI names. Unknown and hidden read alike (DIGEST S-RES-10). */
export function resolveResource(call: Call, snapshot: Snapshot): Found {
  const { uri } = call.params
  if (typeof uri !== 'string') throw new Fault('INVALID_PARAMS', 'resources/read needs a uri as a string')
  const found = findResource(uri, call, snapshot, wantedVersion(call))
  if (found === undefined) throw resourceNotFound(uri)
  return found
}

/** The fault for a URI at which the caller can read nothing (DIGEST S-RES-04). */
export function resourceNotFound(uri: string): Fault {
  return new Fault('RESOURCE_NOT_FOUND', `Resource not found: ${excerpt(uri)}`, { data: { uri: excerpt(uri, MAX_URI_LENGTH) } })
}

/** A resource, or a template with the variables of the URI. */
export interface Found {
  readonly entry: ResourceEntry | TemplateEntry
  readonly args: object
}

/**
 * The resource or template at a URI, for reading and for subscribing. What is at the URI is decided first, and then whether the caller may see it:
 * a template never stands in for a hidden resource.
 */
export function findResource(uri: string, caller: Caller, snapshot: Snapshot, version?: string): Found | undefined {
  const versions = snapshot.resources.byKey.get(uri)
  if (versions !== undefined) {
    const entry = choose(versions, version, caller)
    return entry === undefined ? undefined : { entry, args: { uri } satisfies ReadArgs }
  }
  for (const { key, template } of snapshot.templates.matching) {
    const variables = template.match(uri)
    if (variables === undefined) continue
    const entry = choose(snapshot.templates.byKey.get(key), version, caller)
    return entry !== undefined && passesScreen(entry, variables) ? { entry, args: { ...variables, uri } } : undefined
  }
  return undefined
}

/** No variable may climb out of where the template points, unless its author said that it may (THREATS 14, T20). */
function passesScreen(entry: TemplateEntry, variables: Readonly<Record<string, string | readonly string[]>>): boolean {
  const { unscreened } = entry.component
  for (const name in variables) {
    if (unscreened?.includes(name)) continue
    const value = variables[name] as string | readonly string[]
    if (typeof value === 'string' ? isHazard(value) : value.some(isHazard)) return false
  }
  return true
}

const isHazard = (value: string): boolean => screen(value) !== undefined
