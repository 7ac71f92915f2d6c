/** The first step: which hosts and origins may speak to this endpoint at all (THREATS 2, T1), and what browsers are told (CORS). */

import { HOST_GATE_OPTIONS, type OptionNames, HostGate, type HostGateOptions } from '@oarlock/protocol'
import type { HeaderList } from './turn.ts'

/** Whom to let in. */
export interface GateOptions extends HostGateOptions {
  /** Request headers, besides those of MCP, that pages of other origins may send: `X-API-Key`. */
  readonly allowedHeaders?: readonly string[] | undefined
}

/** The names of all options. */
export const GATE_OPTIONS: OptionNames<GateOptions> = {
  ...HOST_GATE_OPTIONS,
  allowedHeaders: true,
}

const REQUEST_HEADERS = [
  'content-type',
  'accept',
  'authorization',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
]
const EXPOSED = 'Mcp-Session-Id, WWW-Authenticate'
const METHODS = 'GET, POST, DELETE, OPTIONS'
const PREFLIGHT_SECONDS = '600'

/** Decides by `Host` and `Origin`, and knows what to tell pages. */
export class Gate extends HostGate {
  readonly #headers: ReadonlySet<string>

  constructor(options: GateOptions) {
    super(options)
    this.#headers = new Set([...REQUEST_HEADERS, ...(options.allowedHeaders ?? []).map(name => name.toLowerCase())])
  }

  /** What every answer to a page must carry. */
  headersFor(origin: string): HeaderList {
    return ['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', EXPOSED, 'Vary', 'Origin']
  }

  /** What the answer to `OPTIONS` says beside them. `asked` is `Access-Control-Request-Headers`. */
  preflight(asked: string | undefined): HeaderList {
    const wanted = (asked ?? '').split(',').map(name => name.trim().toLowerCase())
    const allowed = wanted.filter(name => this.#headers.has(name) || /^mcp-param-[!#$%&'*+.^_`|~\w-]+$/.test(name))
    return [
      'Access-Control-Allow-Methods',
      METHODS,
      'Access-Control-Allow-Headers',
      (allowed.length === 0 ? REQUEST_HEADERS : allowed).join(', '),
      'Access-Control-Max-Age',
      PREFLIGHT_SECONDS,
    ]
  }
}
