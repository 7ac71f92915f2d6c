/** The official SDK v1's client against our server as its child process, in each of the revisions it speaks. */
// time limit: 180 s
import { SESSION_REVISIONS } from '@oarlock/protocol'
import { guestV1, stdioV1 } from './served/guest-v1.ts'
import { served } from './served/command.ts'
import { tell } from './server-sdk.ts'

// It always offers its newest revision, so an older one takes a server that speaks no other.
for (const revision of SESSION_REVISIONS)
  tell('server, SDK v1', { transport: 'stdio', revision }, () => guestV1(stdioV1(served(revision)))).run()
