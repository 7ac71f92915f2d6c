/** A `fetch` that looks at what a name resolves to, and connects to just that: a name that changes its mind gains nothing (THREATS 8, T16). */

import type { LookupAddress } from 'node:dns'
import { lookup as resolve } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { checkOptions, isLoopbackHost, isPrivateHost, type OptionNames, screenedLookup } from '@oarlock/protocol'
import { AuthorizationFailed } from '../error.ts'
import type { AuthFetch } from '../fetching.ts'

/** Options of `guardedFetch`. */
export interface GuardedFetchOptions {
  /** Resolves a name to all its addresses. The system's when absent. */
  readonly lookup?: ((name: string) => Promise<readonly LookupAddress[]>) | undefined
  /** Names whose addresses may be private, such as a company's own authorization server. */
  readonly allow?: readonly string[] | undefined
}

const GUARDED_FETCH_OPTIONS: OptionNames<GuardedFetchOptions> = { lookup: true, allow: true }

/**
 * For `oauth`'s `fetch` in programs that run inside a network: names that resolve to private, link-local, loopback or metadata addresses are
 * refused at the moment of connecting. Follows no redirect. Addresses that say loopback themselves are let through.
 */
export function guardedFetch(options: GuardedFetchOptions = {}): AuthFetch {
  checkOptions(options, GUARDED_FETCH_OPTIONS, 'guardedFetch()')
  const lookup = guarded(options)
  return (address, init) =>
    new Promise((settle, reject) => {
      const url = new URL(address)
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const refused = literalRefusal(url.hostname, options)
      if (refused !== undefined) return reject(refused)
      const settings: RequestOptions = {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        lookup,
        agent: false,
        ...(init.signal && { signal: init.signal }),
      }
      const request = send(url, settings, response => settle(responseOf(response)))
      request.once('error', reject)
      request.end(init.body instanceof URLSearchParams ? init.body.toString() : init.body)
    })
}

// Addresses written as such are not looked up at all.
function literalRefusal(hostname: string, { allow }: GuardedFetchOptions): Error | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !isLoopbackHost(host) && isPrivateHost(host) && allow?.includes(host) !== true ? forbidden(host) : undefined
}

function guarded({ lookup = system, allow = [] }: GuardedFetchOptions): LookupFunction {
  return screenedLookup(lookup, (name, addresses) => {
    const trusted = allow.includes(name) || isLoopbackHost(name)
    return addresses.length === 0 || (!trusted && addresses.some(isPrivateHost)) ? forbidden(name) : undefined
  })
}

const system = (name: string): Promise<readonly LookupAddress[]> => resolve(name, { all: true })

function forbidden(name: string): AuthorizationFailed {
  return new AuthorizationFailed('address', `${name} is in a private network`)
}

function responseOf(response: IncomingMessage): Response {
  const headers = new Headers()
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2)
    headers.append(response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '')
  const { statusCode: status = 502 } = response
  const empty = status === 204 || status === 205 || status === 304
  if (empty) response.resume()
  return new Response(empty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>), { status, headers })
}
