/** Reads answers of HTTP out of bytes, however many there are. */
import type { Answer, Message } from './case.ts'

/** An answer as it came, and where it ends. */
export interface HttpAnswer extends Answer {
  readonly status: number
  /** All of it is there. */
  readonly complete: boolean
  readonly end: number
}

/** The answers in these bytes, in order; the last may be incomplete. `closed` tells that nothing more will come. */
export function httpAnswers(bytes: Buffer, closed: boolean): readonly HttpAnswer[] {
  const found: HttpAnswer[] = []
  for (let at = 0; at < bytes.length;) {
    const answer = answerAt(bytes, at, closed)
    if (answer === undefined) break
    // An interim answer is none.
    if (answer.status >= 200 || answer.status === 101) found.push(answer)
    if (!answer.complete) break
    at = answer.end
  }
  return found
}

function answerAt(bytes: Buffer, from: number, closed: boolean): HttpAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n', from)
  if (end === -1) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', from, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
  if (Number.isNaN(status)) throw new Error(`no answer of HTTP: ${first.slice(0, 200)}`)
  const headers = Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const body = bodyAt(bytes, end + 4, status, headers, closed)
  const text = body.bytes.toString()
  return { status, headers, text, messages: messagesIn(text, headers['content-type']), complete: body.complete, end: body.end }
}

interface Body {
  readonly bytes: Buffer
  readonly complete: boolean
  readonly end: number
}

function bodyAt(bytes: Buffer, start: number, status: number, headers: Readonly<Record<string, string>>, closed: boolean): Body {
  if (status < 200 || status === 204 || status === 304) return { bytes: Buffer.alloc(0), complete: true, end: start }
  if (headers['transfer-encoding'] === 'chunked') return chunksAt(bytes, start)
  const length = headers['content-length']
  const end = length === undefined ? bytes.length : start + Number(length)
  return { bytes: bytes.subarray(start, end), complete: length === undefined ? closed : bytes.length >= end, end }
}

function chunksAt(bytes: Buffer, start: number): Body {
  const pieces: Buffer[] = []
  for (let at = start; ;) {
    const line = bytes.indexOf('\r\n', at)
    const size = line === -1 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, line), 16)
    const next = line + 2 + size + 2
    if (Number.isNaN(size) || bytes.length < next) return { bytes: Buffer.concat(pieces), complete: false, end: bytes.length }
    if (size === 0) return { bytes: Buffer.concat(pieces), complete: true, end: next }
    pieces.push(bytes.subarray(line + 2, line + 2 + size))
    at = next
  }
}

/** The messages in a body: one, some, or one in each event of a stream. */
function messagesIn(text: string, type = ''): readonly Message[] {
  const texts = type.startsWith('text/event-stream') ? Array.from(text.matchAll(/^data: (.+)$/gm), ([, data]) => data as string) : [text]
  return texts.flatMap(parsed)
}

/** What a text says, if it is JSON: a batch is taken apart. */
export function parsed(text: string): readonly Message[] {
  try {
    const value = JSON.parse(text) as Message | readonly Message[]
    return Array.isArray(value) ? (value as readonly Message[]) : [value as Message]
  } catch {
    return []
  }
}
