/** What a client can be asked, read from the capabilities it declared. */

import {
  atLeast,
  capabilityAt,
  declares,
  Fault,
  isObject,
  type ClientCapabilities,
  type JsonObject,
  type JsonValue,
  type Peer,
  type Revision,
} from '@oarlock/protocol'
import type { Ask, Askable } from './ask.ts'

interface Need {
  readonly path: string
  readonly since: Revision
}

const NEEDS: ReadonlyMap<string, Need> = new Map<string, Need>([
  ['elicit', { path: 'elicitation.form', since: '2025-06-18' }],
  ['elicit.url', { path: 'elicitation.url', since: '2025-11-25' }],
  ['sample', { path: 'sampling', since: '2024-11-05' }],
  ['sample.tools', { path: 'sampling.tools', since: '2025-11-25' }],
  ['sample.context', { path: 'sampling.context', since: '2025-11-25' }],
  ['roots', { path: 'roots', since: '2024-11-05' }],
])

/**
 * Whether the client declared what is needed (DIGEST S-EL-03, S-EL-16, S-EL-19), in a revision that has it: clients declare all they can do
 * before they know which revision they will speak.
 */
export function canAsk(peer: Peer, what: Askable): boolean {
  const need = NEEDS.get(what)
  return need === undefined ? hasExtension(peer, what) : atLeast(peer.revision, need.since) && declares(peer.capabilities, need.path)
}

/** What clients declare that can be asked. */
const ASKABLE: ReadonlySet<string> = new Set(['elicitation', 'sampling', 'roots', 'extensions'])

/** Whether the client declared anything at all that it can be asked. Asked of every call, so it costs next to nothing. */
export function isAskable(capabilities: ClientCapabilities): boolean {
  for (const name in capabilities) if (ASKABLE.has(name)) return true
  return false
}

/** Whether the client declared an extension by id. */
export function hasExtension(peer: Peer, id: string): boolean {
  const extensions = (peer.capabilities as JsonObject)['extensions']
  return isObject(extensions) && Object.hasOwn(extensions, id)
}

/** The question without a wish for context that the client would have had to declare and did not (DIGEST S-EL-17). */
export function withoutUnknownContext<T>(ask: Ask<T>, peer: Peer): Ask<T> {
  const { includeContext, ...rest } = ask.params ?? {}
  const wish = ask.method === 'sampling/createMessage' && includeContext !== undefined && includeContext !== 'none'
  return wish && atLeast(peer.revision, '2025-11-25') && !canAsk(peer, 'sample.context') ? { ...ask, params: rest } : ask
}

/** The fault for something the client cannot be asked. */
export function cannotAsk(what: Askable, { revision }: Peer): Fault {
  const need = NEEDS.get(what)
  if (need === undefined) return missingCapability({ extensions: { [what]: {} } }, what)
  const needed = capabilityAt(need.path)
  if (atLeast(revision, need.since)) return missingCapability(needed, need.path)
  const text = `This request needs the capability ${need.path}, which revision ${revision} does not have`
  return new Fault('MISSING_CAPABILITY', text, { data: { requiredCapabilities: needed } })
}

/** The fault for a capability the client lacks. `needed` has the shape of ClientCapabilities (DIGEST S-META-06). */
export function missingCapability(needed: { readonly [name: string]: JsonValue }, name: string): Fault {
  return new Fault('MISSING_CAPABILITY', `The client did not declare the capability ${name}, which this request needs`, {
    data: { requiredCapabilities: needed },
  })
}
