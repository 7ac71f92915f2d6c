/** A server over stdio, for the test that starts one. */

import { Server, stdio } from 'oarlock'

const server = new Server({ name: 'greeter', version: '1.0.0' })
server.tool('greet', { description: 'Greets' }, () => 'Hello')
await server.listen(stdio())
