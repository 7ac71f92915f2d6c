/**
 * Streams in the chunked transfer coding (RFC 9112, section 7.1). Node hands a chunk to the system in four pieces, with a copy of each; coded here it is one text, which
 * costs less (docs/decisions/0024).
 */

import type { OutgoingMessage, ServerResponse } from 'node:http'

/** Writes a part of a stream, which must not be empty: that would be its end. Returns false when its reader is behind. */
export function writePart(res: ServerResponse, text: string): boolean {
  if (!isOurs(res)) return res.write(text)
  const length = Buffer.byteLength(text)
  const isAscii = length === text.length
  // The first part takes the head along in its own encoding, and headers of others are Latin-1.
  if (!isAscii && res.getHeaderNames().length > 0) return res.write(text)
  // Only for this call: whoever else writes to the response, or ends it, finds it as Node left it.
  res.chunkedEncoding = false
  const keepsUp = res.write(`${length.toString(16)}\r\n${text}\r\n`, isAscii ? 'latin1' : 'utf8')
  res.chunkedEncoding = true
  return keepsUp
}

/** Whether parts go out as chunks, and nobody stands in between who would take our coding for content: compression puts a `write` of its own there. */
function isOurs(res: ServerResponse): boolean {
  if (!res.chunkedEncoding) return false
  methods ??= methodsOf(process.getBuiltinModule?.('node:http')?.OutgoingMessage)
  return res.write === methods.write && res.end === methods.end
}

type Methods = Partial<Pick<OutgoingMessage, 'write' | 'end'>>

let methods: Methods | undefined

/** What Node has its own messages do when they are first written to. */
interface Internals {
  _implicitHeader(): void
  _storeHeader(firstLine: string, headers: readonly string[]): void
}

/**
 * How messages write and end, where that lets us do the coding. It is tried once, on a message that goes nowhere: other runtimes have `node:http` too, and Node may change.
 * No response is made for it, because Node tells of those.
 */
export function methodsOf(Message: typeof OutgoingMessage | undefined): Methods {
  if (Message === undefined) return {}
  const { write, end } = Message.prototype
  const pieces: string[] = []
  try {
    const { Writable } = process.getBuiltinModule('node:stream')
    const { ServerResponse } = process.getBuiltinModule('node:http')
    const message = new Message() as ServerResponse
    const internals = message as unknown as Internals
    internals._implicitHeader = () => internals._storeHeader('HTTP/1.1 200 OK\r\n', [])
    const socket = new Writable({ decodeStrings: false, write: (piece: unknown, _, done) => done(void pieces.push(String(piece))) })
    ServerResponse.prototype.assignSocket.call(message, socket as never)
    message.flushHeaders()
    message.chunkedEncoding = false
    message.write('4\r\npart\r\n', 'latin1')
    message.chunkedEncoding = true
    message.end()
  } catch {
    return {}
  }
  const [head = '', ...body] = pieces
  return head.includes('\r\nTransfer-Encoding: chunked\r\n') && body.join('') === '4\r\npart\r\n0\r\n\r\n' ? { write, end } : {}
}
