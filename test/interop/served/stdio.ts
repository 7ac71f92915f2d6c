/** The server as a child process. Arguments are the revisions it speaks. */
import type { Revision } from '@oarlock/protocol'
import { stdio } from '@oarlock/stdio'
import { interopServer } from './server.ts'

const revisions = process.argv.slice(2) as Revision[]
await interopServer(revisions.length === 0 ? undefined : revisions).listen(stdio())
