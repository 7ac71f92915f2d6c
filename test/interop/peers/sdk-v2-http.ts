/** The official SDK v2 over HTTP: stateless requests to its handler, sessions to a transport of their own, as its documentation routes them. */
import { type NodeIncomingMessageLike, NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node'
import { createMcpHandler, isLegacyRequest, type McpHttpHandler } from '@modelcontextprotocol/server'
import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { type Served, serve } from './serve.ts'
import { sdkV2Server } from './sdk-v2-server.ts'

/** Starts it. */
export function sdkV2Http(): Promise<Served> {
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>()
  const make = sdkV2Server(() => handler.notify)
  const handler: McpHttpHandler = createMcpHandler(make, { legacy: 'reject' })
  const stateless = toNodeHandler(handler)
  return serve(async (request, response) => {
    const body = request.method === 'POST' ? (JSON.parse(await text(request)) as unknown) : undefined
    // Its types were not written with exactOptionalPropertyTypes in mind.
    const incoming = request as NodeIncomingMessageLike
    if (!(await isLegacyRequest(await toWebRequest(incoming, body), body))) return stateless(incoming, response, body)
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known !== undefined) return known.handleRequest(request, response, body)
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: id => void sessions.set(id, transport),
    })
    await make().connect(transport)
    return transport.handleRequest(request, response, body)
  })
}
