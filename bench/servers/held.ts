/**
 * Servers whose memory is looked at, in a process of their own: `held.ts oarlock|floor`. Each says its port, and answers its parent: `gc` and `look` with its
 * health, `change` by telling all streams that the tools changed. The floor writes one ready frame to each open response.
 */
import type { AddressInfo } from 'node:net'
import { http, Server } from 'oarlock'
import { ECHO } from '../service.ts'

/** What a process says of itself. Sizes in bytes, time in microseconds. */
export interface Health {
  readonly heap: number
  readonly rss: number
  readonly cpu: number
}

const change = { oarlock, floor }[process.argv[2] as 'oarlock' | 'floor']()

process.on('message', message => {
  if (message === 'change') return change()
  if (message === 'gc') for (let turn = 0; turn < 4; turn += 1) globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  process.send?.({ heap: heapUsed, rss, cpu: user + system } satisfies Health)
})

function oarlock(): () => void {
  const server = new Server({ name: 'bench', version: '1.0.0', limits: { streams: 10_000, coalesce: 1 } })
  server.tool('echo', { description: ECHO.description, input: ECHO.inputSchema }, args => (args as { text: string }).text)
  void server
    .listen(http({ port: 0, sessions: { max: 20_000 } }))
    .then(([listener]) => process.send?.(Number(new URL(listener?.address ?? '').port)))
  let turn = 0
  return () => {
    turn += 1
    server.tool(`turn_${turn}`, { description: 'Comes and stays' }, () => 'here')
  }
}

function floor(): () => void {
  const { createServer } = process.getBuiltinModule('node:http')
  const open = new Set<import('node:http').ServerResponse>()
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
      response.write(': open\n\n')
      open.add(response)
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  return () => {
    const frame = `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'listen' } } })}\n\n`
    for (const response of open) response.write(frame)
  }
}
