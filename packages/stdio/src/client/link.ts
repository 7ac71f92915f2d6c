/** A connection to a child process: from its start to the end of its last descendant. */

import { ConnectionClosed, excerpt, Fault, type Frame, type Incoming, LineDecoder, type Link, type Receiver } from '@oarlock/protocol'
import { LineReader } from '../line-reader.ts'
import { LineWriter } from '../line-writer.ts'
import { signalGroup, signalRest } from './group.ts'
import { LastWords } from './last-words.ts'
import { killAfterOf, type StdioConnectorOptions } from './options.ts'
import { ProcessEnded } from './process-ended.ts'
import type { Child } from './start.ts'

/** How long output that the process left behind is waited for: a descendant may hold the pipe open for ever. */
const REST_MS = 250

const MAX_STDERR_LINE = 64 * 1024

/** The client's end. Reads and writes the process, and ends it in steps: input closed, SIGTERM, SIGKILL. */
export class ChildLink implements Link {
  readonly #child: Child
  readonly #receiver: Receiver
  readonly #killAfterMs: number
  readonly #reader: LineReader
  readonly #writer: LineWriter
  readonly #lastWords = new LastWords()
  #timer: NodeJS.Timeout | undefined
  /** We closed the connection, so how the process ends is nobody's error. */
  #closing = false
  #ending = false
  /** It did not end by itself. */
  #signalled = false
  #over = false
  /** Why this side gave it up. */
  #cause: Error | undefined

  constructor(child: Child, receiver: Receiver, options: StdioConnectorOptions) {
    this.#child = child
    this.#receiver = receiver
    this.#killAfterMs = killAfterOf(options)
    const onOverflow = (limit: number): void => this.#inputBroke(notReading(limit))
    this.#writer = new LineWriter(child.stdin.write.bind(child.stdin), { maxBacklog: options.maxBacklog, onOverflow })
    this.#readErrors(options)
    child.stdin.on('error', () => this.#inputBroke())
    child.on('error', () => undefined)
    child.on('exit', () => this.#exited())
    child.on('close', () => this.#finish())
    const limits = { maxBytes: options.maxMessageBytes, limits: options.limits }
    this.#reader = new LineReader(
      child.stdout,
      { receive: (message, line) => this.#receive(message, line), ended: () => this.#end() },
      limits,
    )
  }

  send(frame: Frame): void | Promise<void> {
    return this.#writer.write(frame.text)
  }

  close(): void {
    if (this.#closing) return
    this.#closing = true
    this.#reader.stop()
    // A process that cannot write cannot end in good order.
    this.#child.stdout.resume()
    this.#end()
  }

  #receive(message: Incoming, line: string | undefined): void {
    this.#receiver.receive(
      message.kind === 'invalid' && message.id === undefined && line !== undefined ? noise(message.fault, line) : message,
    )
  }

  #readErrors({ stderr = 'inherit' }: StdioConnectorOptions): void {
    const decoder = new LineDecoder({ maxBytes: MAX_STDERR_LINE })
    const line = (text: string): void => {
      this.#lastWords.add(text)
      if (typeof stderr === 'function') stderr(text)
    }
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr === 'inherit') process.stderr.write(chunk)
      decoder.push(chunk, line)
    })
    this.#child.stderr?.on('end', () => decoder.end(line))
  }

  #inputBroke(cause?: Error): void {
    this.#cause ??= cause
    this.#writer.abort()
    this.#end()
  }

  /** Ends the process, gently first. */
  #end(): void {
    if (this.#ending || this.#over) return
    this.#ending = true
    void this.#writer.finish().then(() => this.#child.stdin.end())
    this.#after(() => {
      this.#signalled = true
      signalGroup(this.#child, 'SIGTERM')
      this.#after(() => signalGroup(this.#child, 'SIGKILL'))
    })
  }

  #exited(): void {
    this.#ending = true
    this.#writer.abort()
    signalRest(this.#child, this.#killAfterMs)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#finish(), REST_MS)
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.#reader.stop()
    const { exitCode, signalCode, stdin, stdout, stderr } = this.#child
    for (const stream of [stdin, stdout, stderr]) stream?.destroy()
    if (this.#closing) this.#receiver.closed()
    else if (this.#cause !== undefined) this.#receiver.closed(this.#cause)
    else if (this.#signalled) this.#receiver.closed(new ProcessEnded(null, null, this.#lastWords.lines))
    else this.#receiver.closed(new ProcessEnded(exitCode, signalCode, this.#lastWords.lines))
  }

  #after(then: () => void): void {
    this.#timer = setTimeout(then, this.#killAfterMs)
  }
}

function notReading(limit: number): Error {
  return new ConnectionClosed(`The server does not read: more than ${limit} characters wait for it`)
}

/** Something was printed between the messages: the message says what, in quotes that show control characters. */
function noise({ fault, message }: Fault, line: string): Incoming {
  return { kind: 'invalid', id: undefined, fault: new Fault(fault, `${message}: ${JSON.stringify(excerpt(line))}`) }
}
