/** tmcp: `tmcp.ts http|stdio`, behind the Node adapter that its documentation names. */
import { createRequestListener } from '@remix-run/node-fetch-server'
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod'
import { HttpTransport } from '@tmcp/transport-http'
import { StdioTransport } from '@tmcp/transport-stdio'
import { McpServer } from 'tmcp'
import { z } from 'zod'
import { DOCUMENT, DOCUMENT_URI, dayText, MORE, promptText, TEMPLATE } from '../service.ts'
import { five } from './five.ts'
import { serve } from './serve.ts'

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })

const server = new McpServer(
  { name: 'bench', version: '1.0.0', description: 'What the benchmark asks' },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: {}, resources: {}, prompts: {} } },
)
server.tool({ name: 'echo', description: 'Says what it was told', schema: z.object({ text: z.string() }) }, args => text(args.text))
server.tool(
  {
    name: 'add',
    description: 'Adds two numbers',
    schema: z.object({ a: z.number(), b: z.number() }),
    outputSchema: z.object({ sum: z.number() }),
  },
  ({ a, b }) => {
    const structuredContent = { sum: a + b }
    return { ...text(JSON.stringify(structuredContent)), structuredContent }
  },
)
server.tool({ name: 'steps', description: 'Reports progress once' }, async () => {
  server.progress(1)
  await new Promise(resolve => setImmediate(resolve))
  return text('done')
})
for (const { name, description } of MORE) server.tool({ name, description, schema: five }, () => text('nothing found'))
server.resource({ name: 'document', description: '', uri: DOCUMENT_URI }, uri => ({
  contents: [{ uri, mimeType: 'text/plain', text: DOCUMENT }],
}))
server.template({ name: 'day', description: '', uri: TEMPLATE }, (uri, { day }) => ({
  contents: [{ uri, mimeType: 'text/plain', text: dayText(String(day)) }],
}))
server.prompt({ name: 'review', description: '', schema: z.object({ code: z.string() }) }, ({ code }) => ({
  messages: [{ role: 'user', content: { type: 'text', text: promptText(code) } }],
}))

if (process.argv[2] === 'stdio') new StdioTransport(server).listen()
else {
  const transport = new HttpTransport(server, { path: '/mcp' })
  serve(createRequestListener(async request => (await transport.respond(request)) ?? new Response(null, { status: 404 })))
}
