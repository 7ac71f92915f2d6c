/**
 * The floor: bare `node:http`, bare pipes, bare `ws`, with JSON.parse, a switch and JSON.stringify, and no check of anything. It knows nothing of the protocol
 * but the shapes of these answers.
 */
import { DOCUMENT, DOCUMENT_URI, dayText, promptText, TEMPLATE, TOOLS } from '../service.ts'

// What arrives is trusted here, and only here.
// oxlint-disable no-explicit-any
type Message = { id?: unknown; method: string; params: any }

/** The result of one request. */
function answer({ method, params }: Message): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {}, resources: {}, prompts: {} },
        serverInfo: { name: 'floor', version: '1.0.0' },
      }
    case 'tools/list':
      return { resultType: 'complete', tools: TOOLS, ttlMs: 0, cacheScope: 'private' }
    case 'tools/call':
      return call(params.name, params.arguments)
    case 'resources/read': {
      const text = params.uri === DOCUMENT_URI ? DOCUMENT : dayText(params.uri.slice(TEMPLATE.indexOf('{')))
      return {
        resultType: 'complete',
        contents: [{ uri: params.uri, mimeType: 'text/plain', text }],
        ttlMs: 0,
        cacheScope: 'private',
      }
    }
    case 'prompts/get':
      return {
        resultType: 'complete',
        messages: [{ role: 'user', content: { type: 'text', text: promptText(params.arguments.code) } }],
      }
    default:
      throw new Error(method)
  }
}

function call(name: string, args: any): object {
  switch (name) {
    case 'echo':
      return { resultType: 'complete', content: [{ type: 'text', text: args.text }] }
    case 'add': {
      const structuredContent = { sum: args.a + args.b }
      return { resultType: 'complete', content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
    }
    case 'steps':
      return { resultType: 'complete', content: [{ type: 'text', text: 'done' }] }
    default:
      throw new Error(name)
  }
}

const reply = (message: Message): string => JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answer(message) })

async function http(): Promise<void> {
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString()) as Message
      if (message.id === undefined) {
        response.writeHead(202).end()
        return
      }
      if (message.params?.name === 'steps') {
        const progress = {
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: message.params._meta.progressToken, progress: 1 },
        }
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
        response.write(`event: message\ndata: ${JSON.stringify(progress)}\n\n`)
        setImmediate(() => response.end(`event: message\ndata: ${reply(message)}\n\n`))
        return
      }
      const text = reply(message)
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
      response.end(text)
    })
  })
  server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port))
}

async function ws(): Promise<void> {
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false })
  server.on('connection', socket =>
    socket.on('message', data => {
      const message = JSON.parse((data as Buffer).toString()) as Message
      if (message.id !== undefined) socket.send(reply(message))
    }),
  )
  server.on('listening', () => console.log((server.address() as { port: number }).port))
}

function stdio(): void {
  let rest = ''
  process.stdin.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const message = JSON.parse(line) as Message
      if (message.id !== undefined) process.stdout.write(`${reply(message)}\n`)
    }
  })
}

await { http, ws, stdio }[process.argv[2] as 'http' | 'ws' | 'stdio']()
