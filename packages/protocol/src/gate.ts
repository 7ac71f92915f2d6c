/** Which hosts and origins may speak to a listener at all (THREATS 2, T1, T3): over HTTP and at the door of a WebSocket alike. */

import type { OptionNames } from './option-names.ts'
import { bindsLoopback, isLoopback, readAuthority, readOrigin, type Authority } from './authority.ts'

/** Whom to let in. */
export interface HostGateOptions {
  /**
   * Names under which clients reach this endpoint, such as `mcp.example.com` or, to insist on the port, `mcp.example.com:8443`. Without
   * them only the loopback names are served, on any port.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /** Web origins, such as `https://app.example.com`, whose pages may call. Without them: pages of this very host, and loopback pages on loopback. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Serves requests for any host name. Only where something in front has checked the name, or nothing on this machine trusts its network. */
  readonly allowAnyHost?: boolean | undefined
}

/** The names of all options. */
export const HOST_GATE_OPTIONS: OptionNames<HostGateOptions> = {
  allowedHosts: true,
  allowedOrigins: true,
  allowAnyHost: true,
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Most distinct spellings of a good host that are remembered. Which ones arrive is up to the client. */
const MEMORY = 64

/** Decides by `Host` and `Origin`. Immutable but for a small memory of hosts that were found good. */
export class HostGate {
  readonly #hosts: readonly Authority[]
  readonly #origins: ReadonlySet<string>
  readonly #listed: boolean
  readonly #anyHost: boolean
  readonly #known = new Set<string>()

  /** @throws TypeError for a name that is not a host or an origin */
  constructor({ allowedHosts = [], allowedOrigins, allowAnyHost }: HostGateOptions) {
    this.#hosts = allowedHosts.map(host => orThrow(readAuthority(host), 'allowedHosts', host))
    this.#origins = new Set((allowedOrigins ?? []).map(origin => spell(orThrow(readOrigin(origin), 'allowedOrigins', origin))))
    this.#listed = allowedOrigins !== undefined
    // A word that stands for no, such as 'false', must not open the gate.
    this.#anyHost = allowAnyHost === true
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
}

/**
 * The names a listener of our own serves when it binds `host`: on loopback those given and the loopback names.
 * @param who would bind it, for the error
 * @throws TypeError for a host beyond loopback without a word on which names may be used to reach it (THREATS 2)
 */
export function hostsServedBy(who: string, host: string, { allowedHosts, allowAnyHost }: HostGateOptions): readonly string[] | undefined {
  if (bindsLoopback(host)) return allowedHosts === undefined ? undefined : [...allowedHosts, ...LOOPBACK_NAMES]
  if (allowedHosts === undefined && allowAnyHost !== true) {
    throw new TypeError(
      `${who} would bind ${host}, which other machines can reach: name the hosts that clients use in allowedHosts, or set allowAnyHost: true if something in front checks them`,
    )
  }
  return allowedHosts
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
