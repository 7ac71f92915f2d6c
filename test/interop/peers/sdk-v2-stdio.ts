/** The official SDK v2 as a child process. */
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { sdkV2Server } from './sdk-v2-server.ts'

serveStdio(sdkV2Server())
