/** The official SDK v2's client against our server as its child process, in both of its ways to converse. */
// time limit: 180 s
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { served } from './served/command.ts'
import { guestV2, stdioV2 } from './served/guest-v2.ts'
import { tell } from './server-sdk.ts'

for (const revision of SESSION_REVISIONS)
  tell('server, SDK v2', { transport: 'stdio', revision }, () => guestV2(stdioV2(served()), revision)).run()
tell('server, SDK v2 pinned', { transport: 'stdio', revision: '2026-07-28' }, () => guestV2(stdioV2(served()), '2026-07-28')).run()
tell('server, SDK v2 finding out', { transport: 'stdio', revision: '2026-07-28' }, () => guestV2(stdioV2(served()), 'auto')).run()
