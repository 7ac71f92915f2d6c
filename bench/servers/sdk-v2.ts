/** The official SDK v2, for both conversations: `sdk-v2.ts http|stdio`. */
import { type NodeIncomingMessageLike, NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node'
import { createMcpHandler, isLegacyRequest, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { randomUUID } from 'node:crypto'
import { text as read } from 'node:stream/consumers'
import { z } from 'zod'
import { DOCUMENT, DOCUMENT_URI, dayText, MORE, promptText, TEMPLATE } from '../service.ts'
import { five } from './five.ts'
import { serve } from './serve.ts'

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })

function make(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' })
  server.registerTool('echo', { description: 'Says what it was told', inputSchema: z.object({ text: z.string() }) }, args =>
    text(args.text),
  )
  server.registerTool(
    'add',
    {
      description: 'Adds two numbers',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    ({ a, b }) => {
      const structuredContent = { sum: a + b }
      return { ...text(JSON.stringify(structuredContent)), structuredContent }
    },
  )
  server.registerTool('steps', { description: 'Reports progress once', inputSchema: z.object({}) }, async (_, ctx) => {
    await ctx.mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken: ctx.mcpReq._meta?.progressToken as number, progress: 1 },
    })
    await new Promise(resolve => setImmediate(resolve))
    return text('done')
  })
  for (const { name, description } of MORE) server.registerTool(name, { description, inputSchema: five }, () => text('nothing found'))
  server.registerResource('document', DOCUMENT_URI, { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: DOCUMENT }],
  }))
  server.registerResource('day', new ResourceTemplate(TEMPLATE, { list: undefined }), {}, ({ href }, { day }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: dayText(String(day)) }],
  }))
  server.registerPrompt('review', { argsSchema: z.object({ code: z.string() }) }, ({ code }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: promptText(code) } }],
  }))
  return server
}

if (process.argv[2] === 'stdio') serveStdio(make)
else {
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>()
  const stateless = toNodeHandler(createMcpHandler(make, { legacy: 'reject' }))
  serve(async (request, response) => {
    const incoming = request as NodeIncomingMessageLike
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known !== undefined) return known.handleRequest(request, response)
    const body = JSON.parse(await read(request)) as unknown
    if (!(await isLegacyRequest(await toWebRequest(incoming, body), body))) return stateless(incoming, response, body)
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: process.argv[3] !== 'sse',
      onsessioninitialized: id => void sessions.set(id, transport),
    })
    await make().connect(transport)
    return transport.handleRequest(request, response, body)
  })
}
