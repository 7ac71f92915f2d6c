/** resources/read: a URI in, contents out. Exact resources first, then templates, the most specific first. */

import { compileTemplate, excerpt, Fault, screen, type JsonObject } from '@oarlock/protocol'
import { isThenable, type Call } from '../call.ts'
import type { ResourceComponent, TemplateComponent } from '../catalog/component.ts'
import type { ResourceEntry, TemplateEntry } from '../catalog/entry.ts'
import { listResource, listTemplate } from '../catalog/listed.ts'
import { isVisible, type Snapshot } from '../catalog/snapshot.ts'
import { pick } from '../catalog/version.ts'
import type { EntryTools } from '../compile.ts'
import { readContents } from '../content.ts'
import { enter } from '../enter.ts'
import type { Kind } from '../layers.ts'
import { formatIssues } from '../schema/issues.ts'
import { wantedVersion } from './tools.ts'

/** What a template's handler gets besides its variables. */
interface ReadArgs {
  readonly uri: string
}

/** Makes a resource ready. */
export function compileResource(component: ResourceComponent, key: string, seq: number, tools: EntryTools): ResourceEntry {
  const core = tools.layered(component, 'resources/read', readKind(component, undefined))
  return { kind: 'resource', component, key, seq, listed: listResource(component), core }
}

/** Makes a template ready. */
export function compileTemplateEntry(component: TemplateComponent, key: string, seq: number, tools: EntryTools): TemplateEntry {
  const template = compileTemplate(component.uriTemplate)
  const params = component.params === undefined ? undefined : tools.schema(component, component.params, 'params')
  const check: Kind['check'] = params === undefined ? undefined : args => params.check(args)
  const core = tools.layered(component, 'resources/read', readKind(component, check))
  return { kind: 'template', component, key, seq, template, params, listed: listTemplate(component), core }
}

function readKind(component: ResourceComponent | TemplateComponent, check: Kind['check']): Kind {
  return {
    check,
    refuse: checked => {
      throw new Fault('INVALID_PARAMS', `Invalid variables for ${component.name}:\n${formatIssues(checked.issues)}`)
    },
    expired: ms => {
      throw new Fault('INTERNAL_ERROR', `${component.name} did not finish within ${ms} ms and was cancelled`)
    },
    work(info, ctx) {
      const uri = ctx.call.params['uri'] as string
      const value = enter(() => component.run(info.args as never, ctx), ctx)
      const finish = (settled: unknown): object => ({ contents: readContents(uri, settled, component.mimeType) })
      return isThenable(value) ? value.then(finish) : finish(value)
    },
  }
}

/** Finds what a URI names. Unknown and hidden read alike (DIGEST S-RES-10). */
export function resolveResource(call: Call, snapshot: Snapshot): { readonly entry: ResourceEntry | TemplateEntry; readonly args: object } {
  const { uri } = call.params
  if (typeof uri !== 'string') throw new Fault('INVALID_PARAMS', 'resources/read needs a uri as a string')
  const found = findResource(uri, call, snapshot)
  if (found === undefined)
    throw new Fault('RESOURCE_NOT_FOUND', `Resource not found: ${excerpt(uri)}`, { data: { uri: excerpt(uri, 8_192) } })
  return found
}

/** The visible resource or template at a URI, for reading and for subscribing. */
export function findResource(
  uri: string,
  caller: Pick<Call, 'principal' | 'peer'> & { readonly params?: JsonObject },
  snapshot: Snapshot,
): { readonly entry: ResourceEntry | TemplateEntry; readonly args: object } | undefined {
  const versions = snapshot.resources.byKey.get(uri)
  const exact = versions === undefined ? undefined : pick(versions, caller.params === undefined ? undefined : wantedVersion(caller as Call))
  if (exact !== undefined)
    return isVisible(exact, caller.principal, caller.peer) ? { entry: exact, args: { uri } satisfies ReadArgs } : undefined
  for (const entry of snapshot.matching) {
    const variables = entry.template.match(uri)
    if (variables === undefined || !isVisible(entry, caller.principal, caller.peer)) continue
    return passesScreen(entry, variables) ? { entry, args: { ...variables, uri } } : undefined
  }
  return undefined
}

/** No variable may climb out of where the template points, unless its author said that it may (THREATS 14, T20). */
function passesScreen(entry: TemplateEntry, variables: Readonly<Record<string, string | readonly string[]>>): boolean {
  const { unscreened } = entry.component
  for (const [name, value] of Object.entries(variables)) {
    if (unscreened?.includes(name)) continue
    const values = typeof value === 'string' ? [value] : value
    if (values.some(each => screen(each) !== undefined)) return false
  }
  return true
}
