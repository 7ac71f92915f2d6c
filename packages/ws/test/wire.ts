/** A client made of bytes: it can send any handshake and any frame, legal or not. */
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Frame {
  readonly opcode: number
  readonly payload: Buffer
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface Shape {
  readonly fin?: boolean
  readonly rsv?: number
  readonly masked?: boolean
  /** Written into the header in place of the real one. */
  readonly length?: number
}

/** The bytes of a frame, as a client sends it unless told otherwise. */
export function frame(opcode: number, payload: string | Uint8Array = '', shape: Shape = {}): Buffer {
  const { fin = true, rsv = 0, masked = true } = shape
  const data = Buffer.from(payload as string)
  const length = shape.length ?? data.length
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + extended)
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) head.writeUInt16BE(length, 2)
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2)
  if (!masked) return Buffer.concat([head, data])
  const mask = randomBytes(4)
  return Buffer.concat([head, mask, data.map((byte, index) => byte ^ (mask[index % 4] as number))])
}

/** The head of an upgrade. A header that is undefined is left out. */
export function upgradeText(headers: Readonly<Record<string, string | undefined>> = {}, path = '/mcp', method = 'GET'): string {
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]))
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** A TCP connection to a server. */
export class Raw {
  readonly socket: Socket
  /** Resolves when the connection is over, however. */
  readonly closed: Promise<void>
  isClosed = false
  #received = Buffer.alloc(0)
  #wake: (() => void)[] = []

  constructor(port: number) {
    this.socket = createConnection(port, '127.0.0.1')
    this.socket.on('error', () => undefined)
    this.socket.on('data', chunk => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#stir()
    })
    this.closed = new Promise(resolve => {
      this.socket.once('close', () => {
        this.isClosed = true
        this.#stir()
        resolve()
      })
    })
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  write(bytes: string | Uint8Array): this {
    this.socket.write(bytes)
    return this
  }

  /** Sends the head of an upgrade and reads the answer to it. */
  async upgrade(headers: Readonly<Record<string, string | undefined>> = {}, path?: string, method?: string): Promise<Answer> {
    this.write(upgradeText(headers, path, method))
    return this.answer()
  }

  /** The next answer of HTTP, with its body if it has a length. */
  async answer(): Promise<Answer> {
    const end = await this.#until(() => {
      const at = this.#received.indexOf('\r\n\r\n')
      return at === -1 ? undefined : at
    })
    const [first = '', ...lines] = this.#received.subarray(0, end).toString().split('\r\n')
    const headers = Object.fromEntries(
      lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const length = Number(headers['content-length'] ?? 0)
    await this.#until(() => (this.#received.length >= end + 4 + length ? true : undefined))
    const body = this.#received.subarray(end + 4, end + 4 + length).toString()
    this.#received = this.#received.subarray(end + 4 + length)
    return { status: Number(first.split(' ')[1]), headers, body }
  }

  /** The next frame. */
  next(): Promise<Frame> {
    return this.#until(() => {
      const bytes = this.#received
      if (bytes.length < 2) return undefined
      const short = (bytes[1] as number) & 0x7f
      const start = short === 126 ? 4 : short === 127 ? 10 : 2
      if (bytes.length < start) return undefined
      const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
      if (bytes.length < start + length) return undefined
      this.#received = bytes.subarray(start + length)
      return { opcode: (bytes[0] as number) & 0x0f, payload: bytes.subarray(start, start + length) }
    })
  }

  /** The next frame, which must be text, parsed. */
  async message(): Promise<{ id?: number; method?: string; result?: Record<string, unknown>; error?: { code: number; message: string } }> {
    const { opcode, payload } = await this.next()
    if (opcode !== OPCODE.text) throw new Error(`not text but ${opcode}: ${payload.toString('latin1')}`)
    return JSON.parse(payload.toString()) as object
  }

  /** The code and reason of the close frame that comes next, which is answered. */
  async goodbye(): Promise<[code: number, reason: string]> {
    const { opcode, payload } = await this.next()
    if (opcode !== OPCODE.close) throw new Error(`not a close frame but ${opcode}: ${payload.toString()}`)
    this.write(frame(OPCODE.close, payload))
    await this.closed
    return payload.length === 0 ? [1005, ''] : [payload.readUInt16BE(0), payload.subarray(2).toString()]
  }

  text(value: unknown): this {
    return this.write(frame(OPCODE.text, typeof value === 'string' ? value : JSON.stringify(value)))
  }

  request(id: number | string, method: string, params: object = {}): this {
    return this.text({ jsonrpc: '2.0', id, method, params })
  }

  /** Stops reading, as a client does that is busy. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  async #until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (this.isClosed) throw new Error(`closed; received before: ${this.#received.toString('latin1').slice(0, 500)}`)
      await new Promise<void>(resolve => this.#wake.push(resolve))
    }
  }
}

/** A connection that is open. */
export async function opened(port: number, headers: Readonly<Record<string, string | undefined>> = {}): Promise<Raw> {
  const raw = new Raw(port)
  await once(raw.socket, 'connect')
  const { status, body } = await raw.upgrade({ 'Sec-WebSocket-Protocol': 'mcp', ...headers })
  if (status !== 101) throw new Error(`${status} ${body}`)
  return raw
}
