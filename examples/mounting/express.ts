/** Express 5: the door is a handler, with or without a body parser in front of it. */

import { once } from 'node:events'
import express from 'express'
import { toNode } from 'oarlock'
import { greeter } from './greeter.ts'
import { urlOf, type Mounted } from './mounted.ts'

export async function start(): Promise<Mounted> {
  const mcp = toNode(greeter())
  const app = express()
  app.use(express.json())
  app.all('/mcp', mcp)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: urlOf(server), close: () => (mcp.close(), server.close()) }
}
