/** Servers for the tests of a file, closed after each test. */
import type { Listener, Service } from '@oarlock/protocol'
import { fakeClock, type FakeClock } from '@oarlock/protocol'
import { ws, type WsOptions } from '../src/index.ts'
import { BareService, type Seen } from './service.ts'
import { opened, type Raw } from './wire.ts'

/** A server without behaviour, and one open connection to it. */
export interface Started {
  readonly raw: Raw
  readonly port: number
  readonly service: BareService
  readonly seen: Seen
  readonly clock: FakeClock
}

export class Serving {
  readonly #listeners: Listener[] = []

  /** Listens on a free port. */
  async listen(service: Service, options: WsOptions = {}): Promise<{ readonly port: number; readonly listener: Listener }> {
    const listener = await ws({ port: 0, closeTimeout: 200, ...options }).listen(service)
    this.#listeners.push(listener)
    return { port: Number(new URL(listener.address).port), listener }
  }

  /** Listens with a clock of its own, and opens a connection. */
  async start(options: WsOptions = {}): Promise<Started> {
    const service = new BareService()
    const clock = fakeClock()
    const { port } = await this.listen(service, { clock, ...options })
    const raw = await opened(port)
    return { raw, port, service, seen: service.connections[0]!, clock }
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners.splice(0)) await listener.close()
  }
}
