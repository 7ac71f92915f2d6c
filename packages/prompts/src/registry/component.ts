/** A record as the kernel's component: the same pipeline, guards and lists as any prompt. */

import type { Context, Guard, Middleware, PromptComponent } from '@oarlock/kernel'
import { definePrompt } from '@oarlock/kernel'
import type { PromptRecord } from './record.ts'

/** What a registry adds to each of its prompts. */
export interface Around {
  readonly guards: readonly Guard[]
  readonly use: readonly Middleware[]
  /** Rendering, wherever it is measured. */
  render(record: PromptRecord, args: unknown, ctx: Context): unknown
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
