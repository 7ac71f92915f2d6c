/** The server that the chaos is about, and clients of it through a proxy, over HTTP or WebSocket. */
import { Client, type ClientOptions } from '@oarlock/client'
import { http } from '@oarlock/http'
import { httpConnector, type HttpConnectorOptions } from '@oarlock/http/client'
import { Server } from '@oarlock/kernel'
import { systemClock, type Connector, type Incoming, type RequestId } from '@oarlock/protocol'
import { ws } from '@oarlock/ws'
import { wsConnector } from '@oarlock/ws/client'
import { Type } from 'typebox'
import { proxyTo, type Proxy } from '../proxy/proxy.ts'

export type Wire = 'http' | 'ws'

export interface Stage {
  readonly server: Server
  readonly proxy: Proxy
  /** How often `pay` ran, by the order it was given. */
  readonly paid: Map<number, number>
  /** Answers that came to nothing that was asked, or a second time. */
  readonly odd: readonly unknown[]
  client(options?: ClientOptions, connector?: HttpConnectorOptions): Promise<Client>
  close(): Promise<void>
}

export async function stage(wire: Wire = 'http'): Promise<Stage> {
  const server = new Server({ name: 'chaos', version: '1' })
  const paid = new Map<number, number>()
  const number = Type.Object({ n: Type.Number() })
  server.tool('echo', { input: number, annotations: { readOnlyHint: true } }, ({ n }) => `echo ${n} ${'x'.repeat(n % 700)}`)
  server.tool('pay', { input: number }, ({ n }) => {
    paid.set(n, (paid.get(n) ?? 0) + 1)
    return `paid ${n}`
  })
  server.tool('count', { input: number }, async ({ n }, ctx) => {
    for (let i = 0; i < n && !ctx.signal.aborted; i++) {
      ctx.log.info(i)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    return 'counted'
  })
  server.resource('note', { uri: 'note://one' }, () => 'one')
  const [listener] = await server.listen(wire === 'http' ? http({ port: 0 }) : ws({ port: 0, closeTimeout: 200 }))
  const address = new URL((listener as NonNullable<typeof listener>).address)
  const proxy = await proxyTo(Number(address.port))
  const url = `${wire}://127.0.0.1:${proxy.port}${address.pathname}`
  const odd: unknown[] = []
  const connector = (options: HttpConnectorOptions): Connector =>
    // On a socket, silence is noticed by its heartbeat and not by a request.
    wire === 'http'
      ? httpConnector(url, options)
      : wsConnector(url, { heartbeat: 200, closeTimeout: 200, clock: options.clock ?? systemClock })
  return {
    server,
    proxy,
    paid,
    odd,
    client: (options, transport = {}) => Client.open(audited(connector(transport), odd), options),
    async close() {
      await server.close({ within: '1s' })
      await proxy.close()
    },
  }
}

/** The same connector; what it delivers is held against what was asked on each connection. */
function audited(connector: Connector, odd: unknown[]): Connector {
  return {
    ...connector,
    async connect(receiver, signal) {
      const open = new Set<RequestId>()
      const audit = (message: Incoming): void => {
        if (message.kind === 'batch') for (const item of message.items) audit(item)
        else if (message.kind === 'reply' && message.id !== undefined && !open.delete(message.id)) odd.push(message)
      }
      const link = await connector.connect(
        {
          receive(message) {
            audit(message)
            receiver.receive(message)
          },
          failed: (id, cause) => receiver.failed?.(id, cause),
          held: (id, work) => receiver.held?.(id, work),
          closed: cause => receiver.closed(cause),
        },
        signal,
      )
      const { send } = link
      link.send = frame => {
        if (frame.kind === 'request' && frame.id !== undefined) open.add(frame.id)
        return send.call(link, frame)
      }
      return link
    },
  }
}
