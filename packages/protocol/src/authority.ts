/** Host names as `Host` and `Origin` carry them, in one spelling. Hand-parsed: nothing per request makes a URL. */

/** A host in one spelling: lower case, no trailing dot, IPv6 in brackets; the port as written, empty when absent. */
export interface Authority {
  readonly name: string
  readonly port: string
}

/** Reads `name`, `name:port`, `[::1]`, `[::1]:port`. Undefined for anything else. */
export function readAuthority(text: string): Authority | undefined {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : text.indexOf(':')
  const name = end === -1 ? text : text.slice(0, end)
  const rest = end === -1 ? '' : text.slice(end)
  if (!/^(?:\[[\da-f:.]+\]|[\w.-]+)$/i.test(name) || !/^(?::\d{0,5})?$/.test(rest)) return undefined
  const lower = name.toLowerCase()
  return { name: lower.endsWith('.') ? lower.slice(0, -1) : lower, port: rest.slice(1) }
}

/** An origin in one spelling, with the port its scheme implies left out. Undefined for `null` and for what is not an origin. */
export function readOrigin(text: string): (Authority & { readonly scheme: string }) | undefined {
  const split = text.indexOf('://')
  const scheme = text.slice(0, Math.max(0, split)).toLowerCase()
  if (!/^[a-z][a-z\d+.-]*$/.test(scheme)) return undefined
  const authority = readAuthority(text.slice(split + 3))
  if (authority === undefined) return undefined
  return { scheme, name: authority.name, port: authority.port === DEFAULT_PORT.get(scheme) ? '' : authority.port }
}

const DEFAULT_PORT: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
])

/** Whether a name, as `Authority` spells it, can only mean this machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/** Whether binding to this address leaves the server reachable from this machine alone. */
export function bindsLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return isLoopback(name) || name === '::1' || name === '::ffff:127.0.0.1'
}
