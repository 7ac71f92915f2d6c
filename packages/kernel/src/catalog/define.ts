/** The options in which all four spellings agree, and the step from options to a component. */

import { duration, type Annotations, type Duration, type Icon, type JsonObject, type ToolAnnotations } from '@oarlock/protocol'
import type { Context } from '../context.ts'
import type { Guard } from '../guard.ts'
import type { In, Out } from '../schema/infer.ts'
import type { Schema } from '../schema/schema.ts'
import { checkWritten } from './checked.ts'
import type {
  CacheHint,
  Completer,
  ComponentCommon,
  ListResources,
  Middleware,
  PromptComponent,
  ResourceComponent,
  TemplateComponent,
  ToolComponent,
  Watch,
} from './component.ts'

/** Options that every component takes. */
export interface CommonOptions {
  readonly name?: string
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly Icon[]
  readonly meta?: JsonObject
  readonly tags?: readonly string[]
  readonly version?: string
  /** A reason, such as `use add2 instead`, or true. */
  readonly deprecated?: string | boolean
  readonly guard?: Guard | readonly Guard[]
  readonly use?: Middleware | readonly Middleware[]
  /** `'30s'`, `'500ms'`, `'2m'`, or milliseconds. */
  readonly timeout?: Duration
}

/** Options of a tool. */
export interface ToolOptions<I extends Schema = Schema, O extends Schema = Schema> extends CommonOptions {
  /** Schema of the arguments: an object. Without it the tool takes none. */
  readonly input?: I
  /** Schema of the result. The result is then structured content, mirrored as text. */
  readonly output?: O
  readonly annotations?: ToolAnnotations
}

interface ReadOptions extends CommonOptions {
  readonly mimeType?: string
  readonly annotations?: Annotations
  readonly cache?: CacheHint
  readonly watch?: Watch
}

/** Options of a resource. */
export interface ResourceOptions extends ReadOptions {
  readonly uri: string
  readonly size?: number
}

/** Options of a resource template. */
export interface TemplateOptions<P extends Schema = Schema> extends ReadOptions {
  /** RFC 6570, level 3: `logs://{service}/{+path}{?tail}`. */
  readonly uri: string
  readonly params?: P
  /** Variables that may hold `..`, absolute paths and the like. All others are screened. */
  readonly unscreened?: readonly string[]
  readonly list?: ListResources
  readonly complete?: Readonly<Record<string, Completer>>
}

/** Options of a prompt. */
export interface PromptOptions<A extends Schema = Schema> extends CommonOptions {
  readonly args?: A
  /** Text for the server's template engine, instead of a function. */
  readonly template?: string
  /** Names of the values that the function adds to the arguments for the template, which may use no others. */
  readonly adds?: readonly string[]
  readonly complete?: Readonly<Record<string, Completer>>
}

/** What an owner (a class, a provider) adds to each of its members. */
export interface Owner {
  readonly guards?: readonly Guard[]
  readonly use?: readonly Middleware[]
  readonly tags?: readonly string[]
  readonly deprecated?: string | boolean
  /** `Calculator.add`; defaults to the kind and name. */
  readonly origin?: string
}

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

function common(kind: string, name: string, options: CommonOptions, run: unknown, owner: Owner): ComponentCommon {
  const guards = [...(owner.guards ?? []), ...list(options?.guard)]
  const use = [...(owner.use ?? []), ...list(options?.use)]
  const origin = owner.origin ?? `${kind} ${options?.name ?? name}`
  checkWritten(kind, options, run, { guards, use, origin })
  return {
    name: options.name ?? name,
    title: options.title,
    description: options.description,
    icons: options.icons,
    meta: options.meta,
    tags: [...(owner.tags ?? []), ...(options.tags ?? [])],
    version: options.version,
    deprecated: options.deprecated ?? owner.deprecated,
    guards,
    use,
    timeoutMs: options.timeout === undefined ? undefined : duration(options.timeout),
    origin,
  }
}

/** No arguments: the preferred schema (DIGEST 3.14). */
export const NO_ARGUMENTS: JsonObject = { type: 'object', additionalProperties: false }

/** A handler of a tool. */
export type ToolHandler<I extends Schema, O extends Schema> = (args: In<I>, ctx: Context) => ToolReturn<O>

/** What a tool handler may return for its `output`: its type, or without one anything. */
export type ToolReturn<O extends Schema> = [Schema] extends [O] ? unknown : Out<O> | Promise<Out<O>> | AsyncGenerator<unknown, Out<O>>

/** Makes a tool from its options. `name` is used where the options give none. */
export function defineTool(
  name: string,
  options: ToolOptions,
  run: (args: never, ctx: Context) => unknown,
  owner: Owner = {},
): ToolComponent {
  const known = common('tool', name, options, run, owner)
  const { annotations, input = NO_ARGUMENTS, output } = options
  return { kind: 'tool', ...known, input, output, annotations, run }
}

/** Makes a resource. `run` gets the URI that was asked for. */
export function defineResource(
  name: string,
  options: ResourceOptions,
  run: (args: { readonly uri: string }, ctx: Context) => unknown,
  owner: Owner = {},
): ResourceComponent {
  const { uri, mimeType, annotations, cache, watch, size } = options
  return { kind: 'resource', ...common('resource', name, options, run, owner), uri, mimeType, annotations, cache, watch, size, run }
}

/** Makes a resource template. `run` gets the template's variables, and `uri`. */
export function defineTemplate(
  name: string,
  options: TemplateOptions,
  run: (args: never, ctx: Context) => unknown,
  owner: Owner = {},
): TemplateComponent {
  const { uri, mimeType, annotations, cache, watch, params, unscreened } = options
  const rest = { uriTemplate: uri, mimeType, annotations, cache, watch, params, unscreened, complete: completers(options.complete) }
  return {
    kind: 'template',
    ...common('template', name, options, run, owner),
    ...rest,
    ...(options.list === undefined ? {} : { list: options.list }),
    run,
  }
}

/** Makes a prompt. With `template`, `run` supplies the values the template is rendered with. */
export function definePrompt(
  name: string,
  options: PromptOptions,
  run: (args: never, ctx: Context) => unknown,
  owner: Owner = {},
): PromptComponent {
  const { args, template, adds } = options
  return {
    kind: 'prompt',
    ...common('prompt', name, options, run, owner),
    args,
    template,
    adds,
    complete: completers(options.complete),
    run,
  }
}

function completers(given: Readonly<Record<string, Completer>> | undefined): ReadonlyMap<string, Completer> | undefined {
  return given === undefined ? undefined : new Map(Object.entries(given))
}
