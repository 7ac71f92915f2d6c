/** FastMCP for TypeScript: `fastmcp.ts http|stdio`. It brings its own listener. */
import { FastMCP } from 'fastmcp'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { DOCUMENT, DOCUMENT_URI, dayText, MORE, promptText } from '../service.ts'
import { five } from './five.ts'

const server = new FastMCP({ name: 'bench', version: '1.0.0', logger: { debug() {}, error() {}, info() {}, log() {}, warn() {} } })
server.addTool({
  name: 'echo',
  description: 'Says what it was told',
  parameters: z.object({ text: z.string() }),
  execute: async args => args.text,
})
server.addTool({
  name: 'add',
  description: 'Adds two numbers',
  parameters: z.object({ a: z.number(), b: z.number() }),
  outputSchema: z.object({ sum: z.number() }),
  execute: async ({ a, b }) => {
    const structuredContent = { sum: a + b }
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
  },
})
server.addTool({
  name: 'steps',
  description: 'Reports progress once',
  execute: async (_, { reportProgress }) => {
    await reportProgress({ progress: 1 })
    await new Promise(resolve => setImmediate(resolve))
    return 'done'
  },
})
for (const { name, description } of MORE) server.addTool({ name, description, parameters: five, execute: async () => 'nothing found' })
server.addResource({ uri: DOCUMENT_URI, name: 'document', mimeType: 'text/plain', load: async () => ({ text: DOCUMENT }) })
server.addResourceTemplate({
  uriTemplate: 'note://day/{day}',
  name: 'day',
  mimeType: 'text/plain',
  arguments: [{ name: 'day', required: true }],
  load: async ({ day }) => ({ text: dayText(day) }),
})
server.addPrompt({
  name: 'review',
  arguments: [{ name: 'code', required: true }],
  load: async ({ code }) => promptText(code ?? ''),
})

if (process.argv[2] === 'stdio') await server.start({ transportType: 'stdio' })
else {
  const port = await freePort()
  await server.start({
    transportType: 'httpStream',
    httpStream: { port, host: '127.0.0.1', enableJsonResponse: process.argv[3] !== 'sse' },
  })
  console.log(port)
}

/** It cannot be asked for any free port and say which it took. */
function freePort(): Promise<number> {
  const probe = createServer()
  return new Promise(resolve =>
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    }),
  )
}
