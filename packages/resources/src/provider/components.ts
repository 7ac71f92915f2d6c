/** From a source's templates to components of the catalog. */

import type { Completer, Component, Context, ListedResource, ListPage, Watch } from '@oarlock/kernel'
import { checkOptions, isWellFormed, type MaybePromise, type ResourceContents } from '@oarlock/protocol'
import { Address } from './address.ts'
import type { Admission } from './admission.ts'
import { annotated } from './contents.ts'
import { TEMPLATE, type CompleteRequest, type SourceTemplate, type Suggestions } from './contract.ts'
import type { ResourceProviderOptions } from './options.ts'

/** What the components of a source call. */
export interface SourceHost {
  /** For error texts. */
  readonly origin: string
  readonly admission: Admission
  read(offered: Offered, args: ReadArgs, ctx: Context): MaybePromise<readonly ResourceContents[]>
  readonly list: ((page: ListPage, ctx: Context) => MaybePromise<Iterable<ListedResource>>) | undefined
  watch(offered: Offered): Watch
  readonly complete: ((request: CompleteRequest) => MaybePromise<Suggestions>) | undefined
}

/** A template of a source, and the components that serve it. */
export interface Offered {
  readonly template: SourceTemplate
  readonly address: Address
  /** Whether the source's listing hangs on it. */
  readonly lists: boolean
  readonly components: readonly Component[]
}

/** What a component is called with. */
export interface ReadArgs {
  readonly uri: string
}

/** What all components of a source have. */
export type OwnerOptions = Pick<ResourceProviderOptions, 'annotations' | 'cache'> &
  Required<Pick<ResourceProviderOptions, 'guards' | 'use' | 'tags'>>

/** A component of the source's own making, under the rules that hold for all. */
export function withOwner(component: Component, { guards, use, tags }: Pick<OwnerOptions, 'guards' | 'use' | 'tags'>): Component {
  if (guards.length + use.length + tags.length === 0) return component
  return {
    ...component,
    guards: [...guards, ...component.guards],
    use: [...use, ...component.use],
    tags: [...tags, ...component.tags],
  }
}

/** The components of a template: one, or for a fixed URI that is read in parts, one for the whole and one for the parts. */
export function componentsOf(template: SourceTemplate, host: SourceHost, owner: OwnerOptions, listing: boolean): Offered {
  // A misspelt `under` or `unscreened` would show or refuse what it should not.
  checkOptions(template, TEMPLATE, `a template of ${host.origin}`)
  const address = new Address(template.uriTemplate, template.parts, template.unscreened)
  const fixed = address.variables.length === 0
  const components: Component[] = []
  const offered: Offered = { template, address, lists: listing && !fixed, components }
  const guard = host.admission.guard(address, template.under)
  const common = {
    ...described(template, host.origin),
    ...owned(owner, template),
    guards: guard === undefined ? owner.guards : [...owner.guards, guard],
    watch: host.watch(offered),
    run: (args: ReadArgs, ctx: Context): unknown => host.read(offered, args, ctx),
  }
  if (fixed) components.push({ ...common, kind: 'resource', uri: template.uriTemplate })
  if (!fixed || address.parts)
    components.push({
      ...common,
      kind: 'template',
      uriTemplate: address.offered,
      params: template.params,
      unscreened: template.unscreened,
      complete: fixed || host.complete === undefined ? undefined : completersOf(offered, host),
      ...(offered.lists ? { list: listOf(host, owner, template) } : {}),
    })
  return offered
}

function described({ name, title, description, icons, meta, mimeType }: SourceTemplate, origin: string) {
  return { name, title, description, icons, meta, mimeType, origin: `${origin}: ${name}` }
}

function owned({ annotations, cache, use, tags }: OwnerOptions, template: SourceTemplate) {
  return { annotations: annotated(annotations, template.annotations), cache: template.cache ?? cache, use, tags }
}

function listOf(host: SourceHost, owner: OwnerOptions, template: SourceTemplate) {
  const common = annotated(owner.annotations, template.annotations)
  const list = host.list as NonNullable<SourceHost['list']>
  if (common === undefined) return (ctx: Context, page: ListPage) => list(page, ctx)
  return async (ctx: Context, page: ListPage): Promise<readonly ListedResource[]> =>
    Array.from(await list(page, ctx), item => ({ ...item, annotations: { ...common, ...item.annotations } }))
}

function completersOf(offered: Offered, host: SourceHost): ReadonlyMap<string, Completer> {
  return new Map(offered.address.variables.map(variable => [variable, completerOf(variable, offered, host)]))
}

function completerOf(variable: string, { address, template }: Offered, host: SourceHost): Completer {
  const { admission } = host
  const complete = host.complete as NonNullable<SourceHost['complete']>
  return (value, { arguments: given, ctx }) => {
    // Half a surrogate pair is in no URI, so nothing goes on from it.
    if (![value, ...Object.values(given)].every(isWellFormed)) return []
    const allows = (uri: string): boolean => admission.allows(uri, ctx)
    const uriOf = (each: string): string | undefined => (isWellFormed(each) ? address.uri({ ...given, [variable]: each }) : undefined)
    return admission.suggest(complete({ template: template.uriTemplate, variable, value, arguments: given, allows, ctx }), uriOf, ctx)
  }
}
