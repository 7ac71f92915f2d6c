/** A server written with the official SDK v2, for both of its ways to converse: everything a client may want to do, with answers to assert. */
import {
  acceptedContent,
  completable,
  inputRequired,
  inputResponse,
  McpServer,
  ResourceTemplate,
  type McpRequestContext,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

/** What happened in this process, for tests to ask. */
const happened: string[] = []

const text = (text: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text }] })

/** Tells subscribers. Over HTTP that is the handler's to do; elsewhere the server object does it. */
export interface Tell {
  toolsChanged(): void
  resourceUpdated(uri: string): void
}

/** Makes server objects, as the SDK wants them: one for each connection or request. */
export function sdkV2Server(tell?: () => Tell): (context?: McpRequestContext) => McpServer {
  return context => {
    const server = new McpServer(
      { name: 'sdk-v2', version: '2.0.0' },
      {
        capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
        instructions: 'Ask me anything',
      },
    )
    offerTools(server)
    if (context?.era === 'modern') offerQuestionsInResults(server)
    else offerQuestionsAsRequests(server)
    offerResources(server, context?.era === 'modern' ? tell : undefined)
    offerPrompt(server)
    return server
  }
}

function offerPrompt(server: McpServer): void {
  const language = completable(z.string(), value => ['python', 'pascal', 'typescript'].filter(each => each.startsWith(value)))
  server.registerPrompt(
    'review',
    { description: 'Reviews code', argsSchema: z.object({ code: z.string(), language }) },
    ({ code, language }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `Review this ${language}: ${code}` } }],
    }),
  )
}

function offerTools(server: McpServer): void {
  server.registerTool(
    'add',
    { inputSchema: z.object({ a: z.number(), b: z.number() }), outputSchema: z.object({ sum: z.number() }) },
    ({ a, b }) => ({
      content: [{ type: 'text', text: String(a + b) }],
      structuredContent: { sum: a + b },
    }),
  )
  server.registerTool('greet', { inputSchema: z.object({ name: z.string() }) }, ({ name }) => text(`Hello, ${name}`))
  server.registerTool('fail', {}, () => ({ ...text('the disk is full'), isError: true }))
  server.registerTool('happened', {}, () => text(happened.join(', ')))
  server.registerTool(
    'deploy',
    {
      inputSchema: z.object({
        region: z.string().meta({ 'x-mcp-header': 'Region' }),
        replicas: z.int().optional().meta({ 'x-mcp-header': 'Replicas' }),
      }),
    },
    ({ region, replicas }) => text(`deployed ${replicas ?? 1} to ${region}`),
  )
  server.registerTool('steps', { inputSchema: z.object({ count: z.number() }) }, async ({ count }, { mcpReq }) => {
    for (let progress = 1; progress <= count; progress++) {
      const progressToken = mcpReq._meta?.progressToken
      if (progressToken !== undefined)
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: count, message: `step ${progress}` },
        })
    }
    return text(`${count} steps`)
  })
  server.registerTool('wait', {}, ({ mcpReq: { signal } }) => {
    happened.push('waiting')
    return new Promise(resolve => {
      signal.addEventListener('abort', () => {
        happened.push('cancelled')
        resolve(text('cancelled'))
      })
    })
  })
  server.registerTool('log', {}, async ({ mcpReq }) => {
    await mcpReq.log('warning', { disk: 'low' }, 'peer')
    return text('logged')
  })
}

const WHO = {
  message: 'Who are you?',
  requestedSchema: {
    type: 'object' as const,
    properties: { name: { type: 'string' as const }, age: { type: 'integer' as const, default: 30 } },
    required: ['name'],
  },
}
const THOUGHT = { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Say hi' } }], maxTokens: 20 }

function offerQuestionsAsRequests(server: McpServer): void {
  server.registerTool('ask', {}, async ({ mcpReq }) => {
    const { action, content } = await mcpReq.elicitInput(WHO)
    return text(`${action} ${JSON.stringify(content)}`)
  })
  server.registerTool('think', {}, async ({ mcpReq }) => said(await mcpReq.requestSampling(THOUGHT)))
  server.registerTool('where', {}, async ({ mcpReq }) =>
    text((await mcpReq.send({ method: 'roots/list' })).roots.map(({ uri }) => uri).join(' ')),
  )
}

function offerQuestionsInResults(server: McpServer): void {
  server.registerTool('ask', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'who')
    if (answer.kind !== 'elicit')
      return inputRequired({ inputRequests: { who: inputRequired.elicit(WHO) }, requestState: `state of ${String(mcpReq.id)}` })
    return text(`${answer.action} ${JSON.stringify(acceptedContent(mcpReq.inputResponses, 'who'))}`)
  })
  server.registerTool('think', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'thought')
    return answer.kind === 'sampling'
      ? said(answer.result)
      : inputRequired({ inputRequests: { thought: inputRequired.createMessage(THOUGHT) } })
  })
  server.registerTool('where', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'roots')
    if (answer.kind !== 'roots') return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } })
    return text(answer.roots.map(({ uri }) => uri).join(' '))
  })
}

function said({ model, content }: { model: string; content: unknown }): ReturnType<typeof text> {
  return text(`${model}: ${(content as { text: string }).text}`)
}

function offerResources(server: McpServer, tell: (() => Tell) | undefined): void {
  const watched = new Set<string>()
  server.registerResource('today', 'note://today', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, text: 'rain', mimeType: 'text/plain' }],
  }))
  const template = new ResourceTemplate('note://day/{day}', {
    list: undefined,
    complete: { day: value => ['monday', 'tuesday'].filter(day => day.startsWith(value)) },
  })
  server.registerResource('day', template, {}, ({ href }, { day }) => ({ contents: [{ uri: href, text: `it is ${String(day)}` }] }))
  server.server.setRequestHandler('resources/subscribe', ({ params }) => (watched.add(params.uri), {}))
  server.server.setRequestHandler(
    'resources/unsubscribe',
    ({ params }) => (watched.delete(params.uri), happened.push(`left ${params.uri}`), {}),
  )
  server.registerTool('touch', {}, async (_context: ServerContext) => {
    if (tell === undefined) {
      await server.server.sendResourceUpdated({ uri: 'note://today' })
      await server.server.sendToolListChanged()
    } else {
      tell().resourceUpdated('note://today')
      tell().toolsChanged()
    }
    return text('touched')
  })
}
