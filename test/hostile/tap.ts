/** A bare socket: what is written is what is sent, and all that comes back is kept. */
import { connect, type Socket } from 'node:net'
import type { Act, Piece } from './case.ts'

export class Tap {
  readonly socket: Socket
  received: Buffer = Buffer.alloc(0)
  isClosed = false
  #wake: (() => void)[] = []

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
      this.#stir()
    })
    // The other side says goodbye: so do we, once all is read.
    this.socket.on('end', () => this.socket.end())
    this.socket.on('close', () => {
      this.isClosed = true
      this.#stir()
    })
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  write(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(bytes)
  }

  /** Does piece by piece what is to be done. A closed socket is told nothing more. */
  async play(pieces: readonly Piece[]): Promise<void> {
    for (const piece of pieces) {
      if (this.isClosed) return
      if (typeof piece === 'string' || piece instanceof Uint8Array) this.write(piece)
      else if ('act' in piece) this.#act(piece)
      else if ('wait' in piece) await new Promise(resolve => setTimeout(resolve, piece.wait))
      else await this.until(() => this.isClosed || piece.until.test(this.received.toString('latin1')))
    }
  }

  #act({ act }: Act): void {
    if (act === 'end') this.socket.end()
    else if (act === 'reset') this.socket.resetAndDestroy()
    else this.socket.pause()
  }

  /** Waits until it holds, looked at whenever something happened. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>(resolve => this.#wake.push(resolve))
  }

  /** Takes away the first bytes, which somebody has read. */
  drop(count: number): void {
    this.received = this.received.subarray(count)
  }

  leave(): void {
    this.socket.destroy()
  }
}
