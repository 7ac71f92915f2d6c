/** `@Complete`: a method suggests values for an argument of a prompt, or a variable of a resource template. */

import type { Completer } from '@oarlock/kernel'
import { checkOptions, type OptionNames } from '@oarlock/protocol'
import { methodNotes, refuseBare } from './member.ts'
import { placeOf } from './place.ts'

/** What is completed: one argument of a prompt or of a template of the same class. */
export type CompleteOptions =
  | {
      /** Name of the prompt. */
      readonly prompt: string
      /** Name of its argument. */
      readonly arg: string
      readonly template?: never
    }
  | {
      /** Name or URI of the resource template. */
      readonly template: string
      /** Name of its variable. */
      readonly arg: string
      readonly prompt?: never
    }

const COMPLETE_OPTIONS: OptionNames<CompleteOptions> = { prompt: true, template: true, arg: true }

/** What `@Complete` may stand on. */
export interface CompleteDecorator {
  /** Standard decorators. */
  <M extends Completer>(method: M, context: ClassMethodDecoratorContext<never, M>): void
  /** Experimental decorators. */
  <M extends Completer>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void
}

/**
 * Makes a method a completer.
 *
 *     @Complete({ prompt: 'review', arg: 'language' })
 *     languages(typed: string, { arguments: others }: { arguments: Readonly<Record<string, string>> }) {
 *       return this.known.filter(each => each.startsWith(typed))
 *     }
 *
 * It is called with what was typed so far and, beside the context as `ctx`, the other arguments already given; it returns suggestions, best first,
 * of which at most 100 are sent. One method may complete several arguments. Enums, literals and booleans need none. What is completed must belong
 * to the same class, as a method or as a field, under the name it is listed by: a name or an argument that does not exist stops the server's start
 * and not its first user. (DIGEST S-CMP)
 */
export function Complete(options: CompleteOptions): CompleteDecorator
export function Complete(options: CompleteOptions, ...rest: readonly unknown[]): (...args: readonly unknown[]) => void {
  refuseBare('@Complete', [options, ...rest])
  checkOptions(options, COMPLETE_OPTIONS, '@Complete')
  const { prompt, template, arg } = options
  return (...args) => {
    const { completes } = methodNotes('@Complete', placeOf(args))
    if (prompt !== undefined) completes.push({ kind: 'prompt', name: prompt, arg })
    if (template !== undefined) completes.push({ kind: 'template', name: template, arg })
  }
}
