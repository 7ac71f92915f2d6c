/** The yard: a server process under load, over any transport, and as little of a client as can put it there. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Client } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { stdioConnector } from '@oarlock/stdio/client'
import { wsConnector } from '@oarlock/ws/client'
import { run } from '../chaos/fixture.ts'
import type { Held } from './fixtures/yard.ts'

export const YARD = fileURLToPath(new URL('fixtures/yard.ts', import.meta.url))

export type Wire = 'http' | 'ws' | 'stdio'
export type Revision = '2025-11-25' | '2026-07-28'

export const WIRES: readonly Wire[] = ['http', 'ws', 'stdio']
export const REVISIONS: readonly Revision[] = ['2025-11-25', '2026-07-28']

/** A client of a yard: over stdio of one of its own, which ends with it. */
export function clientOf(yard: Yard | undefined, wire: Wire, revision: Revision): Promise<Client> {
  const options = { revision, heal: false } as const
  if (wire === 'stdio') return Client.open(stdioConnector({ command: process.execPath, args: [...run, YARD, 'stdio'] }), options)
  const url = `http://127.0.0.1:${yard?.port}/mcp`
  return Client.open(wire === 'http' ? httpConnector(url) : wsConnector(url.replace('http', 'ws')), options)
}

export class Yard {
  readonly child: ChildProcess
  readonly port: number

  private constructor(child: ChildProcess, port: number) {
    this.child = child
    this.port = port
  }

  /** @param words `stdio` for one whose standard streams are for whoever opens it, and that has no port */
  static async open(words: readonly string[] = [], node: readonly string[] = []): Promise<Yard> {
    const execArgv = ['--expose-gc', ...node, ...run]
    if (words.includes('stdio')) return new Yard(fork(YARD, words, { execArgv, stdio: ['pipe', 'pipe', 'inherit', 'ipc'] }), 0)
    const child = fork(YARD, words, { execArgv })
    const [port] = (await once(child, 'message')) as [number]
    return new Yard(child, port)
  }

  /** What it holds; after its clock moved on, if it has one. */
  async held(ms?: number): Promise<Held> {
    this.child.send(ms ?? 'held')
    return ((await once(this.child, 'message')) as [Held])[0]
  }

  /** Open descriptors. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.child.pid}/fd`).length
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.stdin?.end()
    this.child.disconnect()
    const [code] = (await ended) as [number | null]
    if (code !== 0) throw new Error(`The yard ended with ${code}`)
  }
}

/** What a process says on its standard output. */
export interface Reply {
  readonly id?: unknown
  readonly method?: string
  readonly result?: object
  readonly error?: { readonly code: number }
}

export const textOf = ({ result }: { readonly result?: unknown }): string => (result as { content: [{ text: string }] }).content[0].text

/** Reads what a process says, line by line. */
export function replies({ stdout }: ChildProcess): () => Promise<Reply> {
  let rest = ''
  let lines: string[] = []
  let read = 0
  let wake = (): void => {}
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines = lines.slice(read).concat(parts)
    read = 0
    wake()
  })
  return async () => {
    while (read === lines.length) await new Promise<void>(resolve => (wake = resolve))
    return JSON.parse(lines[read++] as string) as Reply
  }
}

/** Bodies and heads of one conversation. */
export type Words = (
  id: number,
  tool: string,
  args?: object,
) => { readonly headers: Readonly<Record<string, string>>; readonly body: object }

export function requestText({ headers, body }: ReturnType<Words>): string {
  const text = JSON.stringify(body)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
}

/** One kept connection on which requests are asked a window at a time, and each answer is looked at. */
export class Lane {
  readonly socket: Socket
  #rest = ''
  #wake = (): void => {}
  #over = false

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1')
    this.socket.on('data', (text: string) => {
      this.#rest += text
      this.#wake()
    })
    this.socket
      .on('error', () => {})
      .on('close', () => {
        this.#over = true
        this.#wake()
      })
  }

  /** Asks for `count` echoes from id `first` on. Throws for any answer that is not the one. */
  async echoes(words: Words, first: number, count: number): Promise<void> {
    for (let from = first; from < first + count; from += 50) {
      const ids = Array.from({ length: Math.min(50, first + count - from) }, (_, at) => from + at)
      this.socket.write(ids.map(id => requestText(words(id, 'echo', { text: `echo ${id}` }))).join(''))
      for (const id of ids) await this.#expect(id)
    }
  }

  async #expect(id: number): Promise<void> {
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(this.#rest.slice(0, head))?.[1])
      if (head !== -1 && this.#rest.length >= head + 4 + length) {
        const text = this.#rest.slice(head + 4, head + 4 + length)
        this.#rest = this.#rest.slice(head + 4 + length)
        const answer = JSON.parse(text) as { id: number; result?: { content: { text: string }[] } }
        if (answer.id !== id || answer.result?.content[0]?.text !== `echo ${id}`) throw new Error(`for ${id}: ${text}`)
        return
      }
      if (this.#over) throw new Error(`closed before ${id}: ${this.#rest}`)
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }

  end(): Promise<void> {
    return new Promise(resolve => {
      if (this.#over) return resolve()
      this.socket.once('close', () => resolve()).resetAndDestroy()
    })
  }
}
