/** The server of the WebSocket benchmark, in a process of its own: says its port, and on request how it is. */
import { Server } from '@oarlock/kernel'
import { ws } from '@oarlock/ws'
import { Type } from 'typebox'

/** What it says of itself. Sizes in MiB, times in milliseconds. */
export interface Health {
  readonly rss: number
  readonly peak: number
  readonly heap: number
  readonly cpuMs: number
}

const server = new Server({ name: 'bench', version: '1.0.0' })
server.tool(
  'add',
  { description: 'Adds two numbers', input: Type.Object({ a: Type.Number(), b: Type.Number() }) },
  ({ a, b }) => `${a + b}`,
)

const [listener] = await server.listen(ws({ port: 0 }))

let peak = 0
const look = (): number => {
  const { rss } = process.memoryUsage()
  peak = Math.max(peak, rss)
  return rss
}
setInterval(look, 50).unref()

const mib = (bytes: number): number => Math.round(bytes / 1024 / 102.4) / 10

process.on('message', message => {
  if (message === 'end') return void server.close({ within: '2s' }).then(() => process.exit())
  if (message === 'gc') globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  process.send?.({
    rss: mib(look()),
    peak: mib(peak),
    heap: mib(process.memoryUsage().heapUsed),
    cpuMs: (user + system) / 1000,
  } satisfies Health)
})
process.send?.(listener?.address)
