/** As much of a WebSocket server as it takes to say anything. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** The answer to an upgrade, with `mcp` selected. */
export function accepted({ headers }: IncomingMessage): string {
  const key = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const lines = [
    'HTTP/1.1 101 x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${key}`,
    'Sec-WebSocket-Protocol: mcp',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A text frame of a server. */
export function toText(text: string): Buffer {
  const data = Buffer.from(text)
  const head = Buffer.alloc(10)
  head[0] = 0x81
  head[1] = 127
  head.writeBigUInt64BE(BigInt(data.length), 2)
  if (data.length >= 65_536) return Buffer.concat([head, data])
  if (data.length < 126) return Buffer.concat([Buffer.of(0x81, data.length), data])
  return Buffer.concat([Buffer.of(0x81, 126, data.length >> 8, data.length & 255), data])
}

/** Reads the text frames of a client, each of them short and whole. */
export function textFrames(socket: Duplex, take: (text: string) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const short = (rest[1] ?? 0) & 127
      const start = short === 126 ? 8 : 6
      if (rest.length < start) return
      const length = short === 126 ? rest.readUInt16BE(2) : short
      if (rest.length < start + length) return
      const mask = rest.subarray(start - 4, start)
      const text = Buffer.from(rest.subarray(start, start + length).map((byte, at) => byte ^ (mask[at % 4] as number)))
      if (((rest[0] ?? 0) & 15) === 1) take(text.toString())
      rest = rest.subarray(start + length)
    }
  })
}
