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
    const text = textOf(body)
    super(`${target} refused to open a WebSocket, with HTTP status ${status}${text === '' ? '' : `: ${excerpt(text, 200)}`}`)
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

/** What a body says: the text of its JSON-RPC error, or itself. */
function textOf(body: string): string {
  const message = parse(body)
  return message.kind === 'reply' && message.error !== undefined ? message.error.message : body.trim()
}
