/** The calculator over HTTP, until it is stopped with Ctrl+C. */

import { http } from 'oarlock'
import { calculator } from './calculator.ts'

const server = calculator()
const [listener] = await server.listen(http({ port: Number(process.env['PORT'] ?? 3000) }))
console.log(`Serving MCP at ${listener?.address ?? ''}, in every revision. Ctrl+C stops it.`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close({ within: '10s' }).then(() => process.exit(0)))
}
