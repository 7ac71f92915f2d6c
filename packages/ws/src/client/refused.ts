/** The error for a server that answers an upgrade with something else than a WebSocket. */

import { excerpt, parse, type HeaderView } from '@oarlock/protocol'

const BRAND = Symbol.for('oarlock.upgrade-refused')

/**
 * The server refused to open a WebSocket, by HTTP status: 401 with a challenge, 403, 404. Known only where the platform tells; browsers do not.
 */
export class UpgradeRefused extends Error {
  readonly code = 'UPGRADE_REFUSED'
  readonly status: number
  readonly headers: HeaderView
  /** `WWW-Authenticate`, as it came. */
  readonly wwwAuthenticate: string | undefined

  constructor(target: string, status: number, headers: HeaderView, body: string) {
    super(`${target} refused to open a WebSocket, with HTTP status ${status}${found(target, status, headers, body)}`)
    this.name = 'UpgradeRefused'
    this.status = status
    this.headers = headers
    this.wwwAuthenticate = headers.get('www-authenticate')
  }

  /** True for errors of any copy of this package in the process. */
  static is(value: unknown): value is UpgradeRefused {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(UpgradeRefused.prototype, BRAND, { value: true })

/** Statuses by which servers over HTTP, ours and others, turn away a GET that they cannot make sense of. */
const OVER_HTTP: ReadonlySet<number> = new Set([400, 405, 406])

/** What is there instead, as far as can be told, and what to do about it. */
function found(target: string, status: number, headers: HeaderView, body: string): string {
  const type = headers.get('content-type') ?? ''
  if (isPage(type)) return ` and a web page${status < 300 || status === 404 ? `: ${elsewhere(target)}` : ''}`
  const message = parse(body)
  const error = message.kind === 'reply' ? message.error?.message : undefined
  const text = error ?? body.trim()
  const said = text === '' ? '' : `: ${excerpt(text, 200)}`
  const isMcp = error !== undefined || status === 405 || type.startsWith('text/event-stream')
  if (isMcp && (OVER_HTTP.has(status) || status < 300))
    return `${said}; an MCP server over HTTP answers so: is it ${target.replace(/^ws/, 'http')}?`
  return status === 404 || status < 300 ? `${said}: nothing takes WebSockets there; ${elsewhere(target)}` : said
}

function isPage(type: string): boolean {
  return /^(?:text\/html|application\/xhtml)/i.test(type)
}

/** Where it may be. Whoever asks at our own path has another server before them, or none. */
function elsewhere(target: string): string {
  const { pathname } = new URL(target)
  return pathname === '/mcp' ? 'is the address right?' : `is it ${new URL('/mcp', target).href}? Oarlock serves at /mcp`
}
