/** The official SDK v1, with sessions over HTTP: `sdk-v1.ts http|stdio`. */
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { DOCUMENT, DOCUMENT_URI, dayText, MORE, promptText, TEMPLATE } from '../service.ts'
import { five } from './five.ts'
import { serve } from './serve.ts'

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })

function make(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' })
  server.registerTool('echo', { description: 'Says what it was told', inputSchema: { text: z.string() } }, args => text(args.text))
  server.registerTool(
    'add',
    { description: 'Adds two numbers', inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => {
      const structuredContent = { sum: a + b }
      return { ...text(JSON.stringify(structuredContent)), structuredContent }
    },
  )
  server.registerTool('steps', { description: 'Reports progress once', inputSchema: {} }, async (_, { sendNotification, _meta }) => {
    await sendNotification({ method: 'notifications/progress', params: { progressToken: _meta?.progressToken as number, progress: 1 } })
    await new Promise(resolve => setImmediate(resolve))
    return text('done')
  })
  for (const { name, description } of MORE) server.registerTool(name, { description, inputSchema: five.shape }, () => text('nothing found'))
  server.registerResource('document', DOCUMENT_URI, { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: DOCUMENT }],
  }))
  server.registerResource('day', new ResourceTemplate(TEMPLATE, { list: undefined }), {}, ({ href }, { day }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: dayText(String(day)) }],
  }))
  server.registerPrompt('review', { argsSchema: { code: z.string() } }, ({ code }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: promptText(code) } }],
  }))
  return server
}

if (process.argv[2] === 'stdio') await make().connect(new StdioServerTransport())
else {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  serve(async (request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known !== undefined) return known.handleRequest(request, response)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: process.argv[3] !== 'sse',
      onsessioninitialized: id => void sessions.set(id, transport),
    })
    await make().connect(transport)
    return transport.handleRequest(request, response)
  })
}
