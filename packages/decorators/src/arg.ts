/** `@Arg`: a parameter of a tool, a prompt or a template becomes one of its arguments. Experimental decorators only. */

import type { Schema } from '@oarlock/kernel'
import { checkOptions } from '@oarlock/protocol'
import { VALUE_OPTIONS, type Mismatch, type ValueOf, type ValueOptions } from './field.ts'
import { noteParameter } from './member.ts'

/** What `@Arg(name, schema)` may stand on: a parameter that can hold what the schema lets through. */
export type ArgDecorator<S> = <
  K extends string | symbol,
  T extends { readonly [P in K]: (...parameters: never) => unknown },
  N extends number,
>(
  prototype: T & ([S] extends [Parameters<T[K]>[N]] ? unknown : { readonly [P in K]: Mismatch<S, Parameters<T[K]>[N]> }),
  key: K,
  index: N,
) => void

/**
 * Names a parameter, so that a method can be written with its arguments one by one.
 *
 *     class Images {
 *       @Tool({ description: 'Resize an image' })
 *       resize(@Arg('width', Type.Integer({ minimum: 1 })) width: number, @Arg('path') path: string, ctx: ToolContext) { … }
 *     }
 *
 * The schemas of all parameters together are the `input` of the tool (`args` of a prompt, `params` of a template), which is then not given. A
 * parameter without `@Arg` gets the context. Without a schema the type that the compiler reflected is used: string, number, boolean, or a class
 * with `@Field`. Compilers that reflect none (esbuild, tsx; tsc without emitDecoratorMetadata) need the schema, and the server's start says so, naming
 * the parameter. The options are those of `@Field`.
 *
 * The standard dialect has no parameter decorators: there, and where the same source should compile in both, take one object of arguments.
 */
export function Arg<const S extends Schema | readonly [Schema]>(name: string, schema: S, options?: ValueOptions): ArgDecorator<ValueOf<S>>
export function Arg(name: string, schema?: undefined, options?: ValueOptions): ArgDecorator<never>
export function Arg(name: string, schema?: Schema | readonly [Schema], options: ValueOptions = {}): (...args: readonly unknown[]) => void {
  checkOptions(options, VALUE_OPTIONS, '@Arg')
  const { optional, title, description } = options
  return (...args) => noteParameter('@Arg', args, { name, schema, optional, title, description })
}
