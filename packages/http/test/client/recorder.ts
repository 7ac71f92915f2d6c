/** The listening side of a connection, for tests: everything that arrives, in order. */
import type { Incoming, Receiver, RequestId } from '@oarlock/protocol'
import { Deferred } from '../service.ts'

export class Recorder implements Receiver {
  readonly received: any[] = []
  readonly ended = new Deferred<unknown>()
  readonly failures = new Map<RequestId, unknown>()
  isClosed = false
  #wake: (() => void)[] = []

  receive(message: Incoming): void {
    this.received.push(message)
    this.#changed()
  }

  failed(id: RequestId, cause: unknown): void {
    this.failures.set(id, cause)
    this.#changed()
  }

  closed(cause?: unknown): void {
    this.isClosed = true
    this.ended.resolve(cause)
    this.#changed()
  }

  /** The first message so far or from now on that fits. */
  async until(fits: (message: any) => boolean): Promise<any> {
    for (;;) {
      const found = this.received.find(fits)
      if (found !== undefined) return found
      if (this.isClosed) throw new Error('The connection closed before')
      await this.#change()
    }
  }

  reply(id: RequestId): Promise<any> {
    return this.until(message => message.kind === 'reply' && message.id === id)
  }

  notice(method: string): Promise<any> {
    return this.until(message => message.kind === 'notice' && message.method === method)
  }

  async failure(id: RequestId): Promise<any> {
    while (!this.failures.has(id)) await this.#change()
    return this.failures.get(id)
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#wake.push(resolve))
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}
