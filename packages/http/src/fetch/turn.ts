/** A Fetch request and its answer. No Node in sight: it runs wherever there is `Request`, `Response` and `ReadableStream`. */

import { Fault, holdsSeveral, type HeaderView, type Spliced, textOf } from '@oarlock/protocol'
import { EMPTY_HEAD } from '../answer.ts'
import { Body, type BodyGround } from '../body.ts'
import type { BodyReader, HeaderList, Sink, Turn, Watcher } from '../turn.ts'
import { FetchSink } from './sink.ts'

/** What the platform knows beside the request. */
export interface FetchExtras {
  /** The body, where something in front has parsed it. */
  readonly body?: unknown
  /** Address of the peer. */
  readonly remote?: string | undefined
}

/** One request and its response. */
export class FetchTurn implements Turn {
  readonly headers: HeaderView
  readonly remote: string | undefined
  extra: HeaderList = []
  /** Resolves when the answer begins. */
  readonly response: Promise<Response>
  readonly #request: Request
  readonly #ground: BodyGround
  readonly #parsed: unknown
  #respond: (response: Response) => void = () => {}
  #answered = false
  #watcher: Watcher | undefined

  constructor(request: Request, ground: BodyGround, extras: FetchExtras | undefined) {
    this.#request = request
    this.#ground = ground
    this.#parsed = extras?.body
    this.remote = extras?.remote
    this.headers = new FetchHeaders(request.headers)
    this.response = new Promise(resolve => {
      this.#respond = resolve
    })
  }

  get method(): string {
    return this.#request.method
  }

  get query(): string {
    return new URL(this.#request.url).search.slice(1)
  }

  // Some platforms keep the header to themselves; the URL they build says the same.
  get host(): string | undefined {
    return this.headers.get('host') ?? /^[a-z]+:\/\/([^/?#]*)/i.exec(this.#request.url)?.[1]
  }

  get repeatsAuthorization(): boolean {
    return holdsSeveral(this.headers.get('authorization') ?? '')
  }

  read(limit: number, reader: BodyReader): void {
    const body = new Body(limit, reader, this.#ground)
    if (!body.start(this.headers.get('content-length'), this.#parsed)) return
    if (this.#request.bodyUsed || this.#request.body?.locked === true)
      return body.refuse(new Fault('PARSE_ERROR', 'Something else has read the body of this request'))
    void pump(this.#request.body, body).catch((cause: unknown) => {
      this.answer(500, EMPTY_HEAD)
      throw cause
    })
  }

  answer(status: number, headers: HeaderList, body: string | Spliced = ''): void {
    this.#begin(status, headers, status === 204 || status === 202 ? null : typeof body === 'string' ? body : textOf(body))
  }

  open(headers: HeaderList): Sink {
    const sink = new FetchSink(what => this.#watcher?.[what](this))
    this.#begin(200, headers, sink.stream)
    return sink
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher
    const { signal } = this.#request
    if (signal.aborted) queueMicrotask(() => watcher.gone(this))
    else signal.addEventListener('abort', () => watcher.gone(this), { once: true })
  }

  #begin(status: number, headers: HeaderList, body: string | ReadableStream<Uint8Array> | null): void {
    if (this.#answered) return
    const response = new Response(body, { status, headers: pairs([...headers, ...this.extra]) })
    this.#answered = true
    this.#respond(response)
  }
}

async function pump(stream: ReadableStream<Uint8Array> | null, body: Body): Promise<void> {
  const reader = stream?.getReader()
  while (reader !== undefined && !body.refused) {
    let piece: Awaited<ReturnType<typeof reader.read>>
    try {
      piece = await reader.read()
    } catch {
      return body.left()
    }
    if (piece.done) break
    body.take(piece.value)
  }
  if (body.refused) await reader?.cancel().catch(() => {})
  else body.end()
}

class FetchHeaders implements HeaderView {
  readonly #headers: Headers

  constructor(headers: Headers) {
    this.#headers = headers
  }

  get(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined
  }
}

function pairs(list: HeaderList): [string, string][] {
  const found: [string, string][] = []
  for (let i = 0; i + 1 < list.length; i += 2) found.push([list[i] as string, list[i + 1] as string])
  return found
}
