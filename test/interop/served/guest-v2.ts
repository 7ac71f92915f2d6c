/** The official SDK v2's client, in either of its ways to converse. */
import { Client, StreamableHTTPClientTransport, type VersionNegotiationMode } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Revision } from '@oarlock/protocol'
import { agreeable, CAPABILITIES, followingTools, type Guest, type GuestOptions, NEWS, News, type SdkClient } from './guest.ts'
import type { Fetch } from './wire.ts'
import { Tap } from './tap.ts'

/** A transport to a child process. */
export function stdioV2(command: readonly string[]): StdioClientTransport {
  const [program = '', ...args] = command
  return new StdioClientTransport({ command: program, args })
}

/** A transport to a URL. */
export function httpV2(url: string, fetch?: Fetch): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), fetch === undefined ? {} : { fetch })
}

/** Connects. A revision with a handshake is pinned by being the only one it supports; `auto` finds out. */
export async function guestV2(
  transport: StdioClientTransport | StreamableHTTPClientTransport,
  revision: Revision | 'auto',
  { capabilities = CAPABILITIES, onTools }: GuestOptions = {},
): Promise<Guest> {
  const tap = new Tap(transport, revision === 'auto' ? '2026-07-28' : revision)
  const [answers, news, errors] = [agreeable(), new News(), [] as Error[]]
  const client = new Client({ name: 'sdk-v2', version: '2.0.0' }, { capabilities, ...negotiation(revision), ...followingTools(onTools) })
  Object.assign(client, { onerror: (error: Error) => errors.push(error) })
  for (const method of NEWS) client.setNotificationHandler(method, notification => news.add(notification))
  if ('elicitation' in capabilities) client.setRequestHandler('elicitation/create', ({ params }) => answers.elicit(params) as never)
  if ('sampling' in capabilities) client.setRequestHandler('sampling/createMessage', ({ params }) => answers.sample(params) as never)
  if ('roots' in capabilities) client.setRequestHandler('roots/list', () => ({ roots: answers.roots }) as never)
  await client.connect(transport)
  return {
    sdk: 'v2',
    revision: client.getNegotiatedProtocolVersion() as Revision,
    client: client as unknown as SdkClient,
    answers,
    news,
    tap,
    errors,
    call: (name, args = {}, { meta, ...options } = {}) =>
      client.callTool({ name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) }, options),
    listen: filter => client.listen(filter),
  }
}

function negotiation(revision: Revision | 'auto'): {
  versionNegotiation: { mode: VersionNegotiationMode }
  supportedProtocolVersions?: string[]
} {
  if (revision === 'auto') return { versionNegotiation: { mode: 'auto' } }
  if (revision === '2026-07-28') return { versionNegotiation: { mode: { pin: revision } } }
  return { versionNegotiation: { mode: 'legacy' }, supportedProtocolVersions: [revision] }
}
