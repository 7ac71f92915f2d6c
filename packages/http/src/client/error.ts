/** What can go wrong between an HTTP client and its server, apart from what the server says in JSON-RPC. */

import { ConnectionClosed, excerpt, type HeaderView, type ReplyMessage } from '@oarlock/protocol'

const HTTP_ERROR = Symbol.for('oarlock.http-error')
const SESSION_LOST = Symbol.for('oarlock.session-lost')

/**
 * The server refused a request by HTTP status. It reaches a client as the cause of `Receiver.failed`, when there is no JSON-RPC error for
 * the request, and always for 401 and 403, where the headers say what to do. Any other refusal with a JSON-RPC error arrives as the reply
 * it is, with `status` beside it.
 */
export class HttpError extends Error {
  readonly code = 'HTTP_STATUS'
  readonly status: number
  readonly headers: HeaderView
  /** `WWW-Authenticate`, as it came. */
  readonly wwwAuthenticate: string | undefined
  /** The JSON-RPC error in the body, if there was one. Its id may be missing, or that of another request. */
  readonly reply: ReplyMessage | undefined
  /** The beginning of a body that is not JSON-RPC. */
  readonly body: string

  /** @param url where the request went; its query, which may hold secrets, is left out of the message */
  constructor(status: number, headers: HeaderView, body: string, reply?: ReplyMessage, url?: string) {
    const from = url === undefined ? 'The server' : shown(url)
    super(`${from} answered with HTTP status ${status}${found(status, headers, body, reply, url)}`)
    this.name = 'HttpError'
    this.status = status
    this.headers = headers
    this.wwwAuthenticate = headers.get('www-authenticate')
    this.reply = reply
    this.body = excerpt(body, 1000)
  }

  /** True for HTTP errors of any copy of this package in the process. */
  static is(value: unknown): value is HttpError {
    return typeof value === 'object' && value !== null && HTTP_ERROR in value
  }
}
Object.defineProperty(HttpError.prototype, HTTP_ERROR, { value: true })

/** What is there instead, as far as can be told, and what to do about it. */
function found(status: number, headers: HeaderView, body: string, reply: ReplyMessage | undefined, url: string | undefined): string {
  const text = reply?.error?.message ?? body.trim()
  const said = text === '' ? '' : `: ${excerpt(text, 200)}`
  const type = headers.get('content-type') ?? ''
  if (reply === undefined && /^(?:text\/html|application\/xhtml)/i.test(type))
    return ` and a web page${status < 300 ? `, which is no MCP server: ${elsewhere(url)}` : ''}`
  if (status === 426 && headers.get('upgrade')?.toLowerCase() === 'websocket')
    return `${said}: it takes WebSockets only${url === undefined ? '' : `; is it ${shown(url).replace(/^http/, 'ws')}?`}`
  return status < 300 ? ` and ${type === '' ? 'no content' : excerpt(type, 100)}, which is no message${said}: ${elsewhere(url)}` : said
}

function elsewhere(url: string | undefined): string {
  return url === undefined || new URL(url).pathname === '/mcp' ? 'is the address right?' : 'is the path right? Oarlock serves at /mcp'
}

/** A URL without what nobody else should read. */
export function shown(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** The server no longer knows the session. Whoever goes on opens another, by connecting anew (C-LEG-05). */
export class SessionLost extends ConnectionClosed {
  constructor(unsent = false) {
    super('The server no longer knows the session', undefined, unsent)
  }

  static override is(value: unknown): value is SessionLost {
    return typeof value === 'object' && value !== null && SESSION_LOST in value
  }
}
Object.defineProperty(SessionLost.prototype, SESSION_LOST, { value: true })
