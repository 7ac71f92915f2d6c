/** Why there is no connection, in words: what platforms say is short, and `fetch` keeps it as the cause of a cause. */

import { excerpt, isObject } from './json.ts'

const NO_TLS = 'ERR_SSL_WRONG_VERSION_NUMBER'

const WORDS: ReadonlyMap<unknown, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'its name cannot be looked up now'],
  ['ECONNRESET', 'it broke the connection'],
  ['UND_ERR_SOCKET', 'it closed the connection without an answer, as does a server that wants https'],
  ['EHOSTUNREACH', 'there is no way to that host'],
  ['ENETUNREACH', 'there is no way to that network'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it takes no connection in time'],
  [NO_TLS, 'it does not speak TLS; is it http:// or ws://?'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'it does not speak TLS; is it http:// or ws://?'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'nobody known vouches for its certificate; name its authority'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'nobody known vouches for its certificate; name its authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'nobody known vouches for its certificate; name its authority'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
  ['bad port', 'the platform speaks no HTTP on this port'],
])

/** Errors can be each other's cause. */
const MOST_CAUSES = 5

/** `ECONNREFUSED (nothing listens there)`, or what else there is to say. */
export function reasonOf(thrown: unknown): string {
  const { code, message } = deepest(thrown)
  const cut = excerpt(WORDS.get(code ?? message) ?? message, 200)
  return code === undefined ? cut : cut === '' ? code : `${code} (${cut})`
}

/** The innermost error that has a code, else the innermost. */
function deepest(thrown: unknown): { readonly code: string | undefined; readonly message: string } {
  const causes: unknown[] = [thrown]
  for (let error = thrown; isObject(error) && error['cause'] !== undefined && causes.length < MOST_CAUSES; error = error['cause'])
    causes.push(error['cause'])
  const found = causes.findLast(cause => isObject(cause) && typeof cause['code'] === 'string') ?? causes.at(-1)
  const { code, message } = (isObject(found) ? found : {}) as { readonly code?: unknown; readonly message?: unknown }
  // The same from two layers of Node.
  if (code === 'EPROTO' && String(message).includes('wrong version number')) return deepest({ code: NO_TLS, message })
  return {
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' ? message.trim() : String(found),
  }
}
