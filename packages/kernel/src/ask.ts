/** Questions to the other side, as values: made by `elicit`, `sample` and `roots`, asked by `ctx.ask` and its shorthands. */

import type { CreateMessageParams, CreateMessageResult, JsonObject, Root } from '@oarlock/protocol'
import type { Out } from './schema/infer.ts'
import type { Schema } from './schema/schema.ts'

/** A form for the user: flat fields of primitive types (DIGEST 3.15). */
export interface ElicitForm<S extends Schema = Schema> {
  readonly message: string
  readonly schema: S
}

/** A page for the user to visit; accepting means consent to open it, nothing more. */
export interface ElicitUrl {
  readonly message: string
  /** Absolute http(s) URL. Carries no personal data and no credentials. */
  readonly url: string
}

/** What the user did with a question. */
export type Elicited<S extends Schema> =
  | { readonly action: 'accept'; readonly content: [S] extends [never] ? undefined : Out<S> }
  | { readonly action: 'decline' | 'cancel'; readonly content?: undefined }

/** A question. `T` is the type of its answer. */
export interface Ask<T = unknown> {
  /** The protocol's method for it. */
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list'
  readonly params: JsonObject | undefined
  /** What the client must have declared, as a ClientCapabilities object. */
  readonly needs: JsonObject
  /** Reads the client's answer; a Fault when it is not one. */
  read(answer: unknown): T | Promise<T>
}

export type { CreateMessageParams, CreateMessageResult, Root }
