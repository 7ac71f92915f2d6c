/** A server written with the official SDK v1: everything a client may want to do, each with an answer that a test can assert. */
import { completable } from '@modelcontextprotocol/sdk/server/completable.js'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'

/** What happened in this process, for tests to ask. */
const happened: string[] = []

const text = (text: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text }] })

/** One server object; the SDK wants one for each connection. */
export function sdkV1Server(): McpServer {
  const server = new McpServer(
    { name: 'sdk-v1', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true, listChanged: true } }, instructions: 'Ask me anything' },
  )
  offerTools(server)
  offerQuestions(server)
  offerResources(server)
  server.registerPrompt(
    'review',
    {
      description: 'Reviews code',
      argsSchema: {
        code: z.string(),
        language: completable(z.string(), value => ['python', 'pascal', 'typescript'].filter(each => each.startsWith(value))),
      },
    },
    ({ code, language }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `Review this ${language}: ${code}` } }] }),
  )
  return server
}

function offerTools(server: McpServer): void {
  server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
    structuredContent: { sum: a + b },
  }))
  server.registerTool('greet', { inputSchema: { name: z.string() } }, ({ name }) => text(`Hello, ${name}`))
  server.registerTool('fail', {}, () => ({ ...text('the disk is full'), isError: true }))
  server.registerTool('happened', {}, () => text(happened.join(', ')))
  server.registerTool('steps', { inputSchema: { count: z.number() } }, async ({ count }, { sendNotification, _meta }) => {
    for (let progress = 1; progress <= count; progress++) {
      const progressToken = _meta?.progressToken
      if (progressToken !== undefined)
        await sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress, total: count, message: `step ${progress}` },
        })
    }
    return text(`${count} steps`)
  })
  server.registerTool('wait', {}, ({ signal }) => {
    happened.push('waiting')
    return new Promise(resolve => {
      signal.addEventListener('abort', () => {
        happened.push(`cancelled because ${String(signal.reason)}`)
        resolve(text('cancelled'))
      })
    })
  })
  server.registerTool('log', {}, async ({ sendNotification }) => {
    await sendNotification({ method: 'notifications/message', params: { level: 'warning', logger: 'peer', data: { disk: 'low' } } })
    return text('logged')
  })
}

function offerQuestions(server: McpServer): void {
  server.registerTool('ask', {}, async () => {
    const { action, content } = await server.server.elicitInput({
      message: 'Who are you?',
      requestedSchema: {
        type: 'object',
        properties: { name: { type: 'string' }, age: { type: 'integer', default: 30 } },
        required: ['name'],
      },
    })
    return text(`${action} ${JSON.stringify(content)}`)
  })
  server.registerTool('think', {}, async () => {
    const { content, model } = await server.server.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'Say hi' } }],
      maxTokens: 20,
    })
    return text(`${model}: ${(content as { text: string }).text}`)
  })
  server.registerTool('where', {}, async () => text((await server.server.listRoots()).roots.map(({ uri }) => uri).join(' ')))
}

function offerResources(server: McpServer): void {
  const watched = new Set<string>()
  server.registerResource('today', 'note://today', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, text: 'rain', mimeType: 'text/plain' }],
  }))
  const template = new ResourceTemplate('note://day/{day}', {
    list: undefined,
    complete: { day: value => ['monday', 'tuesday'].filter(day => day.startsWith(value)) },
  })
  server.registerResource('day', template, {}, ({ href }, { day }) => ({ contents: [{ uri: href, text: `it is ${String(day)}` }] }))
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => (watched.add(params.uri), {}))
  server.server.setRequestHandler(
    UnsubscribeRequestSchema,
    ({ params }) => (watched.delete(params.uri), happened.push(`left ${params.uri}`), {}),
  )
  server.registerTool('touch', {}, async () => {
    for (const uri of watched) await server.server.sendResourceUpdated({ uri })
    server.sendToolListChanged()
    return text(`${watched.size} watched`)
  })
}
