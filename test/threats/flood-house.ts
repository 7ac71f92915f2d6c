/** A server over HTTP in a process of its own, with a tool that sends without waiting for anybody. */
import type { Listener } from '@oarlock/protocol'
import { http, Server } from 'oarlock'

const server = new Server({ name: 'flood', version: '1', log: false })
let flooded = 0
const piece = 'x'.repeat(64 * 1024)
server.tool('flood', {}, async (_, ctx) => {
  for (let sent = 0; sent < 1024; sent++) {
    // Never awaited: whoever writes such a tool must not take the server down with it.
    void ctx.log.emergency(piece)
    void ctx.progress(sent, undefined, piece)
    if (sent % 64 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  flooded += 1
  return 'done'
})
server.tool('flooded', {}, () => String(flooded))
server.tool('small', {}, () => 'x')

const [{ address }] = (await server.listen(http({ port: 0 }))) as [Listener]
process.on('message', message => {
  if (message === 'held') {
    ;(globalThis as { gc?: () => void }).gc?.()
    const { heapUsed, external } = process.memoryUsage()
    process.send?.({ held: heapUsed + external })
  } else void server.close({ within: 0 }).then(() => process.disconnect())
})
process.send?.({ port: Number(new URL(address).port) })
