/** The types of the functions that become components: what they are given for a schema, and what they may return. */

import type { Context, In, ReadValue, Schema, ToolReturn } from '@oarlock/kernel'
import type { JsonObject } from '@oarlock/protocol'

/** What a handler is given for a schema; an object of unknown members where the options have none. */
export type Args<S extends Schema> = [Schema] extends [S] ? JsonObject : In<S>

/** A function that can be a tool with this `input` and `output`. */
export type ToolFunction<I extends Schema, O extends Schema> = (args: Args<I>, ctx: Context) => ToolReturn<O>

/** A function that can be a resource. */
export type ResourceFunction = (args: { readonly uri: string }, ctx: Context) => ReadValue | Promise<ReadValue>

/** A function that can be a resource template with these `params`. */
export type TemplateFunction<P extends Schema> = (args: Args<P> & { readonly uri: string }, ctx: Context) => ReadValue | Promise<ReadValue>

/** A function that can be a prompt with these `args`. */
export type PromptFunction<A extends Schema> = (args: Args<A>, ctx: Context) => unknown

/** `F`, or where the options have no schema, a method of the same result whose parameters are named one by one with `@Arg`. */
export type OrParameters<S extends Schema, F extends (...args: never) => unknown> = [Schema] extends [S]
  ? (...args: never) => ReturnType<F>
  : F
