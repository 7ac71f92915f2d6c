/** Our client against the official SDK v2, as a child process, in both conversations. */
import { stdioConnector } from '@oarlock/stdio/client'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import { type Peer, tell } from './client-sdk.ts'

const test = suite('client, SDK v2, stdio')

const file = fileURLToPath(new URL('peers/sdk-v2-stdio.ts', import.meta.url))
const peer: Peer = { connector: () => Promise.resolve(stdioConnector({ command: process.execPath, args: [file], stderr: 'pipe' })) }

tell(test, 'found out', peer, undefined, '2026-07-28')
tell(test, 'with a session', peer, '2025-11-25', '2025-11-25')

test.run()
