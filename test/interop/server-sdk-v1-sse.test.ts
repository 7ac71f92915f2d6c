/** The official SDK v1's client against our server over HTTP+SSE, in each of the revisions it speaks. */
// time limit: 180 s
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { http } from '@oarlock/http'
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { guestV1 } from './served/guest-v1.ts'
import { interopServer } from './served/server.ts'
import { tell } from './server-sdk.ts'

for (const revision of SESSION_REVISIONS) {
  const server = interopServer([revision])
  const [listener] = await server.listen(http({ port: 0, sse: true }))
  const transport = () => new SSEClientTransport(new URL('/sse', listener?.address)) as unknown as Parameters<typeof guestV1>[0]
  const test = tell('server, SDK v1, HTTP+SSE', { transport: 'http', revision }, () => guestV1(transport()))
  test.after(() => server.close())
  test.run()
}
