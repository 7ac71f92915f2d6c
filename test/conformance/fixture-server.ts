/** The fixture server as a child process, on a port of its own, and proof that it is alive. */

import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Word } from './witness.ts'

const START_MS = 60_000
const ANSWER_MS = 10_000
const REVISION = '2026-07-28'
const DISCOVER = {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': REVISION,
    'Mcp-Method': 'server/discover',
  },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'server/discover',
    params: { _meta: { 'io.modelcontextprotocol/protocolVersion': REVISION, 'io.modelcontextprotocol/clientCapabilities': {} } },
  }),
}

/** A server that runs until it is stopped, or until the process that started it ends. */
export class FixtureServer {
  readonly address: string
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess
  readonly #errors: Tail

  private constructor(child: ChildProcess, address: string, ended: Promise<string>, errors: Tail) {
    this.#child = child
    this.address = address
    this.ended = ended
    this.#errors = errors
  }

  /** What it reported on its error stream since this was last asked; the newest of it if that is much. */
  takeErrors(): string {
    return this.#errors.take()
  }

  /** Starts the fixtures, with the options that this process was started with, and waits until they answer. */
  static async start(): Promise<FixtureServer> {
    const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const errors = new Tail()
    child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.add(text))
    const ended = new Promise<string>(resolve => {
      child.once('exit', (code, signal) => resolve(`the server ended with ${signal ?? `code ${code}`}`))
    })
    try {
      const { address } = await heard(child, START_MS, ended)
      const server = new FixtureServer(child, address ?? '', ended, errors)
      const silence = await server.silence()
      if (silence !== undefined) throw new Error(silence)
      return server
    } catch (cause) {
      child.kill('SIGKILL')
      throw new Error(`The fixtures do not start: ${(cause as Error).message}\n${errors.take()}`, { cause })
    }
  }

  /** Why the server does not answer `server/discover` as it should; undefined when it does. */
  async silence(): Promise<string | undefined> {
    try {
      const response = await fetch(this.address, { ...DISCOVER, signal: AbortSignal.timeout(ANSWER_MS) })
      const text = await response.text()
      if (response.status === 200 && text.includes(`"${REVISION}"`)) return undefined
      return `the server answered server/discover with ${response.status} ${text.slice(0, 500)}`
    } catch (cause) {
      return `the server does not answer: ${String((cause as Error).cause ?? cause)}`
    }
  }

  /** HTTP requests it has seen so far; undefined when it no longer tells. */
  async requests(): Promise<number | undefined> {
    if (!this.#child.connected) return undefined
    const answer = heard(this.#child, ANSWER_MS, this.ended)
    this.#child.send('requests', () => {})
    return (await answer.catch(() => undefined))?.requests
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    this.#child.kill()
    await this.ended
  }
}

const MOST_ERRORS = 8000

/** The end of a text that may grow long. */
class Tail {
  #text = ''

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MOST_ERRORS)
  }

  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}

async function heard(child: ChildProcess, ms: number, ended: Promise<string>): Promise<Word> {
  const word = Promise.withResolvers<Word>()
  const late = setTimeout(() => word.reject(new Error(`the server said nothing for ${ms / 1000} s`)), ms)
  child.once('message', message => word.resolve(message as Word))
  void ended.then(how => word.reject(new Error(how)))
  try {
    return await word.promise
  } finally {
    clearTimeout(late)
  }
}
