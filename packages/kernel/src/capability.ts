/** What a client can be asked, read from the capabilities it declared. */

import { capabilityAt, declares, Fault, isObject, type JsonObject, type JsonValue, type Peer } from '@oarlock/protocol'
import type { Askable } from './context.ts'

const PATHS: ReadonlyMap<string, string> = new Map([
  ['elicit', 'elicitation.form'],
  ['elicit.url', 'elicitation.url'],
  ['sample', 'sampling'],
  ['sample.tools', 'sampling.tools'],
  ['roots', 'roots'],
])

/** Whether the client declared what is needed (DIGEST S-EL-03, S-EL-16, S-EL-19). */
export function canAsk(peer: Peer, what: Askable): boolean {
  const path = PATHS.get(what)
  return path === undefined ? hasExtension(peer, what) : declares(peer.capabilities, path)
}

/** Whether the client declared an extension by id. */
export function hasExtension(peer: Peer, id: string): boolean {
  const extensions = (peer.capabilities as JsonObject)['extensions']
  return isObject(extensions) && Object.hasOwn(extensions, id)
}

/** The fault for something the client cannot be asked. */
export function cannotAsk(what: Askable): Fault {
  const path = PATHS.get(what)
  return missingCapability(path === undefined ? { extensions: { [what]: {} } } : capabilityAt(path), path ?? what)
}

/** The fault for a capability the client lacks. `needed` has the shape of ClientCapabilities (DIGEST S-META-06). */
export function missingCapability(needed: { readonly [name: string]: JsonValue }, name: string): Fault {
  return new Fault('MISSING_CAPABILITY', `The client did not declare the capability ${name}, which this request needs`, {
    data: { requiredCapabilities: needed },
  })
}
