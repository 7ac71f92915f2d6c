/** The transports a server listens on: started together, ended together. */

import { isBuildingSnapshot, type Listener, type Service, type Transport } from '@oarlock/protocol'

/** The listeners of one server. */
export class Listeners {
  readonly #service: Service
  readonly #listening = new Set<Listener>()
  readonly #deserted: () => void
  #closed = false

  /** @param deserted called when the last listener ended by itself */
  constructor(service: Service, deserted: () => void) {
    this.#service = service
    this.#deserted = deserted
  }

  /** Starts transports. Resolves when all accept; when one cannot start, those that did are closed again. */
  async start(transports: readonly Transport[]): Promise<readonly Listener[]> {
    if (transports.length === 0) throw new TypeError('server.listen needs at least one transport, such as http({ port: 3000 }) or stdio()')
    if (isBuildingSnapshot())
      throw new Error(
        'A snapshot of a server that listens would give its keys and ids to every process that starts from it: call server.listen in the function that v8.startupSnapshot.setDeserializeMainFunction takes',
      )
    const started: Listener[] = []
    try {
      for (const transport of transports) {
        this.#checkOpen()
        if (typeof transport?.listen !== 'function')
          throw new TypeError('server.listen needs transports, such as http({ port: 3000 }) or stdio(): call the function')
        started.push(await transport.listen(this.#service))
      }
      this.#checkOpen()
    } catch (error) {
      for (const listener of started) await this.#end(listener)
      throw error
    }
    for (const listener of started) this.#keep(listener)
    return started
  }

  #checkOpen(): void {
    if (this.#closed) throw new Error('The server is closed')
  }

  #keep(listener: Listener): void {
    this.#listening.add(listener)
    const forget = (): void => {
      this.#listening.delete(listener)
      if (this.#listening.size === 0) this.#deserted()
    }
    listener.ended?.then(forget, forget)
  }

  /** Accepts nothing new. */
  stop(): void {
    this.#closed = true
    for (const listener of this.#listening) listener.stop()
  }

  /** Closes all. */
  async close(): Promise<void> {
    for (const listener of this.#listening) await this.#end(listener)
    this.#listening.clear()
  }

  /** One transport that fails to close does not keep the others open. */
  async #end(listener: Listener): Promise<void> {
    try {
      await listener.close()
    } catch (cause) {
      this.#service.report(cause, listener.address)
    }
  }
}
