/** mcp-nest on Nest with Express: `mcp-nest.ts http [sse]`. Its decorators are applied by hand, so that no compiler has to stand in between. */
import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Payload, Ctx } from '@nestjs/microservices'
import {
  McpController,
  McpStrategy,
  Prompt,
  Resource,
  ResourceTemplate,
  StreamableHttpTransport,
  Tool,
  type McpContext,
} from '@rekog/mcp-nest'
import { z } from 'zod'
import { DOCUMENT, DOCUMENT_URI, dayText, MORE, promptText, TEMPLATE } from '../service.ts'
import { five } from './five.ts'

// Its ways: empty classes, arguments of any type.
// oxlint-disable no-extraneous-class no-explicit-any

type Decorate = (target: object, key: string, descriptor: PropertyDescriptor) => void

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })

class Bench {}

/** Adds a decorated method to the class. */
function method(name: string, decorate: unknown, work: (args: any, ctx: McpContext) => unknown): void {
  const value = (args: unknown, ctx: McpContext): unknown => work(args, ctx)
  Object.defineProperty(Bench.prototype, name, { value, writable: true, configurable: true })
  ;(decorate as Decorate)(Bench.prototype, name, Object.getOwnPropertyDescriptor(Bench.prototype, name) as PropertyDescriptor)
  Payload()(Bench.prototype, name, 0)
  Ctx()(Bench.prototype, name, 1)
}

method('echo', Tool({ name: 'echo', description: 'Says what it was told', parameters: z.object({ text: z.string() }) }), args =>
  text(args.text),
)
method(
  'add',
  Tool({
    name: 'add',
    description: 'Adds two numbers',
    parameters: z.object({ a: z.number(), b: z.number() }),
    outputSchema: z.object({ sum: z.number() }),
  }),
  ({ a, b }) => ({ sum: a + b }),
)
method('steps', Tool({ name: 'steps', description: 'Reports progress once', parameters: z.object({}) }), async (_, ctx) => {
  await ctx.reportProgress({ progress: 1, total: 1 })
  await new Promise(resolve => setImmediate(resolve))
  return text('done')
})
for (const { name, description } of MORE) method(name, Tool({ name, description, parameters: five }), () => text('nothing found'))
method('document', Resource({ name: 'document', uri: DOCUMENT_URI, mimeType: 'text/plain' }), () => ({
  contents: [{ uri: DOCUMENT_URI, mimeType: 'text/plain', text: DOCUMENT }],
}))
method('day', ResourceTemplate({ name: 'day', uriTemplate: TEMPLATE, mimeType: 'text/plain' }), ({ uri, day }) => ({
  contents: [{ uri, mimeType: 'text/plain', text: dayText(day) }],
}))
method('review', Prompt({ name: 'review', description: 'Reviews code', parameters: z.object({ code: z.string() }) }), ({ code }) => ({
  messages: [{ role: 'user', content: { type: 'text', text: promptText(code) } }],
}))
McpController()(Bench)

const mcp = new McpStrategy({
  name: 'bench',
  version: '1.0.0',
  transports: [new StreamableHttpTransport({ statefulMode: true, enableJsonResponse: process.argv[3] !== 'sse' })],
})

class App {}
Module({ controllers: [Bench] })(App)

const app = await NestFactory.create(App, { logger: false })
mcp.setHttpAdapter(app.getHttpAdapter())
app.connectMicroservice({ strategy: mcp })
await app.startAllMicroservices()
await app.listen(0, '127.0.0.1')
console.log(new URL(await app.getUrl()).port)
