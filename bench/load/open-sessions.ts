/** Opens sessions of 2025-11-25 and leaves them: `open-sessions.ts PORT COUNT`. */
import { INITIALIZE, INITIALIZED } from '../scenarios.ts'
import { Connection } from './http.ts'

const [port = 0, count = 0] = process.argv.slice(2).map(Number)
const connections = await Promise.all(Array.from({ length: 8 }, () => Connection.open(port)))
let opened = 0
await Promise.all(
  connections.map(async connection => {
    while (opened < count) {
      opened += 1
      const { head } = await connection.post(INITIALIZE, '')
      const [, session = ''] = /\r\nmcp-session-id: *([^\r]+)/.exec(head) ?? []
      await connection.post(INITIALIZED, `MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${session}\r\n`)
    }
    connection.close()
  }),
)
