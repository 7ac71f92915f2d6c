/** The seam by which protocol extensions join a server: methods, capabilities and result types, without touching the kernel. */

import { NAME_PARAMS, revisionsOf, type JsonObject, type JsonValue, type NameParams } from '@oarlock/protocol'
import type { Context } from './context.ts'

/** A method that an extension serves. */
export interface ExtensionMethod {
  /** Answers one request. May throw Fault. The result is sent as it is, stamped with `resultType: complete` unless it has another. */
  handle(params: JsonObject, ctx: Context): object | Promise<object>
  /** The member of params that the `Mcp-Name` header mirrors (DIGEST 5.1 e). */
  readonly nameParam?: string
}

/** A filter that an extension adds to `subscriptions/listen`, such as `taskIds` (DIGEST 5.2). */
export interface ListenFilter {
  /**
   * Decides what of a wish will be heard; undefined for nothing. Called when a client that declared the extension names the filter, before anything is
   * acknowledged. `wanted` is the filter's value as it came. What a caller can make grow is the extension's to bound. May throw Fault.
   */
  accept(wanted: JsonValue, ctx: Context): GrantedFilter | undefined | Promise<GrantedFilter | undefined>
}

/** What one subscription hears by a filter. */
export interface GrantedFilter {
  /** What is acknowledged under the filter's name. */
  readonly granted: JsonValue
  /**
   * Called once, right after the acknowledgement. `tell` sends a notice on the stream, marked with the subscription; once that has ended it does nothing.
   * Returns what is to be called when it ends.
   */
  begin(tell: (method: string, params: JsonObject) => void): () => void
}

/** A protocol extension (SEP-2133). Off unless given to a server; served only to clients that declare it. */
export interface Extension {
  /** `{reverse-DNS prefix}/{name}`, such as `io.modelcontextprotocol/tasks`. */
  readonly id: string
  /** What is advertised under `capabilities.extensions`; `{}` when absent. */
  readonly settings?: JsonObject
  readonly methods?: Readonly<Record<string, ExtensionMethod>>
  /** Filters of `subscriptions/listen` by name. */
  readonly filters?: Readonly<Record<string, ListenFilter>>
  /** Values of `resultType` that this extension owns. */
  readonly resultTypes?: readonly string[]
}

const LABEL = /^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/

/** The extensions of one server. Two that claim one method, filter or result type are refused (DIGEST S-EXT-05). */
export class Extensions {
  readonly byId: ReadonlyMap<string, Extension>
  readonly methods: ReadonlyMap<string, { readonly id: string; readonly method: ExtensionMethod }>
  readonly filters: ReadonlyMap<string, { readonly id: string; readonly filter: ListenFilter }>

  constructor(extensions: readonly Extension[]) {
    const byId = new Map<string, Extension>()
    const methods = new Map<string, { id: string; method: ExtensionMethod }>()
    const results = new Map(CORE_RESULTS.map(type => [type, 'the protocol']))
    const filters = new Map<string, { id: string; filter: ListenFilter }>()
    for (const extension of extensions) {
      checkId(extension.id)
      claim(byId, extension.id, extension, extension.id, 'id')
      for (const [name, method] of Object.entries(extension.methods ?? {})) {
        if (isCore(name)) throw new TypeError(`Extension ${extension.id}: the method ${JSON.stringify(name)} belongs to the protocol`)
        claim(methods, name, { id: extension.id, method }, extension.id, 'method')
      }
      for (const [name, filter] of Object.entries(extension.filters ?? {})) {
        if (CORE_FILTERS.has(name))
          throw new TypeError(`Extension ${extension.id}: the filter ${JSON.stringify(name)} belongs to the protocol`)
        claim(filters, name, { id: extension.id, filter }, extension.id, 'filter')
      }
      for (const type of extension.resultTypes ?? []) claim(results, type, extension.id, extension.id, 'result type')
    }
    this.byId = byId
    this.methods = methods
    this.filters = filters
  }

  /** What `Mcp-Name` mirrors, the core's methods and those of the extensions (DIGEST 5.1 e). */
  get nameParams(): NameParams {
    const own = Array.from(this.methods, ([name, { method }]) => [name, method.nameParam] as const)
    return new Map([...NAME_PARAMS, ...own.filter((pair): pair is readonly [string, string] => pair[1] !== undefined)])
  }

  /** What is advertised; undefined when there are none. */
  get capabilities(): Record<string, JsonObject> | undefined {
    if (this.byId.size === 0) return undefined
    return Object.fromEntries(Array.from(this.byId.values(), ({ id, settings = {} }) => [id, settings]))
  }
}

/** The filters that the protocol itself has. */
const CORE_FILTERS: ReadonlySet<string> = new Set([
  'toolsListChanged',
  'promptsListChanged',
  'resourcesListChanged',
  'resourceSubscriptions',
])

/** The values of `resultType` that the protocol itself has. */
const CORE_RESULTS = ['complete', 'input_required']

/** Whether the protocol has the method in some revision. Tasks moved from there into an extension. */
function isCore(name: string): boolean {
  return !name.startsWith('tasks/') && revisionsOf(name).length > 0
}

function checkId(id: string): void {
  const slash = id.indexOf('/')
  const labels = id.slice(0, Math.max(slash, 0)).split('.')
  if (slash < 1 || !labels.every(label => LABEL.test(label)) || !NAME.test(id.slice(slash + 1))) {
    throw new TypeError(
      `Extension id ${JSON.stringify(id)} must be a reverse-DNS prefix, a slash and a name, such as 'com.example/reports'`,
    )
  }
}

function claim<T>(map: Map<string, T>, key: string, value: T, id: string, what: string): void {
  if (map.has(key)) throw new TypeError(`Extension ${id}: the ${what} ${JSON.stringify(key)} is already taken`)
  map.set(key, value)
}
