/** A server over stdio that knows the weather. */

import { Server, stdio, Type } from 'oarlock'

const server = new Server({ name: 'weather', version: '1.0.0' })
server.tool(
  'now',
  { description: 'Degrees Celsius in a city', input: Type.Object({ city: Type.String() }), annotations: { readOnlyHint: true } },
  ({ city }) => (city === 'Oslo' ? '-4' : '21'),
)
await server.listen(stdio())
