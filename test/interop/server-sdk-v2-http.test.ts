/** The official SDK v2's client against our server over HTTP, in both of its ways to converse. */
// time limit: 180 s
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { guestV2, httpV2 } from './served/guest-v2.ts'
import { listening } from './served/http.ts'
import { tell } from './server-sdk.ts'

const { server, url } = await listening()

for (const revision of SESSION_REVISIONS)
  tell('server, SDK v2', { transport: 'http', revision }, () => guestV2(httpV2(url), revision)).run()
tell('server, SDK v2 pinned', { transport: 'http', revision: '2026-07-28' }, () => guestV2(httpV2(url), '2026-07-28')).run()
const last = tell('server, SDK v2 finding out', { transport: 'http', revision: '2026-07-28' }, () => guestV2(httpV2(url), 'auto'))
last.after(() => server.close())
last.run()
