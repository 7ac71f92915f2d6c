/** A server written with FastMCP: `server.mjs stdio`, `http`, `stateless` (HTTP without sessions) or `keyed` (HTTP with an API key). */
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { FastMCP, imageContent, UserError } from 'fastmcp'
import { z } from 'zod'

const [, , mode = 'stdio'] = process.argv

/** What happened in this process, for tests to ask. */
const happened = []

const server = new FastMCP({
  name: 'fastmcp',
  version: '4.0.0',
  instructions: 'Ask me anything',
  // Standard output belongs to the protocol; what FastMCP logs is of no interest.
  logger: Object.fromEntries(['debug', 'error', 'info', 'log', 'warn'].map(level => [level, () => {}])),
  ping: { enabled: true, intervalMs: 50 },
  ...(mode === 'keyed' ? { authenticate } : {}),
})

function authenticate({ headers }) {
  if (headers['x-api-key'] !== 'ada-s-key') throw new Response(null, { status: 401, statusText: 'Unauthorized' })
  return { id: 'ada' }
}

/** The session that a tool runs in. FastMCP knows it only a while after its handshake. */
async function sessionOf({ sessionId }) {
  for (;;) {
    const found = server.sessions.find(session => session.sessionId === sessionId)
    if (found !== undefined) return found
    await once(server, 'connect')
  }
}

server.addTool({
  name: 'add',
  description: 'Adds',
  parameters: z.object({ a: z.number(), b: z.number() }),
  outputSchema: z.object({ sum: z.number() }),
  annotations: { readOnlyHint: true, title: 'Addition' },
  execute: async ({ a, b }) => ({ sum: a + b }),
})
server.addTool({ name: 'greet', parameters: z.object({ name: z.string() }), execute: async ({ name }) => `Hello, ${name}` })
server.addTool({ name: 'whoami', execute: async (_, { session }) => session?.id ?? 'nobody' })
server.addTool({ name: 'session', execute: async (_, { sessionId }) => sessionId ?? 'none' })
server.addTool({ name: 'happened', execute: async () => happened.join(', ') })
server.addTool({
  name: 'fail',
  execute: async () => {
    throw new UserError('the disk is full')
  },
})
server.addTool({ name: 'slow', timeoutMs: 20, execute: () => new Promise(() => {}) })
server.addTool({
  name: 'picture',
  execute: async () => ({
    content: [{ type: 'text', text: 'a dot' }, await imageContent({ buffer: Buffer.from('iVBORw0KGgo=', 'base64') })],
  }),
})
server.addTool({
  name: 'steps',
  parameters: z.object({ count: z.number() }),
  execute: async ({ count }, { reportProgress }) => {
    for (let progress = 1; progress <= count; progress++) await reportProgress({ progress, total: count, message: `step ${progress}` })
    return `${count} steps`
  },
})
server.addTool({
  name: 'tell',
  parameters: z.object({ words: z.array(z.string()) }),
  annotations: { streamingHint: true },
  execute: async ({ words }, { streamContent }) => {
    for (const text of words) await streamContent({ type: 'text', text })
    return words.join(' ')
  },
})
server.addTool({
  name: 'wait',
  execute: (_, { signal }) => {
    happened.push('waiting')
    return new Promise(resolve => {
      signal.addEventListener('abort', () => {
        happened.push('cancelled')
        resolve('cancelled')
      })
    })
  },
})
server.addTool({
  name: 'log',
  execute: async (_, { log }) => {
    log.debug('not this')
    log.warn('low on disk', { left: 3 })
    return 'logged'
  },
})
server.addTool({
  name: 'ask',
  execute: async (_, { elicit }) => {
    const { action, content } = await elicit({
      message: 'Who are you?',
      requestedSchema: {
        type: 'object',
        properties: { name: { type: 'string' }, age: { type: 'integer', default: 30 } },
        required: ['name'],
      },
    })
    return `${action} ${JSON.stringify(content)}`
  },
})
server.addTool({
  name: 'think',
  execute: async (_, context) => {
    const { model, content } = await (
      await sessionOf(context)
    ).requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: 'Say hi' } }],
      maxTokens: 20,
    })
    return `${model}: ${content.text}`
  },
})
server.addTool({
  name: 'where',
  execute: async (_, context) => {
    const session = await sessionOf(context)
    // It asks for them a while after the handshake, or when they change, and does not say when it has them.
    while (session.roots.length === 0) await setTimeout(10)
    return session.roots.map(({ uri }) => uri).join(' ')
  },
})
server.addTool({
  name: 'touch',
  execute: async (_, context) => {
    await sessionOf(context)
    await server.sendResourceUpdated('note://today')
    server.addTool({ name: `grown-${happened.push('grown')}`, execute: async () => 'grown' })
    return 'touched'
  },
})
server.addTool({
  name: 'publish',
  parameters: z.object({ name: z.string() }),
  execute: async ({ name }, context) => {
    await sessionOf(context)
    server.addResource({ uri: `note://${name}`, name, mimeType: 'text/plain', load: async () => ({ text: name }) })
    server.addPrompt({ name, load: async () => name })
    return 'published'
  },
})
server.addResource({ uri: 'note://today', name: 'today', mimeType: 'text/plain', load: async () => ({ text: 'rain' }) })
server.addResource({
  uri: 'note://folder',
  name: 'folder',
  mimeType: 'text/plain',
  load: async () => [
    { uri: 'note://folder/1', text: 'one' },
    { uri: 'note://folder/2', blob: Buffer.from('two').toString('base64'), mimeType: 'application/octet-stream' },
  ],
})
server.addResourceTemplate({
  uriTemplate: 'note://day/{day}',
  name: 'day',
  mimeType: 'text/plain',
  arguments: [
    {
      name: 'day',
      required: true,
      complete: async value => ({ values: ['monday', 'tuesday'].filter(day => day.startsWith(value)) }),
    },
  ],
  load: async ({ day }) => ({ text: `it is ${day}` }),
})
server.addPrompt({
  name: 'review',
  description: 'Reviews code',
  arguments: [
    { name: 'code', required: true },
    {
      name: 'language',
      required: true,
      complete: async value => ({ values: ['python', 'pascal', 'typescript'].filter(each => each.startsWith(value)) }),
    },
    { name: 'tone', enum: ['kind', 'keen', 'blunt'] },
  ],
  load: async ({ code, language }) => `Review this ${language}: ${code}`,
})

// Where it listens is decided for it: see ../peers/loopback.mjs.
await server.start(
  mode === 'stdio'
    ? { transportType: 'stdio' }
    : { transportType: 'httpStream', httpStream: { port: 1, host: '127.0.0.1', stateless: mode === 'stateless' } },
)
