/** The official client of SDK v2 in the hands of a story. It speaks 2026-07-28. */

import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Hear, Opened, Requests, Wanted } from './reader.ts'
import { SocketTransport } from './socket-transport.ts'
import type { Spoken, Way } from './way.ts'

/** Connects. */
export async function sdkV2(way: Way, revision: Spoken): Promise<Opened> {
  const client = new Client({ name: 'check-v2', version: '1.0.0' }, { versionNegotiation: { mode: { pin: revision } } })
  let hear: Hear = () => {}
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => hear(params.uri))
  client.setNotificationHandler('notifications/resources/list_changed', () => hear('resourceList'))
  client.setNotificationHandler('notifications/prompts/list_changed', () => hear('prompts'))
  await client.connect(transportTo(way))
  return {
    requests: pagewise(client),
    revision: client.getNegotiatedProtocolVersion(),
    async follow({ resources = [], resourceList, prompts }: Wanted, listener: Hear) {
      hear = listener
      const subscription = await client.listen({
        resourceSubscriptions: [...resources],
        resourcesListChanged: resourceList === true,
        promptsListChanged: prompts === true,
      })
      return () => subscription.close()
    },
    close: () => client.close(),
  }
}

/** This client gathers the pages of a list by itself; stories look at each. */
function pagewise(client: Client): Requests {
  const requests = client as unknown as Requests
  const listResources = (params = {}) => client.request({ method: 'resources/list', params }) as ReturnType<Requests['listResources']>
  return Object.assign(requests, { listResources })
}

function transportTo({ transport, command, args, env, url, headers }: Way): Transport {
  if (transport === 'stdio') return new StdioClientTransport({ command, args: [...args], env })
  if (transport === 'http') return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } })
  return new SocketTransport(url, headers) as unknown as Transport
}
