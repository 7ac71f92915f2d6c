/** Plain `node:http`: the door is a request listener. */

import { createServer } from 'node:http'
import { once } from 'node:events'
import { toNode } from 'oarlock'
import { greeter } from './greeter.ts'
import { urlOf, type Mounted } from './mounted.ts'

export async function start(): Promise<Mounted> {
  const mcp = toNode(greeter())
  const server = createServer((req, res) => (req.url === '/mcp' ? mcp(req, res) : res.writeHead(404).end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: urlOf(server), close: () => (mcp.close(), server.close()) }
}
