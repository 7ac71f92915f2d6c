/** The official SDK v1 over HTTP with sessions, on a port of its own. */
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { randomUUID } from 'node:crypto'
import { type Served, serve } from './serve.ts'
import { sdkV1Server } from './sdk-v1-server.ts'

/** Starts it. Every session has a server object of its own, as the SDK wants. */
export function sdkV1Http(): Promise<Served> {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  return serve(async (request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known !== undefined) return known.handleRequest(request, response)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: id => void sessions.set(id, transport),
    })
    await sdkV1Server().connect(transport)
    return transport.handleRequest(request, response)
  })
}
