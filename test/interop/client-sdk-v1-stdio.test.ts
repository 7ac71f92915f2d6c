/** Our client against the official SDK v1, as a child process, in each of the revisions it speaks. */
import { stdioConnector } from '@oarlock/stdio/client'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import { type Peer, tell, tellPinned } from './client-sdk.ts'

const test = suite('client, SDK v1, stdio')

const file = fileURLToPath(new URL('peers/sdk-v1-stdio.ts', import.meta.url))
const peer: Peer = { connector: () => Promise.resolve(stdioConnector({ command: process.execPath, args: [file], stderr: 'pipe' })) }

tell(test, 'found out', peer, undefined, '2025-11-25')

tellPinned(test, peer)

test.run()
