/** The official client of SDK v1 in the hands of a story. It speaks 2024-11-05. */

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Hear, Opened, Requests, Wanted } from './reader.ts'
import { SocketTransport } from './socket-transport.ts'
import type { Spoken, Way } from './way.ts'

/** Connects. */
export async function sdkV1(way: Way, revision: Spoken): Promise<Opened> {
  const client = new Client({ name: 'check-v1', version: '1.0.0' })
  const transport = offering(transportTo(way), revision)
  const agreed = answeredRevision(transport)
  await client.connect(transport)
  let hear: Hear = () => {}
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => hear(params.uri))
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => hear('resourceList'))
  client.setNotificationHandler(PromptListChangedNotificationSchema, () => hear('prompts'))
  return {
    requests: client as unknown as Requests,
    revision: agreed(),
    // Lists are told of to every session.
    async follow({ resources = [] }: Wanted, listener: Hear) {
      hear = listener
      for (const uri of resources) await client.subscribeResource({ uri })
      return async () => {
        for (const uri of resources) await client.unsubscribeResource({ uri })
      }
    },
    close: () => client.close(),
  }
}

function transportTo({ transport, command, args, env, url, headers }: Way): Transport {
  if (transport === 'stdio') return new StdioClientTransport({ command, args: [...args], env })
  if (transport === 'http') return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } })
  // The SDK's own cannot send headers.
  return Object.keys(headers).length === 0
    ? new WebSocketClientTransport(new URL(url))
    : (new SocketTransport(url, headers) as unknown as Transport)
}

/** Today's SDK offers its newest revision; the one of 2024 offered what there was. */
function offering(transport: Transport, protocolVersion: string): Transport {
  const send = transport.send.bind(transport)
  transport.send = (message, options) =>
    send(
      'method' in message && message.method === 'initialize' ? { ...message, params: { ...message.params, protocolVersion } } : message,
      options,
    )
  return transport
}

/** What the server answered: this SDK tells only its transport. */
function answeredRevision(transport: Transport): () => string | undefined {
  let answered: string | undefined
  const tell = transport.setProtocolVersion?.bind(transport)
  transport.setProtocolVersion = version => {
    answered = version
    tell?.(version)
  }
  return () => answered
}
