/** The subprotocols a client offers: `mcp`, and where it cannot set headers an entry that carries its token. */

import { fromBase64Url, toBase64Url } from '@oarlock/protocol'

/** The name of the profile. Selected and echoed whenever it is offered. */
export const SUBPROTOCOL = 'mcp'

const TOKEN_PREFIX = 'mcp.token.'

/** What a client offered. */
export interface Offer {
  /** Whether `mcp` is among it. */
  readonly mcp: boolean
  /** Whether anything was offered. */
  readonly any: boolean
  /** The token, where one came this way. */
  readonly token: string | undefined
}

/**
 * The entry that carries a bearer token: browsers cannot set headers, and a query ends up in logs. A server never echoes it.
 * @throws TypeError for a token that no Authorization header could carry either
 */
export function tokenEntry(token: string): string {
  return TOKEN_PREFIX + toBase64Url(new TextEncoder().encode(checkedToken(token)))
}

/** @throws TypeError for a token that no header could carry */
export function checkedToken(token: string): string {
  if (!isSendable(token)) throw new TypeError('A token consists of visible ASCII characters')
  return token
}

/** Reads `Sec-WebSocket-Protocol`. Undefined when it makes no sense: a token that is none, or two of them. */
export function readOffer(header: string | undefined): Offer | undefined {
  const names = header === undefined ? [] : header.split(',').map(name => name.trim())
  const entries = names.filter(name => name.startsWith(TOKEN_PREFIX))
  const token = entries[0] === undefined ? undefined : decoded(entries[0].slice(TOKEN_PREFIX.length))
  if (entries.length > 1 || (entries.length === 1 && token === undefined)) return undefined
  return { mcp: names.includes(SUBPROTOCOL), any: names.length > 0, token }
}

function decoded(text: string): string | undefined {
  const token = new TextDecoder().decode(fromBase64Url(text))
  return isSendable(token) ? token : undefined
}

/** Visible ASCII: nothing that could end a header. */
function isSendable(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token)
}
