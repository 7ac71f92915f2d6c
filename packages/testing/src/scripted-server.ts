/** A server that does what a test says, right or wrong: for clients that have to put up with it. */

import { LineDecoder, parse, type Connector, type Duration, type Frame, type Receiver, type RequestId } from '@oarlock/protocol'
import type { Readable, Writable } from 'node:stream'
import type { Json, RawMessage } from './raw.ts'
import { Waiting } from './waiting.ts'

/** A message of the client as a script sees it, and the ways to react. Doing nothing is one of them: silence. */
export interface Turn {
  readonly message: RawMessage & { readonly method: string }
  /** How often this method came before. */
  readonly times: number
  /** Answers with a result. */
  result(value: Json): void
  /** Answers with an error. */
  error(code: number, message: string, data?: unknown): void
  /** Sends a message of any shape; `jsonrpc` is added where it has none. */
  send(message: Json): void
  /** Sends text as it is. */
  text(text: string): void
  /** Ends the connection. */
  close(cause?: unknown): void
}

/** What the server does when a method comes. What is returned, unless undefined, is the result. */
export type Reaction = (turn: Turn) => Json | void | Promise<Json | void>

/** Reactions by method; `*` for all that have none. `initialize`, `server/discover` and `ping` are answered well unless they are among them. */
export type Script = Readonly<Record<string, Reaction>>

const INFO = { name: 'scripted', version: '0' }

/** The answers of a server that is in order. */
const WELL: Script = {
  initialize: ({ message }) => ({
    protocolVersion: String(message.params?.['protocolVersion']),
    capabilities: { tools: {}, resources: {}, prompts: {} },
    serverInfo: INFO,
  }),
  'server/discover': ({ message }) => {
    const meta = message.params?.['_meta'] as Json | undefined
    const version = meta?.['io.modelcontextprotocol/protocolVersion']
    return {
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      supportedVersions: [version],
      capabilities: { tools: {}, resources: {}, prompts: {} },
      _meta: { 'io.modelcontextprotocol/serverInfo': INFO },
    }
  },
  ping: () => ({}),
  '*': turn => turn.error(-32601, 'Method not found'),
}

/** The server: a way to connect to it, in memory or over streams, and everything it was sent. */
export class ScriptedServer {
  /** Every message that came, of all connections, in order. */
  readonly received: RawMessage[] = []
  readonly #script: Map<string, Reaction>
  readonly #waiting = new Waiting<RawMessage>()
  readonly #times = new Map<string, number>()
  readonly #open = new Set<(text: string) => void>()

  constructor(script: Script = {}) {
    this.#script = new Map(Object.entries({ ...WELL, ...script }))
  }

  /** Reacts otherwise from now on. */
  on(method: string, reaction: Reaction): void {
    this.#script.set(method, reaction)
  }

  /** Connects clients in this process. Whatever is sent crosses as text. */
  get connector(): Connector {
    return { transport: 'memory', target: 'a scripted server', connect: receiver => this.#connect(receiver) }
  }

  /** Speaks lines over streams, as a child process would: `serve(process.stdin, process.stdout)`. */
  serve(input: Readable, output: Writable): void {
    const lines = new LineDecoder()
    const send = (text: string): void => void output.write(`${text}\n`)
    const take = (line: string): void => this.#take(line, send, () => output.end())
    this.#open.add(send)
    input.on('data', (chunk: Uint8Array) => lines.push(chunk, take))
    input.once('end', () => this.#open.delete(send))
  }

  /** Sends a message to every client, unasked. */
  send(message: Json): void {
    for (const send of this.#open) send(text(message))
  }

  /** The first message that passes, come already or still to come. Rejects after `timeout`. */
  until(test: (message: RawMessage) => boolean, timeout?: Duration): Promise<RawMessage> {
    const found = this.received.find(test)
    return found === undefined ? this.#waiting.next(test, timeout) : Promise.resolve(found)
  }

  #connect(receiver: Receiver): { send(frame: Frame): void; close(): void } {
    let open = true
    const end = (cause?: unknown): void => {
      if (!open) return
      open = false
      this.#open.delete(send)
      receiver.closed(cause)
    }
    // Later, as on any wire: who sends is never answered before its own code has returned.
    const send = (text: string): void => queueMicrotask(() => void (open && receiver.receive(parse(text))))
    this.#open.add(send)
    return { send: frame => queueMicrotask(() => void (open && this.#take(frame.text, send, end))), close: () => end() }
  }

  #take(line: string, send: (text: string) => void, close: (cause?: unknown) => void): void {
    const message = JSON.parse(line) as RawMessage
    this.received.push(message)
    this.#waiting.offer(message)
    const { id, method } = message
    if (method === undefined) return
    const times = this.#times.get(method) ?? 0
    this.#times.set(method, times + 1)
    const reaction = this.#script.get(method) ?? (id === undefined ? undefined : this.#script.get('*'))
    if (reaction === undefined) return
    const turn = turnOf(message as Turn['message'], times, send, close)
    // Asynchronous, so that what a reaction throws is an answer too.
    void (async () => reaction(turn))().then(
      value => {
        if (value !== undefined) turn.result(value)
      },
      (cause: unknown) => turn.error(-32603, cause instanceof Error ? cause.message : String(cause)),
    )
  }
}

function turnOf(message: Turn['message'], times: number, sendText: (text: string) => void, close: (cause?: unknown) => void): Turn {
  const id: RequestId | undefined = message.id
  const send = (each: Json): void => sendText(text(each))
  return {
    message,
    times,
    send,
    text: sendText,
    close,
    result: value => send({ id, result: value }),
    error: (code, text, data) => send({ id, error: { code, message: text, ...(data === undefined ? {} : { data }) } }),
  }
}

function text(message: Json): string {
  return JSON.stringify({ jsonrpc: '2.0', ...message })
}

/** Makes a server of a script. */
export function scriptedServer(script?: Script): ScriptedServer {
  return new ScriptedServer(script)
}
