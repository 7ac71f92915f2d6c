/** The official SDK v1 over HTTP+SSE, the transport of 2024-11-05, on a port of its own: one path, and nothing of Streamable HTTP. */
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { type Served, serve } from './serve.ts'
import { sdkV1Server } from './sdk-v1-server.ts'

/** Starts it. Every stream has a server object of its own, as the SDK wants. */
export function sdkV1Sse(): Promise<Served> {
  const sessions = new Map<string, SSEServerTransport>()
  return serve(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1')
    if (pathname === '/mcp' && request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response)
      sessions.set(transport.sessionId, transport)
      response.on('close', () => sessions.delete(transport.sessionId))
      return sdkV1Server().connect(transport)
    }
    if (pathname === '/mcp') return void response.writeHead(405).end()
    const transport = sessions.get(searchParams.get('sessionId') ?? '')
    if (transport === undefined) return void response.writeHead(404).end()
    return transport.handlePostMessage(request, response)
  })
}
