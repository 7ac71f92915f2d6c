/** One connection over a pair of streams, from the first byte to the end of the last answer. */

import type { Readable, Writable } from 'node:stream'
import {
  bareHead,
  encodeFault,
  Fault,
  type BatchMessage,
  type Incoming,
  type Link,
  type Listener,
  type RequestMessage,
  type ServerReceiver,
  type Service,
} from '@oarlock/protocol'
import { LineReader } from '../line-reader.ts'
import { LineWriter } from '../line-writer.ts'
import { finishTimeoutOf, type StdioOptions } from './options.ts'
import { onSignals } from './signals.ts'
import { divertStdout, realWrite } from './stdout-guard.ts'

/** How long the last answers may take to leave. */
const FLUSH_MS = 1_000

/** Serves one client. Ends by itself with the input, a signal, or when the client no longer reads. */
export class StdioListener implements Listener {
  readonly address = 'stdio'
  readonly ended: Promise<void>
  readonly #service: Service
  readonly #options: StdioOptions
  readonly #receiver: ServerReceiver
  readonly #reader: LineReader
  readonly #writer: LineWriter
  readonly #undo: (() => void)[] = []
  #letGo: () => void
  #timer: NodeJS.Timeout | undefined
  /** Input is over, or a signal came, and the rest is being answered. */
  #finishing = false
  #over = false
  #end!: () => void

  constructor(service: Service, input: Readable, options: StdioOptions, released: () => void) {
    this.#service = service
    this.#options = options
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
    const output = options.output ?? process.stdout
    this.#writer = new LineWriter(output === process.stdout ? realWrite() : output.write.bind(output), {
      maxBacklog: options.maxBacklog,
      onDrained: () => this.#drained(),
      onOverflow: limit => this.#broken(new Error(`The client does not read: more than ${limit} characters wait for it`)),
    })
    this.#letGo = takeOutput(output, this.#broken)
    this.#undo.push(released)
    if (options.signals ?? options.input === undefined) this.#undo.push(onSignals(signal => this.#signalled(signal)))
    const link: Link = { send: frame => this.#writer.write(frame.text), close: reason => void this.#finish(reason) }
    const { principal } = options
    this.#receiver = service.connect(link, principal === undefined ? bareHead('stdio') : { ...bareHead('stdio'), principal })
    const limits = { maxBytes: options.maxMessageBytes, limits: options.limits }
    this.#reader = new LineReader(input, { receive: message => this.#receive(message), ended: cause => this.#inputEnded(cause) }, limits)
  }

  /** Nothing to refuse here: there are no further connections, and the service refuses further requests while it closes. */
  stop(): void {}

  /** Writes what was answered, ends the connection and gives standard output back. */
  async close(): Promise<void> {
    await this.#finish()
    this.#letGo()
  }

  #receive(message: Incoming): void {
    if (this.#finishing && (message.kind === 'request' || message.kind === 'batch')) this.#refuse(message)
    else this.#receiver.receive(message)
    if (this.#writer.behind) this.#reader.pause()
  }

  #refuse(message: RequestMessage | BatchMessage): void {
    void this.#writer.write(encodeFault(message.kind === 'request' ? message.id : undefined, new Fault('SHUTTING_DOWN')).text)
  }

  #drained(): void {
    if (this.#over) return
    this.#reader.resume()
    if (this.#finishing) this.#finishIfIdle()
  }

  #inputEnded(cause: unknown): void {
    if (cause !== undefined) return this.#broken(cause)
    this.#reader.stop()
    this.#receiver.drain?.()
    if (this.#finishing) this.#finishIfIdle()
    else this.#wind()
  }

  /** Answers what is under way, within the limit, and refuses what else is asked. */
  #wind(): void {
    this.#finishing = true
    this.#timer = setTimeout(() => void this.#finish(), finishTimeoutOf(this.#options))
    this.#finishIfIdle()
  }

  #finishIfIdle(): void {
    if (this.#receiver.inFlight === 0) void this.#finish()
  }

  async #signalled(signal: NodeJS.Signals): Promise<void> {
    const { signals } = this.#options
    // Who is told to end twice, by the input and then by a signal, is meant to hurry.
    if (this.#finishing) return this.#finish()
    if (typeof signals === 'function') await this.#call(signals, signal)
    else {
      this.#receiver.finish?.()
      this.#wind()
    }
    return this.ended
  }

  async #call(handler: (signal: NodeJS.Signals) => unknown, signal: NodeJS.Signals): Promise<void> {
    try {
      await handler(signal)
    } catch (cause) {
      this.#service.report(cause, `stdio: ${signal}`)
    }
    await this.#finish()
  }

  /** The way to the client is gone, so nothing more can be said. */
  readonly #broken = (cause: unknown): void => {
    this.#writer.abort()
    void this.#finish(cause)
  }

  async #finish(cause?: unknown): Promise<void> {
    if (this.#over) return this.ended
    this.#over = true
    clearTimeout(this.#timer)
    this.#reader.stop()
    const flushed = this.#writer.finish()
    this.#receiver.closed(cause)
    await withTimeout(flushed, FLUSH_MS)
    for (const undo of this.#undo) undo()
    this.#end()
  }
}

/**
 * Listens to what breaks the output; on standard output, keeps everybody else off it. A client that went away breaks standard error as well,
 * and diverted output must not end the process for that. Returns how to let go, which only `close` does: after the end of input the
 * process is on its way out and what it prints then still is none of the client's.
 */
function takeOutput(output: Writable, broken: (cause: unknown) => void): () => void {
  output.on('error', broken)
  if (output !== process.stdout) return () => void output.off('error', broken)
  const restore = divertStdout()
  process.stderr.on('error', ignore)
  return () => {
    restore()
    output.off('error', broken)
    process.stderr.off('error', ignore)
  }
}

function ignore(): void {}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
