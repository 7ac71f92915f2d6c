/** The server that every framework here mounts. */

import { Server, tool, Type } from 'oarlock'

class Greeter {
  greet = tool({ description: 'Greets somebody', input: Type.Object({ name: Type.String() }) }, ({ name }) => `Hello, ${name}!`)
}

/** A new greeter. */
export function greeter(): Server {
  const server = new Server({ name: 'greeter', version: '1.0.0' })
  server.offer(new Greeter())
  return server
}
