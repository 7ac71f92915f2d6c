/** The server that the chaos is about, and clients of it through a proxy. */
import { Client, type ClientOptions } from '@oarlock/client'
import { http } from '@oarlock/http'
import { httpConnector, type HttpConnectorOptions } from '@oarlock/http/client'
import { Server } from '@oarlock/kernel'
import { Type } from 'typebox'
import { proxyTo, type Proxy } from './proxy.ts'

export interface Stage {
  readonly server: Server
  readonly proxy: Proxy
  /** How often `pay` ran, by the order it was given. */
  readonly paid: Map<number, number>
  client(options?: ClientOptions, connector?: HttpConnectorOptions): Promise<Client>
  close(): Promise<void>
}

export async function stage(): Promise<Stage> {
  const server = new Server({ name: 'chaos', version: '1' })
  const paid = new Map<number, number>()
  const number = Type.Object({ n: Type.Number() })
  server.tool('echo', { input: number, annotations: { readOnlyHint: true } }, ({ n }) => `echo ${n} ${'x'.repeat(n % 700)}`)
  server.tool('pay', { input: number }, ({ n }) => {
    paid.set(n, (paid.get(n) ?? 0) + 1)
    return `paid ${n}`
  })
  server.tool('count', { input: number }, async ({ n }, ctx) => {
    for (let i = 0; i < n; i++) {
      ctx.log.info(i)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    return 'counted'
  })
  server.resource('note', { uri: 'note://one' }, () => 'one')
  const [listener] = await server.listen(http({ port: 0 }))
  const address = new URL((listener as NonNullable<typeof listener>).address)
  const proxy = await proxyTo(Number(address.port))
  const url = `http://127.0.0.1:${proxy.port}${address.pathname}`
  return {
    server,
    proxy,
    paid,
    client: (options, connector) => Client.open(httpConnector(url, connector), options),
    async close() {
      await server.close({ within: '1s' })
      await proxy.close()
    },
  }
}
