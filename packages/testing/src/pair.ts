/** A server and a client, connected over a real transport and closed together. */

import { CLIENT_OPTIONS, Client, type ClientOptions } from '@oarlock/client'
import { http } from '@oarlock/http'
import { httpConnector } from '@oarlock/http/client'
import type { Server } from '@oarlock/kernel'
import { checkOptions, memoryConnector, type Connector, type OptionNames } from '@oarlock/protocol'
import { stdio } from '@oarlock/stdio'
import { ws } from '@oarlock/ws'
import { wsConnector } from '@oarlock/ws/client'
import { PassThrough } from 'node:stream'
import { streamConnector } from './streams.ts'

/** Transports that a pair can use: text queues in memory, real HTTP and WebSocket servers on free ports, and the lines of stdio over streams. */
export const TRANSPORTS = ['memory', 'stdio', 'http', 'ws'] as const

/** The name of such a transport. */
export type TransportName = (typeof TRANSPORTS)[number]

/** How a pair is connected. */
export interface PairOptions extends ClientOptions {
  /** `memory` when absent. */
  readonly transport?: TransportName
}

const PAIR_OPTIONS: OptionNames<PairOptions> = { ...CLIENT_OPTIONS, transport: true }

/** A client and its server. Closing it closes both. */
export interface Pair extends AsyncDisposable {
  readonly server: Server
  readonly client: Client
  close(): Promise<void>
}

/** Connects a client to a server. The revision can be pinned with `revision`. */
export async function connected(server: Server, options: PairOptions = {}): Promise<Pair> {
  checkOptions(options, PAIR_OPTIONS, 'connected()')
  const { transport = 'memory', ...ofClient } = options
  const client = await Client.open(await connectorTo(server, transport), ofClient)
  const close = async (): Promise<void> => {
    await client.close()
    await server.close({ within: '5s' })
  }
  return { server, client, close, [Symbol.asyncDispose]: close }
}

/** Lets a server listen on a transport and returns how to connect to it. */
export async function connectorTo(server: Server, transport: TransportName): Promise<Connector> {
  switch (transport) {
    case 'memory':
      return memoryConnector(server)
    case 'http': {
      const [listener] = await server.listen(http({ port: 0 }))
      return httpConnector((listener as NonNullable<typeof listener>).address)
    }
    case 'ws': {
      const [listener] = await server.listen(ws({ port: 0 }))
      return wsConnector((listener as NonNullable<typeof listener>).address)
    }
    case 'stdio': {
      const [input, output] = [new PassThrough(), new PassThrough()]
      await server.listen(stdio({ input, output, signals: false }))
      return streamConnector(output, input)
    }
  }
}
