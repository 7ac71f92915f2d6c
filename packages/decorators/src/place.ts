/** Where a decorator stands, told from the way it is called: the one file that knows that there are two dialects. */

import { FIELDS, OFFERS } from '@oarlock/kernel'
import {
  experimentalLayers,
  experimentalMember,
  standardFirst,
  standardLayers,
  standardMember,
  type LayerNotes,
  type MemberNotes,
} from './notes.ts'

/** The thing that a decorator stands on. */
export interface Place {
  readonly kind: DecoratorContext['kind'] | 'parameter'
  /** For messages: `Calculator.add` where the class is known by now, else `add`. */
  readonly label: string
  readonly isStatic: boolean
  /** Of a parameter. */
  readonly index: number | undefined
  /** The notes of the class; on a class only. */
  layers(): LayerNotes
  /** The notes of the member; on everything but a class. */
  member(): MemberNotes
  /** What the compiler reflected; undefined when it does not. */
  reflected(what: 'design:type' | 'design:paramtypes'): unknown
  /** Gives the objects of the class (the class itself, for a static member) a method: now, or as soon as there is one. */
  offerMembers(method: (this: object) => unknown): void
  /** Gives the objects of the class a method of another contract, under its symbol. */
  offerUnder(symbol: symbol, method: (this: object) => unknown): void
  /** Makes the class a schema by a static method. */
  offerFields(method: (this: object) => unknown): void
}

/**
 * Reads the arguments that a compiler gave a decorator: `(value, context)` in the standard dialect; `(constructor)`, `(prototype, key,
 * descriptor)`, `(prototype, key)` or `(prototype, key, index)` in the experimental one.
 */
export function placeOf(args: readonly unknown[]): Place {
  const [target, second, third] = args
  if (isContext(second)) return standardPlace(second)
  return experimentalPlace(target as object, second as string | symbol | undefined, third as PropertyDescriptor | number | undefined)
}

/** Whether a value is the context of a standard decorator. */
export function isContext(value: unknown): value is DecoratorContext {
  return typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string' && 'addInitializer' in value
}

function standardPlace(context: DecoratorContext): Place {
  const metadata = metadataOf(context)
  const isStatic = context.kind !== 'class' && context.static
  return {
    kind: context.kind,
    label: String(context.name),
    isStatic,
    index: undefined,
    layers: () => standardLayers(metadata),
    member: () => standardMember(metadata, context as ClassMemberDecoratorContext),
    reflected: () => undefined,
    // The class does not exist yet. Initializers of instance members run in constructors, those of static ones when the class is there.
    offerMembers(method) {
      if (!standardFirst(metadata, isStatic)) return
      context.addInitializer(function (this: unknown) {
        const prototype = Object.getPrototypeOf(this) as object
        // Another decorator may have sealed the prototype.
        define(isStatic || !Object.isExtensible(prototype) ? (this as object) : prototype, OFFERS, method)
      })
    },
    offerUnder(symbol, method) {
      context.addInitializer(function (this: unknown) {
        const prototype = Object.getPrototypeOf(this) as object
        define(isStatic || !Object.isExtensible(prototype) ? (this as object) : prototype, symbol, method)
      })
    },
    // A class that is a schema may never be constructed; its metadata is all that a decorator of a field can reach.
    offerFields: method => define(metadata, FIELDS, method),
  }
}

function metadataOf(context: DecoratorContext): object {
  const { metadata } = context as { metadata?: object }
  if (metadata !== undefined && metadata !== null) return metadata
  throw new TypeError(
    `${String(context.name)}: this compiler gives decorators no context.metadata. TypeScript does from 5.2 on, esbuild from 0.21, swc as ` +
      `decoratorVersion '2022-03'; or compile with experimentalDecorators.`,
  )
}

function experimentalPlace(target: object, key: string | symbol | undefined, third: PropertyDescriptor | number | undefined): Place {
  const isStatic = typeof target === 'function'
  const constructor = isStatic ? target : target.constructor
  const name = constructor.name || 'an anonymous class'
  return {
    kind: experimentalKind(key, third),
    label: key === undefined ? name : `${name}.${String(key)}`,
    isStatic: key !== undefined && isStatic,
    index: typeof third === 'number' ? third : undefined,
    layers: () => experimentalLayers(target),
    member: () => experimentalMember(target, key as string | symbol),
    reflected: what => Reflect.getOwnMetadata(what, target, key as string | symbol) as unknown,
    offerMembers: method => define(target, OFFERS, method),
    offerUnder: (symbol, method) => define(target, symbol, method),
    offerFields: method => define(constructor, FIELDS, method),
  }
}

/** Some compilers hand the descriptor of a field with its initializer; others none. */
function experimentalKind(key: string | symbol | undefined, third: PropertyDescriptor | number | undefined): Place['kind'] {
  if (typeof third === 'number') return 'parameter'
  if (key === undefined) return 'class'
  if (third === undefined || 'initializer' in third) return 'field'
  if (third.get !== undefined) return 'getter'
  return third.set === undefined ? 'method' : 'setter'
}

/** Defines a method under a symbol, unless a parent brings it. */
function define(holder: object, symbol: symbol, value: (this: object) => unknown): void {
  if (!(symbol in holder)) Object.defineProperty(holder, symbol, { value, configurable: true, writable: true })
}
