/** Why a request got no answer, in words: `fetch` only says that it failed, and keeps the reason as a cause. */

import { excerpt, isObject } from '@oarlock/protocol'

const WORDS: ReadonlyMap<unknown, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'its name cannot be looked up now'],
  ['ECONNRESET', 'it broke the connection'],
  ['UND_ERR_SOCKET', 'it closed the connection without an answer, as does a server that wants https'],
  ['EHOSTUNREACH', 'there is no way to that host'],
  ['ENETUNREACH', 'there is no way to that network'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it takes no connection in time'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS; is it http://?'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'it does not speak TLS; is it http://?'],
])

/** Errors can be each other's cause. */
const MOST_CAUSES = 5

/** `ECONNREFUSED (nothing listens there)`, or what else there is to say. */
export function reasonOf(thrown: unknown): string {
  const { code, message } = deepest(thrown)
  const cut = excerpt(WORDS.get(code) ?? message, 200)
  return code === undefined ? cut : cut === '' ? code : `${code} (${cut})`
}

/** The innermost error that has a code, else the innermost. */
function deepest(thrown: unknown): { readonly code: string | undefined; readonly message: string } {
  const causes: unknown[] = [thrown]
  for (let error = thrown; isObject(error) && error['cause'] !== undefined && causes.length < MOST_CAUSES; error = error['cause'])
    causes.push(error['cause'])
  const found = causes.findLast(cause => isObject(cause) && typeof cause['code'] === 'string') ?? causes.at(-1)
  const { code, message } = (isObject(found) ? found : {}) as { readonly code?: unknown; readonly message?: unknown }
  return {
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' ? message.trim() : String(found),
  }
}
