/** The logs of a shop, and what this server did itself. Over standard input and output, or with PORT over HTTP and WebSocket. */

import { http, Server, stdio, toUpgrade } from 'oarlock'
import { LogBuffer, logs } from '@oarlock/resources/logs'
import { seeded } from './seed.ts'

const folder = process.env['LOGS'] ?? seeded()
const server = new Server({ name: 'ops', version: '1.0.0', instructions: 'Read logs://shop?level=error first.' })

// #region self
/** Which tools were called, by whom, and how it went. */
const calls = new LogBuffer({ maxEntries: 1_000 })
server.on('call.finished', ({ method, name, end, ms, peer }) => {
  if (method !== 'tools/call') return
  const level = end === 'complete' ? 'info' : 'warning'
  calls.push({ time: Date.now(), level, component: peer.info?.name, message: `${name}: ${end}`, fields: { ms: Math.round(ms) } })
})
// #endregion

// #region logs
server.offer(
  logs({
    sources: {
      shop: { path: `${folder}/shop.log`, format: 'json', description: 'Orders and payments' },
      web: { path: `${folder}/access.log`, format: 'combined', description: 'Requests to the shop' },
      calls,
    },
    search: true,
    redact: { names: ['customerNo'], patterns: [{ name: 'voucher', pattern: /\bV-[A-Z0-9]{8,16}\b/ }] },
    debounce: '100ms',
  }),
)
// #endregion

const port = process.env['PORT']
if (port === undefined) await server.listen(stdio())
else {
  const [listener] = await server.listen(http({ port: Number(port), upgrade: toUpgrade(server) }))
  console.log(`The logs are at ${listener?.address}`)
  process.once('SIGTERM', () => void server.close())
}
