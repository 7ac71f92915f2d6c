/** What the decorators have in common that stand on a class or on a method and wrap what is inside. */

import { methodNotes } from './member.ts'
import type { LayerNotes } from './notes.ts'
import { placeOf } from './place.ts'

type Method = (...args: never) => unknown

/** What `@Use`, `@Guard`, `@Tags` and `@Deprecated` may stand on: a class, for all its members, or a method. */
export interface LayerDecorator {
  /** Standard decorators. */
  (target: abstract new (...args: never) => unknown, context: ClassDecoratorContext<never>): void
  (method: Method, context: ClassMethodDecoratorContext<never>): void
  /** Experimental decorators. */
  (target: abstract new (...args: never) => unknown): void
  <M extends Method>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void
}

/** A decorator that adds to the layers of what it stands on. */
export function layer(word: string, add: (layers: LayerNotes) => void): (...args: readonly unknown[]) => void {
  return (...args) => {
    const place = placeOf(args)
    add(place.kind === 'class' ? place.layers() : methodNotes(word, place).layers)
  }
}
