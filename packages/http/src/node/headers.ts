/** The headers of a Node request, read in place. */

import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderView } from '@oarlock/protocol'

/** Reads Node's own object. Names that only its prototype knows give nothing (THREATS T8). */
export class NodeHeaders implements HeaderView {
  readonly #headers: IncomingHttpHeaders

  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers
  }

  get(name: string): string | undefined {
    const value: unknown = this.#headers[name] ?? this.#headers[name.toLowerCase()]
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.join(', ') : undefined
  }
}
