/** A server on a real port, closed with the test that opened it. */
import type { Listener } from '@oarlock/protocol'
import { http, type HttpOptions, type Server } from 'oarlock'

export interface Served {
  readonly server: Server
  readonly port: number
  readonly url: string
}

const served: Server[] = []

/** Serves over HTTP on a free port. */
export async function serve(server: Server, options: HttpOptions = {}): Promise<Served> {
  served.push(server)
  const [{ address }] = (await server.listen(http({ port: 0, ...options }))) as [Listener]
  return { server, url: address, port: Number(new URL(address).port) }
}

/** Closes all that were served. For `after.each`. */
export async function closeAll(): Promise<void> {
  await Promise.all(served.splice(0).map(server => server.close({ within: 100 })))
}
