/** `inject`: what a class needs, taken from a container while the object is made. */

import { currentContainer } from '@oarlock/kernel'

export { withContainer, type Container } from '@oarlock/kernel'

/** A token of a container whose value has the type `T`: the class itself, or any text or symbol. */
export type Token<T> = (abstract new (...args: never) => T) | string | symbol

/**
 * Takes the value of `token` from the container that the object is made with. As a field initialiser:
 *
 *     class Reports {
 *       db = inject(Database)
 *       @Tool({ description: 'Revenue of a year' }) revenue() { return this.db.sum('revenue') }
 *     }
 *     server.offer(Reports, { container })                       // or: withContainer(container, () => new Reports())
 *
 * The container is anything with `get(token)`: Nest's ModuleRef, tsyringe, inversify, awilix, a Map. It is current only until the constructor
 * returns; nothing is stored.
 * @throws Error when called outside, or when the container has nothing for the token
 */
export function inject<T>(token: abstract new (...args: never) => T): T
export function inject<T = unknown>(token: string | symbol): T
export function inject(token: Token<unknown>): unknown {
  const name = typeof token === 'function' ? token.name : String(token)
  const container = currentContainer()
  if (container === undefined) {
    throw new Error(
      `inject(${name}) found no container. Offer the class itself, server.offer(Class, { container }), or make the object with ` +
        `withContainer(container, () => new Class()); inject works in field initialisers and constructors only.`,
    )
  }
  const value = container.get(token as never)
  if (value === undefined) throw new Error(`inject(${name}): the container has nothing for this token`)
  return value
}
