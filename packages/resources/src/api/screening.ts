/** Which addresses may be connected to. What is checked is what is connected to: a name that changes its mind gains nothing (THREATS 8, T16). */

import { lookup as resolve, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isLinkLocalHost, isPrivateHost } from '@oarlock/protocol'

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
export function screenedLookup(privateNetwork: boolean, resolveName: ResolveName = system): LookupFunction {
  return (name, { all }, callback) => {
    resolveName(name).then(
      addresses => {
        const [first] = addresses
        if (first === undefined || addresses.some(({ address }) => isForbidden(address, privateNetwork)))
          return callback(new Screened(`${name} leads to an address that may not be connected to`), '', 4)
        if (all === true) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (cause: unknown) => callback(cause as Error, '', 4),
    )
  }
}

function system(name: string): Promise<readonly LookupAddress[]> {
  return new Promise((settle, reject) => {
    resolve(name, { all: true }, (error, addresses) => (error === null ? settle(addresses) : reject(error)))
  })
}
