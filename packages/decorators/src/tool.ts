/** `@Tool`: a method becomes a function that the model may call. */

import type { Schema, ToolOptions } from '@oarlock/kernel'
import type { OrParameters, ToolFunction } from './handler.ts'
import { describe, refuseBare } from './member.ts'

/** What `@Tool({ input, output })` may stand on: a method that takes what `input` lets through and returns what `output` promises. */
export interface ToolDecorator<I extends Schema, O extends Schema> {
  /** Standard decorators. */
  <M extends ToolFunction<I, O>>(method: M, context: ClassMethodDecoratorContext<never, M>): void
  /** Experimental decorators. Without `input` the parameters may be named one by one with `@Arg`. */
  <M extends OrParameters<I, ToolFunction<I, O>>>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void
}

/**
 * Makes a method a tool.
 *
 *     const Add = Type.Object({ a: Type.Number(), b: Type.Number() })
 *
 *     class Calculator {
 *       @Tool({ description: 'Add two numbers', input: Add, output: Type.Number() })
 *       add({ a, b }: In<typeof Add>, ctx: ToolContext) {
 *         return a + b
 *       }
 *     }
 *     server.offer(new Calculator())
 *
 * The method stays a plain method: call it, override it, wrap it with other decorators; the tool runs whatever `calculator.add` is when it is
 * called. It gets the arguments as one checked object and the context. Its parameter and its result are checked against `input` and `output` by
 * the compiler. Without `input` the tool takes no arguments, or those that its parameters name with `@Arg`.
 *
 * The tool is named after the method unless `name` says otherwise; a `#private` method is named without the hash, a symbol by its description.
 * An override without a decorator keeps these options; one with `@Tool` replaces them, guards, middleware and tags aside, which add up. A static
 * method is offered with the class: `server.offer(Calculator)`.
 *
 * Without a description the model has only the name to go by; `server.check()` warns. Stands on methods only: accessors and fields are refused
 * when the class is defined. (DIGEST 3.14)
 */
export function Tool<const I extends Schema, const O extends Schema>(options?: ToolOptions<I, O>): ToolDecorator<I, O>
export function Tool(options: ToolOptions = {}, ...rest: readonly unknown[]): (...args: readonly unknown[]) => void {
  refuseBare('@Tool', [options, ...rest])
  return (...args) => describe('@Tool', { kind: 'tool', options }, args)
}
