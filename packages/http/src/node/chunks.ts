/**
 * Streams in the chunked transfer coding (RFC 9112, section 7.1). Node hands a chunk to the system in four pieces, with a copy of each; coded here it is one text, which
 * takes an eighth off what an event costs (docs/decisions/0024).
 */

import type { IncomingMessage, ServerResponse } from 'node:http'

/** Writes a part of a stream. Returns false when its reader is behind. */
export function writePart(res: ServerResponse, text: string): boolean {
  if (!isOurs(res)) return res.write(text)
  // Only for this call: whoever else writes to the response, or ends it, finds it as Node left it.
  res.chunkedEncoding = false
  const keepsUp = res.write(chunk(text))
  res.chunkedEncoding = true
  return keepsUp
}

/** Ends a stream after its last part, which may be empty. */
export function endParts(res: ServerResponse, text: string): void {
  if (text === '' || !isOurs(res)) {
    res.end(text)
    return
  }
  res.chunkedEncoding = false
  res.end(`${chunk(text)}0\r\n\r\n`)
}

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

/** Whether parts go out as chunks, and nobody stands in between who would take our coding for content: compression puts a `write` of its own there. */
function isOurs(res: ServerResponse): boolean {
  if (!res.chunkedEncoding) return false
  methods ??= methodsOf(process.getBuiltinModule?.('node:http')?.ServerResponse)
  return res.write === methods.write && res.end === methods.end
}

type Methods = Partial<Pick<ServerResponse, 'write' | 'end'>>

let methods: Methods | undefined

/** How a kind of response writes and ends, where it lets us do the coding. It is tried once, on a response that goes nowhere: other runtimes have `node:http` too. */
export function methodsOf(Response: typeof ServerResponse | undefined): Methods {
  if (Response === undefined) return {}
  const written: string[] = []
  try {
    const { Writable } = process.getBuiltinModule('node:stream')
    const socket = new Writable({ decodeStrings: false, write: (text: unknown, _, done) => done(void written.push(String(text))) })
    const res = new Response({ method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 } as IncomingMessage)
    res.assignSocket(socket as never)
    res.writeHead(200)
    res.chunkedEncoding = false
    res.write(chunk('part'))
    res.chunkedEncoding = true
    res.end()
  } catch {
    return {}
  }
  const text = written.join('')
  const works = text.includes('\r\nTransfer-Encoding: chunked\r\n') && text.endsWith('\r\n\r\n4\r\npart\r\n0\r\n\r\n')
  return works ? Response.prototype : {}
}
