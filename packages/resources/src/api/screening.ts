/** Which addresses may be connected to. What is checked is what is connected to: a name that changes its mind gains nothing (THREATS 8, T16). */

import type { LookupAddress } from 'node:dns'
import { lookup as resolve } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { isLinkLocalHost, isPrivateHost, screenedLookup } from '@oarlock/protocol'

/** Resolves a name to all its addresses. */
export type ResolveName = (name: string) => Promise<readonly LookupAddress[]>

/** An address that may not be connected to. The message is for the log. */
export class Screened extends Error {}

/** Which addresses are out of bounds: the link's always, private ones unless they are allowed. */
export function isForbidden(address: string, privateNetwork: boolean): boolean {
  return isLinkLocalHost(address) || (!privateNetwork && isPrivateHost(address))
}

/** Looks at a host that is written as an address, which is not looked up. @throws Screened */
export function checkLiteral(hostname: string, privateNetwork: boolean): void {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isForbidden(host, privateNetwork)) throw new Screened(`${host} is not an address that may be connected to`)
}

/** For the options of a connection: gives the addresses of a name only if none of them is forbidden. */
export function lookupFor(privateNetwork: boolean, resolveName: ResolveName = system): LookupFunction {
  return screenedLookup(resolveName, (name, addresses) => {
    const refused = addresses.length === 0 || addresses.some(address => isForbidden(address, privateNetwork))
    return refused ? new Screened(`${name} leads to an address that may not be connected to`) : undefined
  })
}

const system: ResolveName = name => resolve(name, { all: true })
