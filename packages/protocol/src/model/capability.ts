/** What a peer says it can do, and how a capability is named, looked up and asked for (DIGEST 1.3). */

import { isObject, type JsonObject, type JsonValue } from '../json.ts'
import { changed, mapOf, named, since, span, type Static, Type, until } from '../type.ts'

/** A capability without settings of its own that are known: present or absent, and open. */
const open = named<JsonObject>(Type.Object({}))
const flag = Type.Optional(open)
const switchable = Type.Optional(Type.Boolean())
const experimental = Type.Optional(named<Record<string, JsonObject>>(mapOf(open)))
const extensions = changed('open', since('2026-07-28', Type.Optional(named<Record<string, JsonObject>>(mapOf(open)))))
const TASKS = { since: '2025-11-25', until: '2026-07-28' } as const

export const ClientCapabilities = Type.Object({
  experimental,
  extensions,
  roots: Type.Optional(Type.Object({ listChanged: until('2026-07-28', switchable) })),
  sampling: Type.Optional(Type.Object({ context: since('2025-11-25', flag), tools: since('2025-11-25', flag) })),
  elicitation: changed(
    'capability',
    since('2025-06-18', Type.Optional(Type.Object({ form: since('2025-11-25', flag), url: since('2025-11-25', flag) }))),
  ),
  tasks: span(
    TASKS,
    Type.Optional(
      Type.Object({
        list: flag,
        cancel: flag,
        requests: Type.Optional(
          Type.Object({
            sampling: Type.Optional(Type.Object({ createMessage: flag })),
            elicitation: Type.Optional(Type.Object({ create: flag })),
          }),
        ),
      }),
    ),
  ),
})
/** What a client can do for a server. */
export interface ClientCapabilities extends Static<typeof ClientCapabilities> {}

export const ServerCapabilities = Type.Object({
  experimental,
  extensions,
  logging: flag,
  completions: since('2025-03-26', flag),
  prompts: Type.Optional(Type.Object({ listChanged: switchable })),
  resources: Type.Optional(Type.Object({ subscribe: switchable, listChanged: switchable })),
  tools: Type.Optional(Type.Object({ listChanged: switchable })),
  tasks: span(
    TASKS,
    Type.Optional(
      Type.Object({
        list: flag,
        cancel: flag,
        requests: Type.Optional(Type.Object({ tools: Type.Optional(Type.Object({ call: flag })) })),
      }),
    ),
  ),
})
/** What a server offers. */
export interface ServerCapabilities extends Static<typeof ServerCapabilities> {}

/**
 * Whether `capabilities` declare the one at `path`, such as `tools`, `resources.subscribe` or `sampling.tools`. A switch counts when it
 * is true, anything else when it is an object. `elicitation: {}` declares `elicitation.form` (DIGEST S-EL-03).
 */
export function declares(capabilities: ClientCapabilities | ServerCapabilities, path: string): boolean {
  let at: unknown = capabilities
  for (const step of path.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, step)) return path === 'elicitation.form' && declaresOldForm(capabilities)
    at = at[step]
  }
  return at === true || isObject(at)
}

function declaresOldForm(capabilities: JsonObject): boolean {
  const elicitation = capabilities['elicitation']
  return isObject(elicitation) && elicitation['url'] === undefined
}

/** The capabilities object that declares the one at `path` and nothing else: `{ elicitation: { url: {} } }` for `elicitation.url`. */
export function capabilityAt(path: string): { readonly [step: string]: JsonValue } {
  return path.split('.').reduceRight<{ readonly [step: string]: JsonValue }>((inner, step) => ({ [step]: inner }), {})
}
