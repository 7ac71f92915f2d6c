/** An HTTP client that does exactly what a test tells it, over real sockets. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { SseParser, type ReceivedSseEvent } from '@oarlock/protocol'

export interface Ask {
  readonly method?: string
  readonly path?: string
  /** Where to connect to; `127.0.0.1` when absent. */
  readonly address?: string
  /** Where to connect from. */
  readonly from?: string
  readonly headers?: Record<string, string | undefined>
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: any
}

const BOTH = 'application/json, text/event-stream'

function begin(
  port: number,
  { method = 'POST', path = '/mcp', address = '127.0.0.1', from, headers = {}, body }: Ask,
): Promise<IncomingMessage> {
  const all = { 'content-type': 'application/json', accept: BOTH, host: `127.0.0.1:${port}`, ...headers }
  const sent = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
  return new Promise((resolve, reject) => {
    const req = httpRequest(
      { port, host: address, method, path, headers: sent, agent: false, ...(from === undefined ? {} : { localAddress: from }) },
      resolve,
    )
    req.on('error', reject)
    if (body === undefined) req.end()
    else req.end(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body))
  })
}

/** Sends a request and reads its whole answer. */
export async function ask(port: number, what: Ask): Promise<Answer> {
  const res = await begin(port, what)
  let text = ''
  res.setEncoding('utf8')
  for await (const chunk of res) text += chunk
  return { status: res.statusCode as number, headers: res.headers, text, json: safeJson(text) }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends a request and reads its answer as events while they come. */
export async function stream(port: number, what: Ask): Promise<Events> {
  return new Events(await begin(port, what))
}

export class Events {
  readonly res: IncomingMessage
  raw = ''
  readonly parser: SseParser
  readonly #events: ReceivedSseEvent[] = []
  #wake: (() => void) | undefined
  #over = false
  /** How it ended: in good order or broken. */
  readonly ended: Promise<'end' | 'broken'>

  constructor(res: IncomingMessage) {
    this.res = res
    this.parser = new SseParser(event => this.#events.push(event))
    res.on('data', (chunk: Buffer) => {
      this.raw += chunk.toString()
      this.parser.push(chunk)
      this.#wake?.()
    })
    this.ended = new Promise(resolve => {
      res.on('error', () => {})
      res.on('close', () => {
        this.#over = true
        this.#wake?.()
        resolve(res.complete ? 'end' : 'broken')
      })
    })
  }

  get status(): number {
    return this.res.statusCode as number
  }

  get headers(): IncomingHttpHeaders {
    return this.res.headers
  }

  /** The next event; undefined at the end. */
  async next(): Promise<ReceivedSseEvent | undefined> {
    while (this.#events.length === 0 && !this.#over) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return this.#events.shift()
  }

  /** The message in the next event that has one. */
  async message(): Promise<any> {
    for (let event = await this.next(); event !== undefined; event = await this.next()) if (event.data !== '') return JSON.parse(event.data)
    return undefined
  }

  /** Waits until something was received that the pattern matches. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.raw) && !this.#over) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  leave(): void {
    this.res.destroy()
  }
}

/** A bare socket: what is written is what is sent. */
export class Raw {
  readonly socket: Socket
  received = ''
  #wake: (() => void) | undefined
  readonly closed: Promise<void>

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => {})
    this.socket.on('data', chunk => {
      this.received += chunk.toString('latin1')
      this.#wake?.()
    })
    this.closed = new Promise(resolve =>
      this.socket.on('close', () => {
        this.#wake?.()
        resolve()
      }),
    )
  }

  write(text: string | Uint8Array): this {
    this.socket.write(text)
    return this
  }

  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received)) {
      if (this.socket.destroyed) throw new Error(`The socket closed before ${pattern}: ${this.received}`)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return this.received
  }

  end(): void {
    this.socket.destroy()
  }
}

const M = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': M,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
}

/** A stateless request with everything it needs. */
export function modern(
  method: string,
  params: Record<string, unknown> = {},
  id: string | number = 1,
): { headers: Record<string, string>; body: any } {
  return {
    headers: {
      'mcp-protocol-version': M,
      'mcp-method': method,
      ...(typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}),
    },
    body: { jsonrpc: '2.0', id, method, params: { ...params, _meta: META } },
  }
}

/** A stateless call of one of the test server's tools. */
export function tool(
  name: string,
  args: Record<string, unknown> = {},
  id: string | number = 1,
): { headers: Record<string, string>; body: any } {
  return modern('tools/call', { name, arguments: args }, id)
}

/** The body of a call in a session. */
export function call(name: string, args: Record<string, unknown> = {}, id: string | number = 1): any {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } }
}

export function initialize(revision: string, id: string | number = 0): any {
  return {
    jsonrpc: '2.0',
    id,
    method: 'initialize',
    params: { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  }
}

/** A session opened over the wire. */
export async function openSession(
  port: number,
  revision = '2025-11-25',
  headers: Record<string, string> = {},
): Promise<Record<string, string>> {
  const opened = await ask(port, { headers, body: initialize(revision) })
  const id = opened.headers['mcp-session-id']
  if (opened.status !== 200 || typeof id !== 'string') throw new Error(`initialize was answered ${opened.status} ${opened.text}`)
  const session = { ...headers, 'mcp-session-id': id, 'mcp-protocol-version': revision }
  await ask(port, { headers: session, body: { jsonrpc: '2.0', method: 'notifications/initialized' } })
  return session
}
