/** One request to an upstream: over a screened connection, within a time, and never more bytes than are wanted. */

import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'

/** What came back, whole. */
export interface Answer {
  readonly status: number
  /** By name in lower case; of several of one name, what node makes of them. */
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Why there is no answer. */
export type FailureKind = 'time' | 'connection' | 'size' | 'encoding' | 'stopped'

/** There is no answer. The cause is for the log. */
export class Failure extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, cause?: unknown) {
    super(`upstream: ${kind}`, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}

/** What a request needs. */
export interface Sending {
  readonly headers: Readonly<Record<string, string>>
  readonly lookup: LookupFunction
  readonly maxBytes: number
  /** For the request with its body. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** The connections to one upstream, kept open between requests. */
export class Upstream {
  readonly #secure: boolean
  readonly #maxSockets: number
  readonly #ca: string | undefined
  #agent: Agent | undefined

  constructor(secure: boolean, maxSockets: number, ca: string | undefined) {
    this.#secure = secure
    this.#maxSockets = maxSockets
    this.#ca = ca
  }

  /** GETs a URL. @throws Failure, and Screened as its cause */
  async get(url: URL, sending: Sending): Promise<Answer> {
    // Loaded when first used: it is what costs most at the start of a program.
    const { Agent, request } = await (this.#secure ? import('node:https') : import('node:http'))
    this.#agent ??= new Agent({
      keepAlive: true,
      maxSockets: this.#maxSockets,
      maxTotalSockets: this.#maxSockets,
      ...(this.#ca === undefined ? {} : { ca: this.#ca }),
    })
    const { headers, lookup } = sending
    return receive(request(url, { method: 'GET', headers, lookup, agent: this.#agent }), sending)
  }

  /** Closes the connections. */
  close(): void {
    this.#agent?.destroy()
    this.#agent = undefined
  }
}

function receive(request: ClientRequest, { maxBytes, timeoutMs, signal }: Sending): Promise<Answer> {
  return new Promise((settle, reject) => {
    const fail = (kind: FailureKind, cause?: unknown): void => {
      end()
      reject(new Failure(kind, cause))
      request.destroy()
    }
    const stop = (): void => fail('stopped')
    const timer = setTimeout(() => fail('time'), timeoutMs)
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    request.on('error', cause => fail('connection', cause))
    request.once('response', response => {
      response.on('error', cause => fail('connection', cause))
      const refusal = refusalOf(response, maxBytes)
      if (refusal !== undefined) return fail(refusal)
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) fail('size')
        else chunks.push(chunk)
      })
      response.once('end', () => {
        end()
        if (!response.complete) return fail('connection')
        settle({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
      })
    })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    request.end()
  })
}

/** What can be refused before the body: one that is announced too large, and one that would have to be inflated (THREATS T25). */
function refusalOf({ headers }: IncomingMessage, maxBytes: number): FailureKind | undefined {
  const encoding = headers['content-encoding']?.toLowerCase()
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') return 'encoding'
  return Number(headers['content-length'] ?? 0) > maxBytes ? 'size' : undefined
}
