/** Errors that callers of a client meet: what the server refused, what a tool reported, what this side would not do. */

import { excerpt, type ErrorObject, type FaultName, isObject, LocalError } from '@oarlock/protocol'
import type { CallToolResult, ElicitRequestURLParams } from '@oarlock/protocol'

const BRAND = Symbol.for('oarlock.remote-fault')

/** Names for the codes that mean the same in every revision. One code may stand for several names on a server; the widest is given. */
const NAMES: ReadonlyMap<number, FaultName> = new Map([
  [-32700, 'PARSE_ERROR'],
  [-32600, 'INVALID_REQUEST'],
  [-32601, 'METHOD_NOT_FOUND'],
  [-32602, 'INVALID_PARAMS'],
  [-32603, 'INTERNAL_ERROR'],
  [-32002, 'RESOURCE_NOT_FOUND'],
  [-32020, 'HEADER_MISMATCH'],
  [-32021, 'MISSING_CAPABILITY'],
  [-32022, 'UNSUPPORTED_VERSION'],
  [-32042, 'URL_ELICITATION_REQUIRED'],
])

/**
 * The server answered with an error. `code`, `message` and `data` are as they came; `fault` names the code where the protocol gives it a
 * meaning (nothing between -32000 and -32019 has one, except -32002). Not a `Fault`: a server that calls another server does not pass
 * the other's errors on unless it says so.
 */
export class RemoteFault extends Error {
  readonly code: number
  readonly data: unknown
  readonly fault: FaultName | undefined
  /** The method that was refused. */
  readonly method: string
  /** The HTTP status of the answer, where it had one that says more than 200. */
  readonly status: number | undefined

  constructor(method: string, { code, message, data }: ErrorObject, status?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RemoteFault'
    this.code = code
    this.data = data
    this.method = method
    this.status = status
    this.fault = nameOf(method, code, data)
  }

  /** The pages to visit before the request can succeed, when the server answered -32042 (2025-11-25). Else empty. */
  get elicitations(): readonly ElicitRequestURLParams[] {
    const list = this.code === -32042 && isObject(this.data) ? this.data['elicitations'] : undefined
    return Array.isArray(list) ? list.filter(isPage) : []
  }

  /** True for remote faults of any copy of this package in the process. */
  static is(value: unknown): value is RemoteFault {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(RemoteFault.prototype, BRAND, { value: true })

/** A missing resource has a code of its own before 2026-07-28 and is a wrong parameter since; both read alike here (C-TOOL-06). */
function nameOf(method: string, code: number, data: unknown): FaultName | undefined {
  const missing = method === 'resources/read' && code === -32602 && isObject(data) && typeof data['uri'] === 'string'
  return missing ? 'RESOURCE_NOT_FOUND' : NAMES.get(code)
}

function isPage(value: unknown): value is ElicitRequestURLParams {
  return isObject(value) && typeof value['url'] === 'string'
}

/** A tool answered `isError`: it ran, or refused its arguments, and says why. `result` is the whole answer; the message is its text. */
export class ToolFailed extends LocalError {
  readonly tool: string
  readonly result: CallToolResult

  constructor(tool: string, result: CallToolResult) {
    super('TOOL_FAILED', textOf(result) || `The tool ${excerpt(tool)} failed`)
    this.tool = tool
    this.result = result
  }

  static override is(value: unknown): value is ToolFailed {
    return LocalError.has(value, 'TOOL_FAILED')
  }
}

/** Throw it from a sampling or roots handler when the user said no. In a session the server gets error -1, elsewhere the call fails. */
export class Rejected extends LocalError {
  constructor(message = 'The user rejected the request') {
    super('REJECTED', message)
  }

  static override is(value: unknown): value is Rejected {
    return LocalError.has(value, 'REJECTED')
  }
}

/** A handler answered something that does not fit the question; the message lists what. It is not sent. */
export class InvalidAnswer extends LocalError {
  constructor(message: string) {
    super('INVALID_ANSWER', message)
  }

  static override is(value: unknown): value is InvalidAnswer {
    return LocalError.has(value, 'INVALID_ANSWER')
  }
}

/**
 * The connection broke after the request was sent, and asking again could do the work twice: it may have been done, or not. `cause` says what
 * broke. Requests that only read, tools annotated `readOnlyHint` or `idempotentHint`, and calls with `idempotent: true` are asked again instead.
 */
export class OutcomeUnknown extends LocalError {
  readonly method: string

  constructor(method: string, cause: unknown) {
    super('OUTCOME_UNKNOWN', `Whether ${excerpt(method)} was carried out is not known: the connection broke before the answer`, cause)
    this.method = method
  }

  static override is(value: unknown): value is OutcomeUnknown {
    return LocalError.has(value, 'OUTCOME_UNKNOWN')
  }
}

/** A tool's structured value is missing or does not fit the schema that the server advertised for it; `problems` lists how (C-TOOL-02). */
export class InvalidResult extends LocalError {
  readonly tool: string
  readonly problems: readonly string[]
  readonly result: CallToolResult

  constructor(tool: string, result: CallToolResult, problems: readonly string[]) {
    super('INVALID_RESULT', `The result of ${excerpt(tool)} does not fit its output schema: ${problems.slice(0, 5).join('; ')}`)
    this.tool = tool
    this.problems = problems
    this.result = result
  }

  static override is(value: unknown): value is InvalidResult {
    return LocalError.has(value, 'INVALID_RESULT')
  }
}

/** The text blocks of a result, one to a line. */
export function textOf(result: CallToolResult): string {
  return result.content
    .filter(block => block.type === 'text')
    .map(block => block.text)
    .join('\n')
}
