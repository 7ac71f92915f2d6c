/** The HTTP beneath a client: what it asked, what it was answered, and a way to break its streams. */

import { patiently } from './patience.ts'

/** How both SDKs are given a `fetch`. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** One request and how it was answered. */
export interface Exchanged {
  readonly method: string
  readonly headers: Headers
  readonly status: number
  readonly type: string | null
  /** Breaks the connection, as a network does. */
  cut(): void
}

/** A `fetch` that remembers. What `ready` says about a method is waited for before it is used. */
export class Wire {
  readonly all: Exchanged[] = []
  readonly #ready: (method: string) => Promise<void> | undefined
  #waiting: (() => void)[] = []

  constructor(ready: (method: string) => Promise<void> | undefined = () => undefined) {
    this.#ready = ready
  }

  readonly fetch: Fetch = async (url, init = {}) => {
    await this.#ready(init.method ?? 'GET')
    const breaker = new AbortController()
    const signal = init.signal ? AbortSignal.any([init.signal, breaker.signal]) : breaker.signal
    const response = await fetch(url, { ...init, signal })
    this.all.push({
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      status: response.status,
      type: response.headers.get('content-type'),
      cut: () => breaker.abort(new Error('cut')),
    })
    for (const wake of this.#waiting.splice(0)) wake()
    return response
  }

  /** The first exchange that passes, come already or still to come. */
  async until(test: (exchanged: Exchanged) => boolean): Promise<Exchanged> {
    for (;;) {
      const found = this.all.find(test)
      if (found !== undefined) return found
      await patiently(new Promise<void>(resolve => void this.#waiting.push(resolve)), 'a request over HTTP')
    }
  }
}

/** Whether somebody came back for a stream. */
export const resumes = ({ method, headers }: Exchanged): boolean => method === 'GET' && headers.has('last-event-id')
