/** `@Resource`: a method becomes a document at a fixed URI. */

import type { ResourceOptions } from '@oarlock/kernel'
import type { ResourceFunction } from './handler.ts'
import { describe, refuseBare } from './member.ts'

/** What `@Resource` may stand on: a method that returns something readable. */
export interface ResourceDecorator {
  /** Standard decorators. */
  <M extends ResourceFunction>(method: M, context: ClassMethodDecoratorContext<never, M>): void
  /** Experimental decorators. */
  <M extends ResourceFunction>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void
}

/**
 * Makes a method a resource.
 *
 *     class App {
 *       @Resource({ uri: 'config://app', mimeType: 'application/json', cache: { ttl: '1m' } })
 *       config() {
 *         return { theme: 'dark' }
 *       }
 *     }
 *
 * The method is called for each read, with `{ uri }` and the context. It returns text, bytes, an object (sent as JSON), one or several contents, or
 * a promise of these. `watch` starts a source when the first client subscribes; otherwise tell changes with `server.resourceUpdated(uri)`.
 *
 * Names, inheritance, static and private methods are as with `@Tool`. For a family of URIs use `@ResourceTemplate`.
 */
export function Resource(options: ResourceOptions): ResourceDecorator
export function Resource(options: ResourceOptions, ...rest: readonly unknown[]): (...args: readonly unknown[]) => void {
  refuseBare('@Resource', [options, ...rest])
  return (...args) => describe('@Resource', { kind: 'resource', options }, args)
}
