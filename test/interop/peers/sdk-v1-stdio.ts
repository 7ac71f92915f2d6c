/** The official SDK v1 as a child process. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { sdkV1Server } from './sdk-v1-server.ts'

await sdkV1Server().connect(new StdioServerTransport())
