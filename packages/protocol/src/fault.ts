/** Protocol errors by name. One table gives each name its number, HTTP status and text, per revision, at the last moment. */

import type { JsonValue } from './json.ts'
import { NEWEST, type Revision, within } from './revision.ts'

interface Row {
  /** JSON-RPC error code. */
  readonly code: number
  /** HTTP status where the fault decides it: before an answer has begun. */
  readonly status: number
  /** What the peer reads when the thrower gave no text of its own. */
  readonly message: string
  /** The revisions whose numbers these are, `[since, until)`; the others use those in `otherwise`. */
  readonly since?: Revision
  readonly until?: Revision
  readonly otherwise?: Pick<Row, 'code' | 'status'>
}

const row = (code: number, status: number, message: string, rest?: Pick<Row, 'since' | 'until' | 'otherwise'>): Row => ({
  code,
  status,
  message,
  ...rest,
})

/**
 * Name → number, status, text. Codes: JSON-RPC 2.0, MCP (DIGEST 1.6 and 1.8); -32000 and -32001 as the field uses them for HTTP
 * refusals in front of a session; positive codes are ours, outside every reserved range.
 */
export const FAULTS = {
  PARSE_ERROR: row(-32700, 400, 'The message is not valid JSON'),
  INVALID_REQUEST: row(-32600, 400, 'The message is not a valid JSON-RPC 2.0 message'),
  METHOD_NOT_FOUND: row(-32601, 404, 'Method not found', { since: '2026-07-28', otherwise: { code: -32601, status: 200 } }),
  INVALID_PARAMS: row(-32602, 200, 'Invalid params'),
  INVALID_ENVELOPE: row(-32602, 400, 'The request envelope in params._meta is missing or malformed'),
  INTERNAL_ERROR: row(-32603, 200, 'Internal error'),
  HEADER_MISMATCH: row(-32020, 400, 'A header does not agree with the body'),
  MISSING_CAPABILITY: row(-32021, 400, 'The client did not declare a capability that this request needs', {
    since: '2026-07-28',
    otherwise: { code: -32602, status: 200 },
  }),
  UNSUPPORTED_VERSION: row(-32022, 400, 'Unsupported protocol version', { since: '2026-07-28', otherwise: { code: -32602, status: 400 } }),
  URL_ELICITATION_REQUIRED: row(-32042, 200, 'The user must visit a URL first', {
    since: '2025-11-25',
    until: '2026-07-28',
    otherwise: { code: -32603, status: 200 },
  }),
  TOOL_NOT_FOUND: row(-32602, 200, 'Unknown tool'),
  PROMPT_NOT_FOUND: row(-32602, 200, 'Unknown prompt'),
  RESOURCE_NOT_FOUND: row(-32602, 200, 'Resource not found', { since: '2026-07-28', otherwise: { code: -32002, status: 200 } }),
  INVALID_CURSOR: row(-32602, 200, 'Invalid cursor'),
  INVALID_STATE: row(-32602, 200, 'Invalid or expired requestState'),
  UNAUTHENTICATED: row(401, 401, 'Authentication required'),
  FORBIDDEN: row(403, 403, 'Not allowed'),
  RATE_LIMITED: row(429, 429, 'Too many requests'),
  SHUTTING_DOWN: row(503, 503, 'The server is shutting down'),
  OVERLOADED: row(503, 503, 'The server has too much in flight'),
  FOREIGN_ORIGIN: row(-32000, 403, 'Host or Origin not allowed'),
  METHOD_NOT_ALLOWED: row(-32000, 405, 'HTTP method not allowed'),
  NOT_ACCEPTABLE: row(-32000, 406, 'The client must accept both application/json and text/event-stream'),
  UNSUPPORTED_MEDIA_TYPE: row(-32000, 415, 'Content-Type must be application/json'),
  TOO_LARGE: row(-32000, 413, 'The message is too large'),
  BODY_TIMEOUT: row(-32000, 408, 'The request body did not arrive in time'),
  STREAM_CONFLICT: row(-32000, 409, 'The session already has this stream'),
  VERSION_HEADER: row(-32000, 400, 'Unsupported MCP-Protocol-Version header'),
  SESSION_REQUIRED: row(-32000, 400, 'Send initialize first, then the Mcp-Session-Id it returned'),
  SESSION_NOT_FOUND: row(-32001, 404, 'Session not found'),
} as const

/** The name of a protocol error. */
export type FaultName = keyof typeof FAULTS

/** What a fault may carry beside its text. */
export interface FaultOptions {
  /** `error.data` on the wire. Plain JSON; nothing secret. */
  readonly data?: JsonValue
  /** HTTP headers of the answer, such as `WWW-Authenticate` or `Retry-After`. Ignored by transports without headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** The reason for our own log. Never sent. */
  readonly cause?: unknown
}

const BRAND = Symbol.for('oarlock.fault')

/**
 * A protocol error, by name. Throw it anywhere: in a handler, middleware, a guard, `authenticate`. The peer gets the number and status
 * its revision has for the name, the message and `data`; never `cause` or a stack.
 */
export class Fault extends Error {
  readonly fault: FaultName
  readonly data: JsonValue | undefined
  readonly headers: Readonly<Record<string, string>> | undefined

  constructor(fault: FaultName, message: string = FAULTS[fault].message, options?: FaultOptions) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.fault = fault
    this.data = options?.data
    this.headers = options?.headers
  }

  /** True for faults of any copy of this package in the process. */
  static is(value: unknown): value is Fault {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(Fault.prototype, BRAND, { value: true })

/** The number and HTTP status that `revision` has for a fault. Without a revision (the message was unreadable) the newest is assumed. */
export function numbersOf(fault: FaultName, revision: Revision = NEWEST): { readonly code: number; readonly status: number } {
  const entry: Row = FAULTS[fault]
  return entry.otherwise !== undefined && !within(revision, entry.since, entry.until) ? entry.otherwise : entry
}
