/** The official SDK v1's client against our server over HTTP, in each of the revisions it speaks. */
// time limit: 180 s
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { guestV1, httpV1 } from './served/guest-v1.ts'
import { listening } from './served/http.ts'
import { tell } from './server-sdk.ts'

// It always offers its newest revision, so an older one takes a server that speaks no other.
for (const revision of SESSION_REVISIONS) {
  const { server, url } = await listening([revision])
  const test = tell('server, SDK v1', { transport: 'http', revision }, () => guestV1(httpV1(url)))
  test.after(() => server.close())
  test.run()
}
