/** Every source of components is a Provider; and anything that can be turned into one may be offered. */

import type { MaybePromise } from '@oarlock/protocol'
import type { Component } from './component.ts'

/** The server, as a provider sees it. */
export interface ProviderHost {
  /**
   * The provider's components changed: `components()` is read again soon, once for many calls. Clients are told when a component came, went or was
   * replaced, and not when they are the same objects as before.
   */
  changed(): void
  /**
   * What the `list` of the provider's templates returns changed, though its components did not: whoever follows the list of resources is told. To be
   * called only when it did, since every client that hears of it reads the list again.
   */
  listChanged(): void
  /**
   * Tells whether any client follows the list of resources: at once when one does, and then at each change. Sessions follow it from their handshake to
   * their end, later clients while they listen to it. A provider whose listing is dear to watch watches it meanwhile, and calls `listChanged()`.
   */
  whenListFollowed(listener: (followed: boolean) => void): void
  /** The resource at this URI changed: subscribers are told. */
  updated(uri: string): void
  /**
   * Where another provider's component of the same kind, name (or URI) and version was written, which the server has already: with such a one among
   * them, `components()` is refused as a whole, and all stays as it was. Undefined when there is none. Cheap; what it says holds for this turn.
   */
  rival(component: Component): string | undefined
  /** Something failed in the background, where no caller can be told: the server's `error.reported` tells it, with `where` behind the provider's name. */
  report(cause: unknown, where: string): void
}

/** Something that a provider found wrong, or unwise, about itself. */
export interface Finding {
  /** `error` breaks for some client; `warning` is worth a thought. */
  readonly severity: 'error' | 'warning'
  /** What, and how to fix it. */
  readonly message: string
  /** A name for this kind of finding, for programs. `no-description` of a prompt takes the place of the server's own finding. */
  readonly code?: string
  /** The file it is about. */
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  /** Counted from 1. */
  readonly column?: number
  /** The prompt it is about: `review`, or `review@1.2.0` where it has a version. */
  readonly prompt?: string
}

/** A source of components: decorated classes, files, a database, another server. */
export interface Provider {
  /** For error texts and handles. */
  readonly name?: string
  /** All components now. Called when offered and after each `changed()`; never per request. */
  components(): readonly Component[]
  /** Called once when offered. What it returns is called when the offer is withdrawn or the server closes. */
  attach?(host: ProviderHost): void | (() => void | Promise<void>) | Promise<void | (() => void | Promise<void>)>
  /**
   * Looks whether what it needs is there and fits: files, a driver, a database. Called by `server.check()`, which is asked before a server is deployed and
   * lists what is returned behind the provider's name; a text is an error. It may take ten seconds. What it throws is listed too.
   */
  check?(): MaybePromise<readonly (string | Finding)[]>
}

/**
 * The method by which any object offers components, whichever package made it: decorators define it on prototypes. It is looked up by this
 * registered symbol, so that two copies of a package in one process understand each other.
 */
export const OFFERS: unique symbol = Symbol.for('oarlock.components') as never

/** An object that offers components of its own. */
export interface Offering {
  [OFFERS](): readonly Component[]
}

/** The mark on values that class fields hold: `add = tool({…}, fn)`. Called with the field's name and the owner. */
export const FIELD: unique symbol = Symbol.for('oarlock.field') as never

/** The value of a class field that becomes a component. */
export interface FieldOffering {
  [FIELD](name: string, owner: object): Component
}

/** What `server.offer` accepts. */
export type Offerable = Provider | Offering | object
