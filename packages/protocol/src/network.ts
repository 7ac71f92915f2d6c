/** Of which network the host of a URL is: this machine, a private one, the public one (THREATS 8, T16). */

/** Whether a host of a URL is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const host = bare(hostname)
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return host.includes(':') ? host === '::1' || v4Of(host)?.[0] === 127 : v4(host)?.[0] === 127
}

/** Whether a host of a URL, or an address, is of a network that is not the public one. Names are not resolved here. */
export function isPrivateHost(hostname: string): boolean {
  const host = bare(hostname)
  if (PRIVATE_NAME.test(host)) return true
  if (!host.includes(':')) return isPrivateV4(v4(host))
  const inner = v4Of(host)
  return inner === undefined ? PRIVATE_V6.test(host) : isPrivateV4(inner)
}

/**
 * Whether a host of a URL, or an address, is of the link it is on: there, clouds answer whoever asks with the credentials of the machine. Includes the
 * addresses of such services that are elsewhere. Names are not resolved here.
 */
export function isLinkLocalHost(hostname: string): boolean {
  const host = bare(hostname)
  if (/^(?:metadata|metadata\.google\.internal|instance-data)$/.test(host)) return true
  const address = host.includes(':') ? v4Of(host) : v4(host)
  if (address === undefined) return /^fe[89a-f]|^fd00:ec2::|^fd20:ce::254$/.test(host)
  const [a, b, c, d] = address
  return (a === 169 && b === 254) || (a === 100 && b === 100 && c === 100 && d === 200) || (a === 192 && b === 0 && c === 0 && d === 192)
}

/** Names that cloud providers give their metadata service, and those that only a private network resolves. */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|internal|local|localdomain|lan|home\.arpa)$|^metadata$/
/** Unspecified, loopback, unique local, link and site local, multicast, discard, documentation, Teredo, and local-use translation. */
const PRIVATE_V6 = /^(?:::1?$|f[cd]|fe[89a-f]|ff|100::|2001:db8:|2001:0?:|64:ff9b:1:)/

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

function v4(host: string): readonly number[] | undefined {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.split('.').map(Number) : undefined
}

/** The IPv4 address inside an IPv6 one: mapped, compatible, translated (NAT64) or of 6to4. */
function v4Of(host: string): readonly number[] | undefined {
  const dotted = /^(?:::(?:ffff:(?:0:)?)?|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/.exec(host)?.[1]
  if (dotted !== undefined) return v4(dotted)
  const groups =
    /^(?:::(?:ffff:(?:0:)?)?|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host) ?? /^2002:([\da-f]{1,4}):([\da-f]{1,4})(?::|$)/.exec(host)
  if (groups === null) return undefined
  const [high, low] = [Number.parseInt(String(groups[1]), 16), Number.parseInt(String(groups[2]), 16)]
  return [high >> 8, high & 255, low >> 8, low & 255]
}

function isPrivateV4(address: readonly number[] | undefined): boolean {
  if (address === undefined) return false
  const [a = 0, b = 0, c = 0] = address
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true
  if (a === 100) return b >= 64 && b < 128
  if (a === 172) return b >= 16 && b < 32
  if (a === 192) return b === 168 || (b === 0 && (c === 0 || c === 2))
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100)
  return (a === 169 && b === 254) || (a === 203 && b === 0 && c === 113)
}
