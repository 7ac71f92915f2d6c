/** A real HTTP server to be read through a provider, and the provider in a server with a client. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from '@oarlock/kernel'
import { api, type ApiOptions } from '@oarlock/resources/api'

/** An upstream that remembers what it was asked. */
export interface TestUpstream extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** `GET /path?query`, in order. */
  readonly asked: string[]
  readonly requests: IncomingMessage[]
  /** Connections that were made. */
  readonly connections: () => number
}

/** Starts one on loopback. */
export async function upstream(answer: RequestListener): Promise<TestUpstream> {
  const asked: string[] = []
  const requests: IncomingMessage[] = []
  let connections = 0
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    requests.push(request)
    void answer(request, response)
  })
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers everything with what was asked, as JSON. */
export const echo: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ url: request.url }))
}

/** A server that offers an API. */
export function offering(options: Partial<ApiOptions> & Pick<ApiOptions, 'baseUrl' | 'paths'>): Server {
  const server = new Server({ name: 'apis', version: '1.0.0' })
  server.offer(api({ name: 'up', privateNetwork: true, ...options }))
  return server
}
