/** `@Prompt`: a method becomes a message, or a list of them, that a client can ask for by name. */

import type { PromptOptions, Schema } from '@oarlock/kernel'
import type { OrParameters, PromptFunction } from './handler.ts'
import { describe, refuseBare } from './member.ts'

/** What `@Prompt({ args })` may stand on: a method that takes what `args` lets through. */
export interface PromptDecorator<A extends Schema> {
  /** Standard decorators. */
  <M extends PromptFunction<A>>(method: M, context: ClassMethodDecoratorContext<never, M>): void
  /** Experimental decorators. Without `args` the parameters may be named one by one with `@Arg`. */
  <M extends OrParameters<A, PromptFunction<A>>>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void
}

/**
 * Makes a method a prompt.
 *
 *     const Review = Type.Object({ code: Type.String(), language: Type.Optional(Type.String()) })
 *
 *     class Prompts {
 *       @Prompt({ description: 'Review code', args: Review })
 *       review({ code, language = 'TypeScript' }: In<typeof Review>) {
 *         return `Review this ${language} code:\n\n${code}`
 *       }
 *     }
 *
 * The method returns text (one message of the user), a message, several messages, or a full result. Arguments arrive as text and are turned into
 * what `args` wants. Enums, literals and booleans complete themselves; for other arguments write a `@Complete` method.
 *
 * With `template` the text is rendered by the server's template engine, from the arguments and, on top of them, the object that the method returns;
 * `adds` names the members of that object, so that a template with a name that nobody gives is refused when it is offered.
 */
export function Prompt<const A extends Schema>(options?: PromptOptions<A>): PromptDecorator<A>
export function Prompt(options: PromptOptions = {}, ...rest: readonly unknown[]): (...args: readonly unknown[]) => void {
  refuseBare('@Prompt', [options, ...rest])
  return (...args) => describe('@Prompt', { kind: 'prompt', options }, args)
}
