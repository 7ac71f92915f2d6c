/** `@ResourceTemplate`: a method becomes the documents at all URIs of a template. */

import type { Schema, TemplateOptions } from '@oarlock/kernel'
import type { OrParameters, TemplateFunction } from './handler.ts'
import { describe, refuseBare } from './member.ts'

/** What `@ResourceTemplate({ params })` may stand on: a method that takes what `params` lets through, and returns something readable. */
export interface TemplateDecorator<P extends Schema> {
  /** Standard decorators. */
  <M extends TemplateFunction<P>>(method: M, context: ClassMethodDecoratorContext<never, M>): void
  /** Experimental decorators. Without `params` the parameters may be named one by one with `@Arg`. */
  <M extends OrParameters<P, TemplateFunction<P>>>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void
}

/**
 * Makes a method a resource template.
 *
 *     const Params = Type.Object({ service: Type.String(), path: Type.String(), tail: Type.Optional(Type.Integer()) })
 *
 *     class Logs {
 *       @ResourceTemplate({ uri: 'logs://{service}/{+path}{?tail}', params: Params, mimeType: 'text/plain' })
 *       read({ service, path, tail = 100 }: In<typeof Params>) {
 *         return lastLines(service, path, tail)
 *       }
 *     }
 *
 * The method gets the variables of the URI, decoded once, and `uri` itself. They arrive as text and are turned into what `params` wants. Variables
 * that hold `..`, an absolute path, a backslash or NUL are refused before the method runs, unless `unscreened` names them. `list` adds concrete
 * resources to the client's list; `@Complete` methods, and enums in `params`, complete variables.
 *
 * A template whose URIs could be read in two ways is refused when it is offered. (RFC 6570; DIGEST 3.13)
 */
export function ResourceTemplate<const P extends Schema>(options: TemplateOptions<P>): TemplateDecorator<P>
export function ResourceTemplate(options: TemplateOptions, ...rest: readonly unknown[]): (...args: readonly unknown[]) => void {
  refuseBare('@ResourceTemplate', [options, ...rest])
  return (...args) => describe('@ResourceTemplate', { kind: 'template', options }, args)
}
