/** Which URLs of others may be visited: https, or loopback; never a private network (THREATS 8, T16). */

import { excerpt, isLoopbackHost, isPrivateHost } from '@oarlock/protocol'
import { AuthorizationFailed } from './error.ts'

/**
 * A URL that somebody else chose, checked.
 * @throws AuthorizationFailed for anything but https (http for loopback), for credentials in it, and for addresses of private networks
 */
export function screened(text: string, what: string): URL {
  if (!URL.canParse(text)) throw new AuthorizationFailed('address', `${what} is not a URL`)
  const url = new URL(text)
  const loopback = isLoopbackHost(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new AuthorizationFailed('address', `${what} has to be https, not ${excerpt(url.protocol, 40)}`)
  }
  if (url.username !== '' || url.password !== '') throw new AuthorizationFailed('address', `${what} carries credentials`)
  if (!loopback && isPrivateHost(url.hostname)) throw new AuthorizationFailed('address', `${what} is in a private network: ${url.hostname}`)
  return url
}

/**
 * A URL that a server named, while talking to it at `base`: also refused when it leads to this machine and the server is elsewhere.
 * @throws AuthorizationFailed
 */
export function screenedFrom(base: string, text: string, what: string): URL {
  const url = screened(text, what)
  if (isLoopbackHost(url.hostname) && !isLoopbackHost(new URL(base).hostname)) {
    throw new AuthorizationFailed('address', `${what} leads from ${new URL(base).host} to this machine`)
  }
  return url
}
