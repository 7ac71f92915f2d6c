/** One prompt becomes messages: the variant is chosen, the template rendered, and what came of it counted and told. */

import type { Context } from '@oarlock/kernel'
import { isObject, isThenable, VERSION_KEY, type PromptMessage } from '@oarlock/protocol'
import { estimateTokens } from '../template/options.ts'
import { assign, subjectOf } from './assignment.ts'
import type { Events } from './events.ts'
import { Exposures } from './exposures.ts'
import type { RegistryOptions } from './options.ts'
import type { Item, PromptRecord, Variant } from './record.ts'
import { Tally, type Rendered } from './stats.ts'

/** On a result: the variant that the caller got. */
export const VARIANT_KEY = 'dev.oarlock/variant'

/** Whatever renders templates by id: a set of templates, or the runtime of a bundle. */
export interface Renderer {
  /** Those there are, where that is known. */
  readonly ids?: readonly string[]
  render(id: string, values: Readonly<Record<string, unknown>>, ctx?: Context): readonly PromptMessage[]
}

/** The renderings of one registry. */
export class Renderings {
  readonly tally = new Tally()
  /** Variants that everybody gets, by prompt and version. */
  readonly promoted = new Map<string, string>()
  readonly #set: Renderer
  readonly #events: Events
  readonly #options: RegistryOptions
  readonly #tokens: (text: string) => number
  readonly #exposures = new Exposures()

  constructor(set: Renderer, events: Events, options: RegistryOptions) {
    this.#set = set
    this.#events = events
    this.#options = options
    this.#tokens = options.engine?.tokens ?? estimateTokens
  }

  /** Renders for one call. @returns a prompts/get result, or a promise of it */
  render(record: PromptRecord, args: unknown, ctx: Context): object | Promise<object> {
    const run: Run = { record, ctx, started: performance.now(), variant: undefined }
    try {
      run.variant = this.#choose(record, ctx)
      const values = isObject(args) ? args : {}
      const further = record.definition.values?.(values as never, ctx)
      if (isThenable(further)) return this.#later(run, run.variant, values, further)
      return this.#rendered(run, run.variant, further === undefined ? values : { ...values, ...further })
    } catch (cause) {
      this.#failed(run, cause)
      throw cause
    }
  }

  async #later(run: Run, variant: Variant, values: object, further: PromiseLike<object>): Promise<object> {
    try {
      return this.#rendered(run, variant, { ...values, ...(await further) })
    } catch (cause) {
      this.#failed(run, cause)
      throw cause
    }
  }

  /** Forgets what belongs to prompts and variants that are there no more. */
  forget(items: ReadonlyMap<string, Item>): void {
    const recordOf = (id: string): PromptRecord | undefined => {
      const item = items.get(id.split('#', 1)[0] as string)
      return item?.kind === 'prompt' ? item : undefined
    }
    this.tally.keep(id => {
      const record = recordOf(id)
      return record !== undefined && (id === undecided(record) || record.variants.some(variant => variant.id === id))
    })
    for (const [key, name] of this.promoted)
      if (recordOf(key)?.variants.some(variant => variant.name === name) !== true) this.promoted.delete(key)
  }

  /** Promotes these variants, and no others. */
  promoteAll(promoted: Readonly<Record<string, string>>, items: ReadonlyMap<string, Item>): void {
    this.promoted.clear()
    for (const [key, name] of Object.entries(promoted)) this.promoted.set(key, name)
    this.forget(items)
  }

  #rendered(run: Run, variant: Variant, values: object): object {
    const messages = this.#set.render(variant.id, values as Readonly<Record<string, unknown>>, run.ctx)
    const ms = performance.now() - run.started
    const tokens = this.#count(messages)
    const what = whatOf(run)
    if (hasAsked(run.ctx)) return resultOf(run.record, what, messages)
    this.tally.rendered(variant.id, what, ms, tokens)
    if (this.#events.wants('prompt.rendered')) {
      this.#events.emit('prompt.rendered', { ...about(what, run.ctx), ms, tokens, messages: messages.length })
    }
    return resultOf(run.record, what, messages)
  }

  #failed(run: Run, cause: unknown): void {
    if (hasAsked(run.ctx)) return
    const what = whatOf(run)
    this.tally.failed(run.variant?.id ?? undecided(run.record), what)
    if (!this.#events.wants('prompt.failed')) return
    this.#events.emit('prompt.failed', { ...about(what, run.ctx), ms: performance.now() - run.started, cause })
  }

  #choose(record: PromptRecord, ctx: Context): Variant {
    const { variants, key, definition } = record
    const [only] = variants
    if (variants.length === 1) return only as Variant
    const promoted = this.promoted.get(key)
    const settled = variants.find(({ name }) => name === promoted)
    if (settled !== undefined) return settled
    const { name, version } = definition
    const told = this.#options.assign?.({ name, version, variants: variants.map(each => each.name) }, ctx)
    const subject = this.#options.subject?.(ctx) ?? subjectOf(ctx)
    const variant = variants.find(each => each.name === told) ?? (assign(name, subject, variants) as Variant)
    this.#expose(key, { name, version, variant: variant.name }, subject, ctx)
    return variant
  }

  #expose(key: string, what: Rendered & { readonly variant: string }, subject: string, ctx: Context): void {
    if (!this.#events.wants('prompt.exposed') || !this.#exposures.first(key, what.variant, subject)) return
    this.#events.emit('prompt.exposed', { ...about(what, ctx), variant: what.variant, subject })
  }

  #count(messages: readonly PromptMessage[]): number {
    let tokens = 0
    for (const { content } of messages) {
      if (content.type === 'text') tokens += this.#tokens(content.text)
      else if (content.type === 'resource' && 'text' in content.resource) tokens += this.#tokens(content.resource.text)
    }
    return tokens
  }
}

/** One rendering under way. */
interface Run {
  readonly record: PromptRecord
  readonly ctx: Context
  readonly started: number
  /** Undefined until it is chosen. */
  variant: Variant | undefined
}

const whatOf = ({ record: { definition }, variant }: Run): Rendered => ({
  name: definition.name,
  version: definition.version,
  variant: definition.variants === undefined ? undefined : variant?.name,
})

/** Under which id failures are counted that came before there was a variant: no template has it. */
const undecided = ({ key }: PromptRecord): string => `${key}#`

/** A run that has asked the client something is thrown away and comes again with the answer, whatever it threw or returned. */
const hasAsked = (ctx: Context): boolean => (ctx as { readonly asks?: unknown }).asks !== undefined

const about = (what: Rendered, { correlationId, principal }: Context) => ({ ...what, correlationId, principal })

function resultOf(
  { definition: { description } }: PromptRecord,
  { version, variant }: Rendered,
  messages: readonly PromptMessage[],
): object {
  return {
    ...(description === undefined ? {} : { description }),
    messages,
    ...(version === undefined && variant === undefined
      ? {}
      : {
          _meta: {
            ...(version === undefined ? {} : { [VERSION_KEY]: version }),
            ...(variant === undefined ? {} : { [VARIANT_KEY]: variant }),
          },
        }),
  }
}
