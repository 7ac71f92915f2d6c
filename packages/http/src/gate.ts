/** The first step: which hosts and origins may speak to this endpoint at all (THREATS 2, T1), and what browsers are told (CORS). */

import { isLoopback, readAuthority, readOrigin, type Authority } from './authority.ts'
import type { HeaderList } from './turn.ts'

/** Whom to let in. */
export interface GateOptions {
  /**
   * Names under which clients reach this endpoint, such as `mcp.example.com` or, to insist on the port, `mcp.example.com:8443`. Without
   * them only the loopback names are served, on any port.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /** Web origins, such as `https://app.example.com`, whose pages may call. Without them: pages of this very host, and loopback pages on loopback. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Serves requests for any host name. Only where something in front has checked the name, or nothing on this machine trusts its network. */
  readonly allowAnyHost?: boolean | undefined
  /** Request headers, besides those of MCP, that pages of other origins may send: `X-API-Key`. */
  readonly allowedHeaders?: readonly string[] | undefined
}

const REQUEST_HEADERS = [
  'content-type',
  'accept',
  'authorization',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
]
const EXPOSED = 'Mcp-Session-Id, WWW-Authenticate'
const METHODS = 'GET, POST, DELETE, OPTIONS'
const PREFLIGHT_SECONDS = '600'

/** Most distinct spellings of a good host that are remembered. Which ones arrive is up to the client. */
const MEMORY = 64

/** Decides by `Host` and `Origin`. Immutable but for a small memory of hosts that were found good. */
export class Gate {
  readonly #hosts: readonly Authority[]
  readonly #origins: ReadonlySet<string>
  readonly #listed: boolean
  readonly #anyHost: boolean
  readonly #headers: ReadonlySet<string>
  readonly #known = new Set<string>()

  constructor({ allowedHosts = [], allowedOrigins, allowAnyHost = false, allowedHeaders = [] }: GateOptions) {
    this.#hosts = allowedHosts.map(host => orThrow(readAuthority(host), 'allowedHosts', host))
    this.#origins = new Set((allowedOrigins ?? []).map(origin => spell(orThrow(readOrigin(origin), 'allowedOrigins', origin))))
    this.#listed = allowedOrigins !== undefined
    this.#anyHost = allowAnyHost
    this.#headers = new Set([...REQUEST_HEADERS, ...allowedHeaders.map(name => name.toLowerCase())])
  }

  /** Whether a request may go on. Requests without an `Origin` do not come from a page of a foreign site (S-HTTP-06). */
  admits(host: string | undefined, origin: string | undefined): boolean {
    if (host === undefined) return false
    if (!this.#known.has(host)) {
      if (!this.#admitsHost(host)) return false
      if (this.#known.size < MEMORY) this.#known.add(host)
    }
    return origin === undefined || this.#admitsOrigin(host, origin)
  }

  #admitsHost(host: string): boolean {
    if (this.#anyHost) return true
    const asked = readAuthority(host)
    if (asked === undefined) return false
    if (this.#hosts.length === 0) return isLoopback(asked.name)
    return this.#hosts.some(({ name, port }) => name === asked.name && (port === '' || port === asked.port))
  }

  #admitsOrigin(host: string, origin: string): boolean {
    const page = readOrigin(origin)
    if (page === undefined) return false
    if (this.#origins.has(spell(page))) return true
    // With any host admitted, a page of a host that an attacker named proves nothing.
    if (this.#listed || this.#anyHost) return false
    const own = readOrigin(`${page.scheme}://${host}`)
    if (own === undefined) return false
    return isLoopback(own.name) ? isLoopback(page.name) : spell(own) === spell(page)
  }

  /** What every answer to a page must carry. */
  headersFor(origin: string): HeaderList {
    return ['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', EXPOSED, 'Vary', 'Origin']
  }

  /** What the answer to `OPTIONS` says beside them. `asked` is `Access-Control-Request-Headers`. */
  preflight(asked: string | undefined): HeaderList {
    const wanted = (asked ?? '').split(',').map(name => name.trim().toLowerCase())
    const allowed = wanted.filter(name => this.#headers.has(name) || /^mcp-param-[!#$%&'*+.^_`|~\w-]+$/.test(name))
    return [
      'Access-Control-Allow-Methods',
      METHODS,
      'Access-Control-Allow-Headers',
      (allowed.length === 0 ? REQUEST_HEADERS : allowed).join(', '),
      'Access-Control-Max-Age',
      PREFLIGHT_SECONDS,
    ]
  }
}

const spell = ({ scheme, name, port }: Authority & { readonly scheme: string }): string =>
  `${scheme}://${name}${port === '' ? '' : `:${port}`}`

function orThrow<T>(value: T | undefined, option: string, text: string): T {
  if (value === undefined)
    throw new TypeError(
      `${option}: ${JSON.stringify(text)} is not ${option === 'allowedHosts' ? 'a host' : 'an origin such as https://app.example.com'}`,
    )
  return value
}
