/** A record as the kernel's component: the same pipeline, guards and lists as any prompt. */

import { definePrompt, type Context, type Guard, type Middleware, type PromptComponent } from '@oarlock/kernel'
import type { RegistryOptions } from './options.ts'
import type { Item, PromptRecord } from './record.ts'
import type { Renderings } from './rendering.ts'

/** What a registry adds to each of its prompts. */
export interface Around {
  readonly guards: readonly Guard[]
  readonly use: readonly Middleware[]
  /** Rendering, wherever it is measured. */
  render(record: PromptRecord, args: unknown, ctx: Context): unknown
}

/**
 * What the options add, with rendering by `renderings`.
 * @param held where the record is looked up that holds the text of now, for prompts that change
 */
export function around(
  { guard, use }: Pick<RegistryOptions, 'guard' | 'use'>,
  renderings: Renderings,
  held?: { readonly items: ReadonlyMap<string, Item> },
): Around {
  const now = (record: PromptRecord): PromptRecord => {
    const item = held?.items.get(record.key)
    return item?.kind === 'prompt' ? item : record
  }
  return { guards: listed(guard), use: listed(use), render: (record, args, ctx) => renderings.render(now(record), args, ctx) }
}

function listed<T extends object>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** @param pin the rule by which callers are held to versions, where there are several */
export function componentOf(record: PromptRecord, pin: Guard | undefined, { guards, use, render }: Around): PromptComponent {
  const { definition, schema, complete } = record
  const { name, title, description, icons, meta, tags, version, deprecated, use: own, timeout } = definition
  const options = Object.entries({ title, description, icons, meta, tags, version, deprecated, use: own, timeout, args: schema })
  const component = definePrompt(
    name,
    Object.fromEntries(options.filter(([, value]) => value !== undefined)),
    (args: never, ctx) => render(record, args, ctx),
    { guards: [...(pin === undefined ? [] : [pin]), ...guards, ...record.guards], use, origin: record.origin },
  )
  return complete === undefined ? component : { ...component, complete }
}
