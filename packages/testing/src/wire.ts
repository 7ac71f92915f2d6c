/** Bytes to a server and bytes from it, with nothing in between: for what no client would send. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type { Duration } from '@oarlock/protocol'
import type { CommandTarget } from './kit/target.ts'
import { Lines } from './kit/lines.ts'
import { Waiting } from './waiting.ts'

/** The two ends of a connection. */
interface Ends {
  readonly output: Writable
  readonly input: Readable
  readonly over: Promise<unknown>
  close(): void
}

/** A connection to a child's standard streams, or to the port behind an HTTP or WebSocket URL. */
export class Wire implements AsyncDisposable {
  /** Everything that came, as text. */
  received = ''
  /** What a child wrote to its standard error. */
  readonly stderr: Lines
  /** Resolves when the other side ended the connection, or the process ended. */
  readonly ended: Promise<void>
  readonly #ends: Ends
  readonly #waiting = new Waiting<string>()

  constructor(ends: Ends, stderr: Lines) {
    this.#ends = ends
    this.stderr = stderr
    this.ended = ends.over.then(() => undefined)
    ends.input.setEncoding('utf8')
    ends.input.on('data', (text: string) => {
      this.received += text
      this.#waiting.offer(this.received)
    })
    ends.output.on('error', () => undefined)
    ends.input.on('error', () => undefined)
  }

  /** The complete lines that came. */
  get lines(): readonly string[] {
    return this.received.split('\n').slice(0, -1)
  }

  /** Sends bytes, or text as UTF-8, as they are. Resolves when they left. */
  send(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => void this.#ends.output.write(bytes, cause => (cause ? reject(cause) : resolve())))
  }

  /** Sends a value as JSON on a line of its own. */
  sendLine(value: unknown): Promise<void> {
    return this.send(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
  }

  /** Says that nothing more will be sent. */
  end(): void {
    this.#ends.output.end()
  }

  /** What came, once it has the text or matches. Rejects after `timeout` and says what came instead. */
  async until(match: string | RegExp, timeout?: Duration): Promise<string> {
    const fits = (text: string): boolean => (typeof match === 'string' ? text.includes(match) : match.test(text))
    if (fits(this.received)) return this.received
    try {
      return await this.#waiting.next(fits, timeout, `text like ${String(match)}`)
    } catch (cause) {
      throw new Error(`${(cause as Error).message}. What came:\n${this.received || '(nothing)'}`, { cause })
    }
  }

  /** Ends the connection, and a child with it. */
  async close(): Promise<void> {
    this.#ends.close()
    await this.ended
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Opens a wire to a command, which is started, or to the host and port of a URL. */
export async function openWire(target: CommandTarget | string | URL): Promise<Wire> {
  const stderr = new Lines()
  const ends = typeof target === 'string' || target instanceof URL ? await socketEnds(new URL(target)) : await childEnds(target, stderr)
  return new Wire(ends, stderr)
}

async function socketEnds(url: URL): Promise<Ends> {
  const port = Number(url.port || (url.protocol === 'http:' || url.protocol === 'ws:' ? 80 : 443))
  const socket = connect(port, url.hostname.replace(/^\[(.*)\]$/, '$1'))
  await once(socket, 'connect')
  return {
    output: socket,
    input: socket,
    over: new Promise(resolve => void socket.once('close', resolve)),
    close: () => void socket.destroy(),
  }
}

async function childEnds({ command, args = [], env, cwd }: CommandTarget, stderr: Lines): Promise<Ends> {
  const child = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) })
  await once(child, 'spawn')
  let rest = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) stderr.add(line)
  })
  const over = new Promise(resolve => void child.once('close', resolve))
  return { output: child.stdin, input: child.stdout, over, close: () => void child.kill('SIGKILL') }
}
