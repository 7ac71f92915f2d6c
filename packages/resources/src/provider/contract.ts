/** The contract between the base and a source: what a source is asked, and what it answers. */

import type { CacheHint, CompletionValue, Context, ListedResource, Schema } from '@oarlock/kernel'
import type { Annotations, Duration, Icon, JsonObject, OptionNames } from '@oarlock/protocol'

/** Returned by `read` when the kept copy, whose validator was `known`, is still what there is. */
export const UNCHANGED: unique symbol = Symbol('oarlock.resources.unchanged') as never

/** URIs that a source can read. Give the same object as long as nothing about it changes: clients are told of new ones. */
export interface SourceTemplate {
  readonly name: string
  /** RFC 6570: `notes://{+path}`, `db://main/{table}{?limit}`. Without variables it is the URI of one resource, listed as such. */
  readonly uriTemplate: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
  readonly icons?: readonly Icon[]
  /** Added to those of the provider. */
  readonly annotations?: Annotations
  /** How long clients may keep a read. Instead of the provider's. */
  readonly cache?: CacheHint
  /** Schema of the variables, which arrive as strings and are coerced to what it wants. */
  readonly params?: Schema
  /** Variables that may hold `..`, absolute paths and the like. All others are screened. */
  readonly unscreened?: readonly string[]
  /**
   * Whether what is larger than `maxBytes` is read in parts: the base adds `{?offset,length}` to the template, and cuts what the source gives whole.
   * On when absent, except for a URI without variables, for a template that has an `offset` or a `length` of its own, and for one with a fragment.
   */
  readonly parts?: boolean
  /**
   * A URI in normal form that whoever reads any URI of this template must be allowed to read as well. Who may not does not see the template. When absent, a
   * template with variables is shown to all, since no rule says what it will be asked for.
   */
  readonly under?: string
  readonly meta?: JsonObject
}

/** The names of all that a template may have. */
export const TEMPLATE: OptionNames<SourceTemplate> = {
  name: true,
  uriTemplate: true,
  title: true,
  description: true,
  mimeType: true,
  icons: true,
  annotations: true,
  cache: true,
  params: true,
  unscreened: true,
  parts: true,
  under: true,
  meta: true,
}

/** Values of a template's variables, decoded once: text, or a list for `{/name*}` and `{?name*}`. Without a prototype. */
export type Variables = Readonly<Record<string, string | readonly string[]>>

/** A range of bytes that a reader asks for. */
export interface Range {
  readonly offset: number
  /** At most `maxBytes`. */
  readonly length: number
}

/** One read, allowed already. */
export interface ReadRequest {
  /** In normal form and without the range: equal for two requests exactly when they are for one document. */
  readonly uri: string
  /** The `uriTemplate` that the URI fits. */
  readonly template: string
  readonly variables: Variables
  /** The variables as the template's `params` made them; without `params` the same as `variables`. */
  readonly values: Readonly<Record<string, unknown>>
  /** What of the document is wanted; undefined for all of it. A source that can reads only this far, and says so with `part`; the base cuts for the others. */
  readonly range: Range | undefined
  /** The most that one answer may hold. A source need not read more than this. */
  readonly maxBytes: number
  /** The validator of the copy that is kept, if there is one: answer `UNCHANGED` when it still holds. */
  readonly known: string | undefined
  /** Aborts when the client cancels or goes away. */
  readonly signal: AbortSignal
  readonly ctx: Context
}

/** Where in a document a content stands. Absent for a whole document. */
export interface SourcePart {
  /** In bytes. Together with `size` the base knows whether there is more, and under which URI. */
  readonly offset?: number
  /** Of the whole document, in bytes. */
  readonly size?: number
  /** URI of what comes next, for sources that page by cursors of their own. */
  readonly next?: string
}

/** What a document holds. */
export type SourceContent = ({ readonly text: string } | { readonly bytes: Uint8Array } | { readonly json: unknown }) & {
  /** URI of this content, when it is not the one asked for. */
  readonly uri?: string
  /** Found out by name and content when absent. */
  readonly mimeType?: string
  /** Changes whenever the document does: a version, a digest, an ETag. */
  readonly validator?: string
  /** How long a kept copy is not questioned, where that is less than the provider's. 0 with no validator: not kept at all. */
  readonly keepFor?: Duration
  readonly lastModified?: Date
  readonly annotations?: Annotations
  readonly part?: SourcePart
  readonly meta?: JsonObject
}

/** What `read` may answer. Undefined: there is no such document. */
export type SourceAnswer = SourceContent | readonly SourceContent[] | typeof UNCHANGED | undefined

/** One look at a listing. */
export interface ListRequest {
  /** The last URI of the page before, undefined from the start. URIs are compared code unit by code unit, as `<` does. */
  readonly after: string | undefined
  /** How many are needed: more may be given, fewer only when nothing comes after that the caller may read. */
  readonly limit: number
  /**
   * Whether the caller may read a URI. What he may not is left out of the list in any case; a source to which it is dear to describe a resource asks
   * first.
   */
  allows(uri: string): boolean
  readonly ctx: Context
}

/** A wish for suggestions. */
export interface CompleteRequest {
  /** The `uriTemplate` whose variable is completed. */
  readonly template: string
  readonly variable: string
  /** What was typed so far. */
  readonly value: string
  /** Values of other variables, as far as the client has them. */
  readonly arguments: Readonly<Record<string, string>>
  /** Whether the caller may read a URI. */
  allows(uri: string): boolean
  readonly ctx: Context
}

/** The beginning of longer values, to be typed on from: a folder. */
export interface Beginning {
  readonly beginning: string
  /** The URI, in normal form, of something that begins so. Whoever may not read it does not see the beginning. */
  readonly of: string
}

/** What `complete` may answer: values, or beginnings of values, alone or with how many there are. A value whose URI the caller may not read is left out. */
export type Suggestions =
  | readonly (string | Beginning)[]
  | { readonly values: readonly (string | Beginning)[]; readonly total?: number; readonly hasMore?: boolean }

export type { CompletionValue, ListedResource }
