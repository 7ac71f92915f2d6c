/** Fingerprints of tools: whether a server still offers what somebody looked at (T31). */

import type { Tool } from '@oarlock/protocol'

/** The fingerprint of a list, and of each tool in it. */
export interface ToolDigests {
  readonly list: string
  readonly tools: ReadonlyMap<string, string>
}

/** What became of a list. */
export interface ToolChange {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Same name, but another description, schema, or annotation. */
  readonly changed: readonly string[]
}

/** Fingerprints that do not depend on the order of tools or of members: SHA-256 in hexadecimal. */
export async function digestsOf(tools: readonly Tool[]): Promise<ToolDigests> {
  const entries = await Promise.all(tools.map(async tool => [tool.name, await sha256(canonical(tool))] as const))
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { list: await sha256(JSON.stringify(sorted)), tools: new Map(sorted) }
}

/** How one list differs from another. */
export function changeBetween(before: ToolDigests, after: ToolDigests): ToolChange {
  const names = [...after.tools.keys()]
  return {
    added: names.filter(name => !before.tools.has(name)),
    removed: [...before.tools.keys()].filter(name => !after.tools.has(name)),
    changed: names.filter(name => before.tools.has(name) && before.tools.get(name) !== after.tools.get(name)),
  }
}

async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
