/** Fastify 5: hijack the reply and give the door the raw objects, with the body that Fastify has parsed. */

import Fastify from 'fastify'
import { toNode } from 'oarlock'
import { greeter } from './greeter.ts'
import { urlOf, type Mounted } from './mounted.ts'

export async function start(): Promise<Mounted> {
  const mcp = toNode(greeter())
  const app = Fastify()
  app.all('/mcp', (request, reply) => {
    reply.hijack()
    mcp(request.raw, reply.raw, request.body)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { url: urlOf(app.server), close: () => (mcp.close(), app.close()) }
}
