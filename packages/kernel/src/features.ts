/** What the server offers at the moment: its capabilities, and from them which methods are served. One truth for both (DIGEST S-DISC-03). */

import type { JsonObject, ServerCapabilities } from '@oarlock/protocol'
import type { Snapshot } from './catalog/snapshot.ts'
import type { Extensions } from './extension.ts'
import { isCompletable } from './operations/completion.ts'

/** Features that are declared even while the catalog holds nothing of their kind, because components will be added later. */
export interface DeclaredFeatures {
  readonly tools?: boolean
  readonly resources?: boolean
  readonly prompts?: boolean
  readonly completions?: boolean
  /** Off with false; on otherwise, because any handler may log. */
  readonly logging?: boolean
}

/** The server's capabilities for a snapshot. */
export function capabilitiesOf(snapshot: Snapshot, declared: DeclaredFeatures, extensions: Extensions): ServerCapabilities {
  const tools = declared.tools ?? snapshot.tools.byKey.size > 0
  const resources = declared.resources ?? (snapshot.resources.byKey.size > 0 || snapshot.templates.byKey.size > 0)
  const prompts = declared.prompts ?? snapshot.prompts.byKey.size > 0
  const completions = declared.completions ?? (snapshot.prompts.listed.some(isCompletable) || snapshot.templates.listed.some(isCompletable))
  return {
    ...(tools ? { tools: { listChanged: true } } : {}),
    ...(resources ? { resources: { subscribe: true, listChanged: true } } : {}),
    ...(prompts ? { prompts: { listChanged: true } } : {}),
    ...(completions ? { completions: {} } : {}),
    ...(declared.logging === false ? {} : { logging: {} }),
    ...(extensions.capabilities === undefined ? {} : { extensions: extensions.capabilities as Record<string, JsonObject> }),
  }
}
