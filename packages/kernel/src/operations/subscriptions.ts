/** Which resources a caller may subscribe to: exactly those it may read (THREATS 17). */

import { Fault, isThenable, type MaybePromise } from '@oarlock/protocol'
import { hasScopes } from '../authorize.ts'
import type { TemplateEntry } from '../catalog/entry.ts'
import type { Context } from '../context.ts'
import { Asking } from '../error.ts'
import type { Kernel } from '../kernel.ts'
import type { Checked } from '../schema/schema.ts'
import { findResource, type Found } from './resources.ts'

/** Those of `uris` that the caller may read. Answers at once unless a guard does not. */
export function readableUris(uris: readonly string[], ctx: Context, kernel: Kernel): MaybePromise<readonly string[]> {
  const verdicts = uris.map(uri => isReadable(uri, ctx, kernel))
  const readable = (settled: readonly (boolean | Promise<boolean>)[]): readonly string[] =>
    uris.filter((_, index) => settled[index] === true)
  return verdicts.some(isThenable) ? Promise.all(verdicts.map(async verdict => verdict)).then(readable) : readable(verdicts)
}

/** Whether the caller could read this URI, as far as that can be told without reading it: it exists, its variables fit, its guards agree. */
export function isReadable(uri: string, ctx: Context, kernel: Kernel): MaybePromise<boolean> {
  const found = findResource(uri, ctx, kernel.catalog.snapshot)
  if (found === undefined || !hasScopes(found.entry.rules, ctx.principal)) return false
  const { params } = found.entry as Partial<TemplateEntry>
  const go = (checked: Checked): MaybePromise<boolean> => checked.ok && allowed(found, checked.value, ctx, kernel)
  const checked = params === undefined ? ({ ok: true, value: found.args } as const) : params.check(found.args)
  return isThenable(checked) ? checked.then(go) : go(checked)
}

function allowed({ entry: { component, rules } }: Found, args: unknown, ctx: Context, kernel: Kernel): MaybePromise<boolean> {
  if (rules.allow === undefined) return true
  return rules.allow(args, ctx).then(
    () => true,
    (cause: unknown) => {
      // A guard that would have to ask the client first has not said yes.
      if (!(cause instanceof Asking) && !Fault.is(cause)) kernel.report(cause, `guard of ${component.origin}`)
      return false
    },
  )
}
