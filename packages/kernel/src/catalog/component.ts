/** What the catalog holds: tools, resources, resource templates and prompts, whatever their origin, as plain values. */

import type { Annotations, Duration, Icon, JsonObject, ResourceContents, ToolAnnotations } from '@oarlock/protocol'
import type { Context } from '../context.ts'
import type { Guard } from '../guard.ts'
import type { Schema } from '../schema/schema.ts'

/** Where a component was written, for error texts: `Calculator.add`, a file, `server.tool('add')`. */
export type Origin = string

/** What middleware sees of a request. */
export interface CallInfo {
  /** The protocol's method: `tools/call`, `resources/read`, `prompts/get`, `tools/list`, … */
  readonly method: string
  /** The component it resolved to, for the methods that have one. */
  readonly component: Component | undefined
  /** Arguments of the component, validated once server middleware let them pass; the params for methods without a component. */
  readonly args: unknown
}

/** The rest of the way: what lies inside this layer. Returns the result object of the method. Call it at most once. */
export type Next = () => Promise<object>

/**
 * A layer around a call. Returns the result: that of `next()`, changed or not, or its own. May throw Fault or ToolError. Runs once per call, whatever
 * number of times the handler is re-entered in one session call.
 */
export type Middleware = (call: CallInfo, next: Next, ctx: Context) => object | Promise<object>

/** What every component has. Immutable once offered. */
export interface ComponentCommon {
  /** Unique among components of its kind and version. */
  readonly name: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly icons?: readonly Icon[] | undefined
  /** `_meta` of the component on the wire. */
  readonly meta?: JsonObject | undefined
  /** Words to choose components by; never on the wire unless a transform puts them there. */
  readonly tags: readonly string[]
  /** Several versions of one name live side by side; the highest that is not deprecated is listed and answers. */
  readonly version?: string | undefined
  /** A reason or `true`. Announced in the description and `_meta`, and never chosen over a version that is not deprecated. */
  readonly deprecated?: string | boolean | undefined
  /** Rules that decide who sees and who may call it, class rules first. */
  readonly guards: readonly Guard[]
  /** Class middleware, then member middleware. */
  readonly use: readonly Middleware[]
  /** Milliseconds after which a call is cancelled; none when absent. */
  readonly timeoutMs?: number | undefined
  readonly origin: Origin
}

/** A function the model may call. */
export interface ToolComponent extends ComponentCommon {
  readonly kind: 'tool'
  readonly input: Schema
  readonly output?: Schema | undefined
  readonly annotations?: ToolAnnotations | undefined
  /**
   * Does the work. `args` passed validation. Returns anything sensible (text, number, object, content, a promise of it, or an async generator
   * whose yields are progress).
   */
  run(args: never, ctx: Context): unknown
}

/** How long clients may keep a result and whether they may share it (DIGEST 3.11). */
export interface CacheHint {
  /** For how long; clients are told whole milliseconds. */
  readonly ttl?: Duration
  readonly scope?: 'public' | 'private'
}

/** What a read returns: text, bytes, JSON, one or several contents. */
export type ReadValue =
  | string
  | Uint8Array
  | ResourceContents
  | readonly ResourceContents[]
  | { readonly contents: readonly ResourceContents[] }
  | object

/** Starts watching a source. Called with the first subscriber of a URI; the returned function is called when the last one left. */
export type Watch = (uri: string, updated: () => void) => (() => void) | Promise<() => void>

interface Readable extends ComponentCommon {
  readonly mimeType?: string | undefined
  readonly annotations?: Annotations | undefined
  readonly cache?: CacheHint | undefined
  readonly watch?: Watch | undefined
}

/** A document at a fixed URI. */
export interface ResourceComponent extends Readable {
  readonly kind: 'resource'
  readonly uri: string
  readonly size?: number | undefined
  run(args: { readonly uri: string }, ctx: Context): unknown
}

/** Documents at all URIs of an RFC 6570 template. */
export interface TemplateComponent extends Readable {
  readonly kind: 'template'
  readonly uriTemplate: string
  /** Schema of the variables; they arrive as strings. */
  readonly params?: Schema | undefined
  /** Variables that may hold path traversal (`..`, absolute paths, NUL, backslash); all others are screened. */
  readonly unscreened?: readonly string[] | undefined
  /** Lists concrete resources of this template, merged into resources/list in the order of their URIs. */
  list?: ListResources
  readonly complete?: Completers | undefined
  run(args: never, ctx: Context): unknown
}

/**
 * Lists resources of a template that the caller may read. Called for each page of resources/list behind the registered resources. What it returns may
 * be in any order and may go beyond the page: a source that is small returns everything and ignores `page`. A source that is large looks only for the
 * page, and then must not leave out one that is in it. May return less only when nothing comes after.
 */
export type ListResources = (ctx: Context, page: ListPage) => Iterable<ListedResource> | Promise<Iterable<ListedResource>>

/** The part of a listing that is needed: the first `limit` resources whose URI comes after `after`. */
export interface ListPage {
  /** URIs are compared character code by character code, as `<` does and as a database does with a binary collation. Undefined: from the start. */
  readonly after: string | undefined
  /** A positive integer. */
  readonly limit: number
}

/** One resource that a template lists. Revisions that lack a member do not hear of it. */
export interface ListedResource {
  readonly uri: string
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
  /** In bytes. */
  readonly size?: number
  readonly annotations?: Annotations
  readonly icons?: readonly Icon[]
  /** `_meta` of the resource on the wire. */
  readonly meta?: JsonObject
}

/** A message, or a ready list of them, that a client asked for by name. */
export interface PromptComponent extends ComponentCommon {
  readonly kind: 'prompt'
  /** Schema of the arguments. They arrive as strings and are coerced to what the schema wants. */
  readonly args?: Schema | undefined
  readonly complete?: Completers | undefined
  /** Text for a template engine instead of `run`. Rendered by the server's `TemplateEngine`. */
  readonly template?: string | undefined
  /** Names of the values that `run` adds to the arguments for the template. */
  readonly adds?: readonly string[] | undefined
  /** Returns a string (one user message), a message, messages, or a full prompts/get result. */
  run(args: never, ctx: Context): unknown
}

/** Suggests values for one argument, given what was typed and the other arguments so far. */
export type Completer = (
  value: string,
  context: { readonly arguments: Readonly<Record<string, string>>; readonly ctx: Context },
) => CompletionValue | Promise<CompletionValue>

/** Suggestions: plain values, or values with the total known. */
export type CompletionValue =
  | readonly string[]
  | { readonly values: readonly string[]; readonly total?: number; readonly hasMore?: boolean }

/** Completers by argument or variable name. */
export type Completers = ReadonlyMap<string, Completer>

/** Anything the catalog can hold. */
export type Component = ToolComponent | ResourceComponent | TemplateComponent | PromptComponent

/** The kinds of component. */
export type ComponentKind = Component['kind']
