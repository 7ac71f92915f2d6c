/** One use of a helper: what Handlebars hands it, in our words. */

import type { Context } from '@oarlock/kernel'
import type { BuiltinCall, Inner } from './builtin.ts'
import type { Rendering } from './rendering.ts'
import type { BlockOptions } from './values.ts'

/** What Handlebars hands a helper last. */
export interface UseOptions {
  readonly hash: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>>
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } }
  readonly fn?: (context: unknown, options?: BlockOptions) => string
  readonly inverse?: (context: unknown) => string
}

/** One use of a helper. */
export class Use implements BuiltinCall {
  readonly rendering: Rendering
  readonly context: unknown
  readonly #options: UseOptions

  constructor(rendering: Rendering, context: unknown, options: UseOptions) {
    this.rendering = rendering
    this.context = context
    this.#options = options
  }

  get named(): Readonly<Record<string, unknown>> {
    return this.#options.hash
  }
  get data(): Readonly<Record<string, unknown>> {
    return this.#options.data
  }
  get isBlock(): boolean {
    return this.#options.fn !== undefined
  }
  get locale(): string {
    return this.rendering.settings.locale
  }
  get timeZone(): string {
    return this.rendering.settings.timeZone
  }
  get ctx(): Context | undefined {
    return this.rendering.ctx
  }
  now(): number {
    return this.rendering.settings.now()
  }
  tokens(of: string): number {
    return this.rendering.settings.tokens(of)
  }
  body(inner?: Inner): string {
    const { fn } = this.#options
    if (fn === undefined) return ''
    if (inner === undefined) return fn(this.context)
    return fn(inner.value, { data: inner.data, blockParams: inner.names ?? [], enters: true })
  }
  otherwise(): string {
    return this.#options.inverse?.(this.context) ?? ''
  }
}
