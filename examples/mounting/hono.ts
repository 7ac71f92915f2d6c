/** Hono: the Fetch door answers with a Response. The same lines run on Workers, Deno and Bun. */

import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { toFetch } from 'oarlock'
import { greeter } from './greeter.ts'
import { urlOf, type Mounted } from './mounted.ts'

export async function start(): Promise<Mounted> {
  const mcp = toFetch(greeter())
  const app = new Hono()
  app.all('/mcp', context => mcp(context.req.raw))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  return { url: urlOf(server), close: () => (mcp.close(), server.close()) }
}
