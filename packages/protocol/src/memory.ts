/** A connection inside one process: client and server joined by two queues of text. */

import { bareHead, type Head } from './head.ts'
import type { Connector, Frame, Link, Receiver } from './link.ts'
import { MESSAGE_LIMIT_OPTIONS, MESSAGE_LIMITS, type MessageLimits, parse } from './message.ts'
import { checkOptions, type OptionNames } from './option-names.ts'
import type { Service } from './service.ts'

/** What may be asked of a connection in memory. */
export interface MemoryOptions {
  /** What the server is told of the connection: a principal, headers. A bare head named `memory` when absent. */
  readonly head?: Head
  /** Bounds on what either side reads. */
  readonly limits?: MessageLimits
}

const MEMORY_OPTIONS: OptionNames<MemoryOptions> = { head: true, limits: true }

/**
 * Connects clients to a server in the same process. Messages cross as text, so neither side can reach the other's objects; they arrive in
 * the order they were sent, after the sender's code has returned. Closing one end closes the other, after what was sent before. Nothing
 * waits on a timer. Every revision is served, as over any link.
 */
export function memoryConnector(service: Service, options: MemoryOptions = {}): Connector {
  checkOptions(options, MEMORY_OPTIONS, 'memoryConnector()')
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, 'limits of memoryConnector()')
  const head = options.head ?? bareHead('memory')
  const limits = options.limits ?? MESSAGE_LIMITS
  return {
    transport: 'memory',
    target: 'a server in this process',
    connect(receiver, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason)
      const report = (cause: unknown): void => service.report(cause, 'memory connection')
      const toClient = new Lane(receiver, limits, report)
      const toServer = new Lane(undefined, limits, report)
      const client = new MemoryLink(toServer, toClient)
      toServer.receiver = service.connect(new MemoryLink(toClient, toServer), head)
      return client
    },
  }
}

/** One end: what it sends goes out on one lane; closing ends both. */
class MemoryLink implements Link {
  readonly #out: Lane
  readonly #in: Lane

  constructor(out: Lane, back: Lane) {
    this.#out = out
    this.#in = back
  }

  send(frame: Frame): void {
    this.#out.push(frame.text)
  }

  close(reason?: unknown): void {
    this.#out.end()
    this.#in.cut(reason)
  }
}

const RESOLVED = Promise.resolve()

/** One direction: a queue that is delivered as soon as the running code has returned. */
class Lane {
  /** Set before the first delivery. */
  receiver: Receiver | undefined
  readonly #limits: MessageLimits
  readonly #report: (cause: unknown) => void
  #waiting: string[] = []
  #scheduled = false
  /** Nothing more is taken; what waits is still delivered. */
  #ended = false
  /** Nothing more is delivered. */
  #cut = false
  #told = false
  #reason: unknown

  constructor(receiver: Receiver | undefined, limits: MessageLimits, report: (cause: unknown) => void) {
    this.receiver = receiver
    this.#limits = limits
    this.#report = report
  }

  push(text: string): void {
    if (this.#ended) return
    this.#waiting.push(text)
    this.#schedule()
  }

  /** The sender closed: the receiver learns of it after what was sent. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#schedule()
  }

  /** The receiver's own side closed: it gets nothing more but the end. */
  cut(reason: unknown): void {
    if (this.#cut) return
    this.#cut = true
    this.#ended = true
    this.#reason = reason
    this.#schedule()
  }

  // A settled promise costs a third of queueMicrotask on Node.
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    void RESOLVED.then(this.#deliver)
  }

  readonly #deliver = (): void => {
    const batch = this.#waiting
    this.#waiting = []
    this.#scheduled = false
    for (const text of batch) {
      if (this.#cut) break
      this.#receive(text)
    }
    if (this.#ended && !this.#told && (this.#cut || this.#waiting.length === 0)) this.#tell()
  }

  #receive(text: string): void {
    try {
      this.receiver?.receive(parse(text, this.#limits))
    } catch (cause) {
      this.#report(cause)
    }
  }

  #tell(): void {
    this.#told = true
    this.#waiting = []
    try {
      this.receiver?.closed(this.#reason)
    } catch (cause) {
      this.#report(cause)
    }
  }
}
