/** The class-field spelling: `add = tool({ … }, (args, ctx) => …)`. Full inference, no decorator syntax, runs under Node's type stripping. */

import {
  definePrompt,
  defineResource,
  defineTemplate,
  defineTool,
  FIELD,
  type Component,
  type Context,
  type FieldOffering,
  type PromptOptions,
  type ResourceOptions,
  type Schema,
  type TemplateOptions,
  type ToolOptions,
} from '@oarlock/kernel'
import { completersFor } from './completions.ts'
import type { PromptFunction, ResourceFunction, TemplateFunction, ToolFunction } from './handler.ts'
import { aroundField } from './reflect.ts'

/** The value of such a field: the function that was given, still callable, and the component that a server makes of it. */
export type FunctionField<F> = F & FieldOffering

type Run = (args: never, ctx: Context) => unknown
type Make = (name: string, owner: object, run: Run) => Component

/**
 * A function of its own for each field, so that one handler can serve several. Called as a method it passes `this` on; as a component it has the
 * owner as `this`.
 */
function field<F>(handler: Run, make: Make): FunctionField<F> {
  const value = function (this: unknown, ...args: Parameters<Run>): unknown {
    return handler.apply(this, args)
  }
  const offering: FieldOffering[typeof FIELD] = (name, owner) => make(name, owner, (args, ctx) => handler.call(owner, args, ctx))
  return Object.defineProperty(value, FIELD, { value: offering }) as F & FieldOffering
}

/**
 * A tool as a class field. What `@Tool` says of names and layers holds here too.
 *
 *     class Calculator {
 *       add = tool({ description: 'Add two numbers', input: Add, output: Type.Number() }, ({ a, b }) => a + b)
 *     }
 *     new Calculator().add({ a: 1, b: 2 }, ctx)     // still a function
 *
 * Guards, middleware and tags of the class apply. A `#private` field, or one under a symbol, is not offered.
 */
export function tool<const I extends Schema, const O extends Schema, R extends ReturnType<ToolFunction<I, O>>>(
  options: ToolOptions<I, O>,
  run: (...args: Parameters<ToolFunction<I, O>>) => R,
): FunctionField<(...args: Parameters<ToolFunction<I, O>>) => R> {
  return field(run as Run, (name, owner, bound) => defineTool(name, options, bound, aroundField(owner, name).owner))
}

/** A resource as a class field: `config = resource({ uri: 'config://app' }, () => ({ theme: 'dark' }))`. See `@Resource`. */
export function resource<R extends ReturnType<ResourceFunction>>(
  options: ResourceOptions,
  run: (...args: Parameters<ResourceFunction>) => R,
): FunctionField<(...args: Parameters<ResourceFunction>) => R> {
  return field(run as Run, (name, owner, bound) => defineResource(name, options, bound as never, aroundField(owner, name).owner))
}

/** A resource template as a class field: `log = template({ uri: 'logs://{service}', params }, ({ service }) => …)`. See `@ResourceTemplate`. */
export function template<const P extends Schema, R extends ReturnType<TemplateFunction<P>>>(
  options: TemplateOptions<P>,
  run: (...args: Parameters<TemplateFunction<P>>) => R,
): FunctionField<(...args: Parameters<TemplateFunction<P>>) => R> {
  return field(run as Run, (name, owner, bound) => {
    const around = aroundField(owner, name)
    const complete = completersFor(
      { kind: 'template', name: options.name ?? name, uriTemplate: options.uri },
      options.complete,
      around.completions,
    )
    return defineTemplate(name, complete === undefined ? options : { ...options, complete }, bound, around.owner)
  })
}

/** A prompt as a class field: `review = prompt({ args }, ({ code }) => …)`; with the option `template` the function may be left out. See `@Prompt`. */
export function prompt<const A extends Schema, R = undefined>(
  options: PromptOptions<A>,
  run: (...args: Parameters<PromptFunction<A>>) => R = () => undefined as R,
): FunctionField<(...args: Parameters<PromptFunction<A>>) => R> {
  return field(run as Run, (name, owner, bound) => {
    const around = aroundField(owner, name)
    const complete = completersFor({ kind: 'prompt', name: options.name ?? name }, options.complete, around.completions)
    return definePrompt(name, complete === undefined ? options : { ...options, complete }, bound, around.owner)
  })
}
