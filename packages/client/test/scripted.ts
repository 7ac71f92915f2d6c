/** A peer that follows a script: speaks wire text over an in-process connector, and has every frame the client sends validated. */
import * as assert from 'uvu/assert'
import {
  type Connector,
  type Frame,
  type Incoming,
  isRevision,
  type JsonObject,
  META,
  parse,
  type Receiver,
  type RequestId,
  type Revision,
} from '@oarlock/protocol'
import { frameValidator } from '../../../test/oracle/frame-validator.ts'

/** One frame of the client, read. */
export interface Sent {
  readonly frame: Frame
  readonly id: RequestId | undefined
  readonly method: string | undefined
  readonly params: JsonObject
  readonly result: JsonObject | undefined
  readonly error: { readonly code: number; readonly message: string } | undefined
}

/** What a scripted method does: gives a result, throws a `Refusal` or a `Failure`, or returns `SILENCE` and lets the test go on by hand. */
export type Script = (params: JsonObject, sent: Sent, peer: Peer) => object | typeof SILENCE

export const SILENCE = Symbol('no answer')

/** An error answer. */
export class Refusal {
  readonly code: number
  readonly message: string
  readonly data: unknown

  constructor(code: number, message = 'no', data?: unknown) {
    this.code = code
    this.message = message
    this.data = data
  }
}

/** The transport gives up on the request. */
export class Failure {
  readonly cause: unknown

  constructor(cause: unknown) {
    this.cause = cause
  }
}

export interface PeerOptions {
  /** Behaves as a transport with headers and a response stream for each request. */
  readonly headers?: boolean
  /** Checks frames against this revision where they do not say one themselves. */
  readonly revision?: Revision
  /** Frames that break the schema on purpose. */
  readonly lax?: boolean
}

let peers = 0

export class Peer {
  /** Everything the client sent, over all connections. */
  readonly sent: Sent[] = []
  /** Ids whose response stream the client closed. */
  readonly abandoned: RequestId[] = []
  readonly connector: Connector
  connections = 0
  closes = 0
  revision: Revision
  readonly #script: Readonly<Record<string, Script>>
  readonly #options: PeerOptions
  readonly #waiting: { matches: (sent: Sent) => boolean; resolve: (sent: Sent) => void }[] = []
  #receiver: Receiver | undefined

  constructor(script: Readonly<Record<string, Script>>, options: PeerOptions = {}) {
    this.#script = script
    this.#options = options
    this.revision = options.revision ?? '2026-07-28'
    this.connector = {
      transport: 'scripted',
      // Verdicts are kept by target.
      target: `script ${++peers}`,
      ...(options.headers === true && { headers: true }),
      connect: receiver => {
        this.connections++
        this.#receiver = receiver
        return {
          send: frame => this.#take(frame),
          close: () => {
            this.closes++
            void later(() => receiver.closed())
          },
          ...(options.headers === true && { abandon: (id: RequestId) => void this.abandoned.push(id) }),
        }
      },
    }
  }

  /** What the client sent under this method. */
  all(method: string): Sent[] {
    return this.sent.filter(sent => sent.method === method)
  }

  /** The first frame that matches, or the next that will. */
  async next(matches: (sent: Sent) => boolean): Promise<Sent> {
    return this.sent.find(matches) ?? new Promise(resolve => this.#waiting.push({ matches, resolve }))
  }

  reply(id: RequestId, result: object): void {
    this.raw(JSON.stringify({ jsonrpc: '2.0', id, result }))
  }

  notify(method: string, params?: object): void {
    this.raw(JSON.stringify({ jsonrpc: '2.0', method, params }))
  }

  ask(id: RequestId, method: string, params?: object): void {
    this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
  }

  /** Delivers text, at once. */
  raw(text: string): void {
    this.#receiver?.receive(parse(text))
  }

  /** Delivers a message as a transport would that knows more of it than its text. */
  deliver(message: Incoming): void {
    this.#receiver?.receive(message)
  }

  fail(id: RequestId, cause: unknown): void {
    this.#receiver?.failed?.(id, cause)
  }

  drop(cause?: unknown): void {
    this.#receiver?.closed(cause)
  }

  #take(frame: Frame): void {
    const { id, method, params = {}, result, error } = JSON.parse(frame.text)
    const sent: Sent = { frame, id, method, params, result, error }
    this.#validate(sent, JSON.parse(frame.text))
    this.sent.push(sent)
    for (const waiter of this.#waiting.filter(({ matches }) => matches(sent))) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      waiter.resolve(sent)
    }
    if (frame.kind === 'request') void later(() => this.#answer(sent))
  }

  #answer(sent: Sent): void {
    const id = sent.id as RequestId
    const script = this.#script[sent.method as string]
    try {
      if (script === undefined) throw new Refusal(-32601, 'Method not found')
      const result = script(sent.params, sent, this)
      if (result !== SILENCE) this.reply(id, result)
    } catch (cause) {
      if (cause instanceof Failure) return this.fail(id, cause.cause)
      if (!(cause instanceof Refusal)) throw cause
      const { code, message, data } = cause
      this.raw(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } }))
    }
  }

  #validate(sent: Sent, message: JsonObject): void {
    if (this.#options.lax === true) return
    const meta = sent.params['_meta'] as JsonObject | undefined
    const claimed = meta?.[META.version] ?? (sent.method === 'initialize' ? sent.params['protocolVersion'] : undefined)
    const revision = isRevision(claimed) ? claimed : this.revision
    const problems = frameValidator(revision)(message)
    assert.equal(problems, [], `${sent.frame.text}\n  is not ${revision}`)
  }
}

export const CALCULATOR = { name: 'calculator', version: '1.2.3' }

/** A server of 2026-07-28. Results get their stamp. */
export function stateless(
  script: Readonly<Record<string, Script>> = {},
  options?: PeerOptions,
  capabilities: object = { tools: {} },
): Peer {
  const stamped = Object.fromEntries(
    Object.entries(script).map(([method, act]) => [
      method,
      (...args: Parameters<Script>) => {
        const result = act(...args)
        return result === SILENCE ? result : { resultType: 'complete', ...result }
      },
    ]),
  )
  const discover = (): object => ({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities,
    instructions: 'Add with care',
    ttlMs: 0,
    cacheScope: 'public',
    _meta: { [META.serverInfo]: CALCULATOR },
  })
  return new Peer({ 'server/discover': discover, ...stamped }, options)
}

/** A server that knows only the handshake, in this revision. */
export function sessional(
  revision: Revision,
  script: Readonly<Record<string, Script>> = {},
  options?: PeerOptions,
  capabilities: object = { tools: {}, logging: {} },
): Peer {
  const initialize: Script = (_params, _sent, peer) => {
    peer.revision = revision
    return { protocolVersion: revision, capabilities, serverInfo: CALCULATOR, instructions: 'Add with care' }
  }
  return new Peer({ initialize, ping: () => ({}), ...script }, { revision, ...options })
}

/** After everything that is queued in microtasks. */
export const settled = (): Promise<void> => new Promise(resolve => void setImmediate(resolve))

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise
  } catch (cause) {
    return cause as Error & Record<string, unknown>
  }
  throw new Error('It should have been rejected')
}

async function later(act: () => void): Promise<void> {
  await Promise.resolve()
  act()
}
