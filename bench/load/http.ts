/** HTTP/1.1 over raw sockets: writes requests, reads answers with a length or in chunks, JSON or event stream. */
import { connect, type Socket } from 'node:net'

/** An answer, whole. */
export interface Answer {
  readonly status: number
  /** Lower case, as they came. */
  readonly head: string
  readonly body: string
}

/** One connection that is kept alive; one request at a time. Text is latin1: what is asked here is ASCII. */
export class Connection {
  #socket: Socket
  readonly #port: number
  #pieces: Buffer[] = []
  #size = 0
  #need = 0
  #taken: ((answer: Answer) => void) | undefined
  #failed: ((cause: Error) => void) | undefined

  private constructor(socket: Socket, port: number) {
    this.#socket = socket
    this.#port = port
    this.#listen(socket)
  }

  static async open(port: number): Promise<Connection> {
    return new Connection(await connected(port), port)
  }

  #listen(socket: Socket): void {
    socket.setNoDelay(true)
    socket.on('data', piece => this.#read(piece))
    socket.on('error', cause => this.#failed?.(cause))
    socket.on('close', () => this.#failed?.(new Error('The server closed the connection')))
  }

  /** Posts a message. `headers` end with a line break, or are empty. */
  async post(body: string, headers: string): Promise<Answer> {
    // Servers close what lay idle while others were getting ready.
    if (this.#socket.readyState !== 'open') {
      this.#socket = await connected(this.#port)
      this.#listen(this.#socket)
    }
    return this.#post(body, headers)
  }

  #post(body: string, headers: string): Promise<Answer> {
    const length = Buffer.byteLength(body)
    return new Promise((taken, failed) => {
      this.#taken = taken
      this.#failed = failed
      this.#socket.write(
        `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n${headers}Content-Length: ${length}\r\n\r\n${body}`,
      )
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  #read(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#size += piece.length
    if (this.#size < this.#need) return
    const all = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    const answer = parse(all)
    if (typeof answer === 'number') {
      this.#pieces = [all]
      this.#need = answer
      return
    }
    this.#pieces = []
    this.#size = 0
    this.#need = 0
    const taken = this.#taken
    this.#taken = undefined
    this.#failed = undefined
    taken?.(answer)
  }
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

/** The answer, or how many bytes there have to be before it is worth looking again. */
function parse(all: Buffer): Answer | number {
  const end = all.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const head = all.toString('latin1', 0, end).toLowerCase()
  const status = Number(head.slice(9, 12))
  const [, length] = /\r\ncontent-length: *(\d+)/.exec(head) ?? []
  if (length !== undefined) {
    const until = end + 4 + Number(length)
    return all.length < until ? until : { status, head, body: all.toString('latin1', end + 4, until) }
  }
  if (!head.includes('\r\ntransfer-encoding: chunked')) return { status, head, body: '' }
  // The last chunk ends the answer; it is looked for at the end alone, since one answer is under way at a time.
  if (all.toString('latin1', Math.max(end + 4, all.length - 5)) !== '0\r\n\r\n') return 0
  let body = ''
  for (let at = end + 4; ;) {
    const line = all.indexOf('\r\n', at)
    const size = Number.parseInt(all.toString('latin1', at, line), 16)
    if (size === 0) return { status, head, body }
    body += all.toString('latin1', line + 2, line + 2 + size)
    at = line + 4 + size
  }
}

/** The message that answers in a body: all of it, or the last event of a stream. */
export function messageOf({ head, body }: Answer): unknown {
  if (!head.includes('text/event-stream')) return JSON.parse(body)
  const events = body.split(/\r?\n\r?\n/).flatMap(event => {
    const data = event.split(/\r?\n/).flatMap(line => (line.startsWith('data:') ? [line.slice(5)] : []))
    return data.join('').trim() === '' ? [] : [data.join('\n')]
  })
  return JSON.parse(events.at(-1) ?? 'null')
}
