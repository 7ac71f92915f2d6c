/** Servers for the tests of a file, closed after each test. */
import type { Listener, Service } from '@oarlock/protocol'
import { ws, type WsOptions } from '../src/index.ts'

export class Serving {
  readonly #listeners: Listener[] = []

  /** Listens on a free port. */
  async listen(service: Service, options: WsOptions = {}): Promise<{ readonly port: number; readonly listener: Listener }> {
    const listener = await ws({ port: 0, closeTimeout: 200, ...options }).listen(service)
    this.#listeners.push(listener)
    return { port: Number(new URL(listener.address).port), listener }
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners.splice(0)) await listener.close()
  }
}
