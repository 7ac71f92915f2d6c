/** Errors that happen on this side of the wire: no peer sent them and none receives them. Each has a code in words and a `static is()`. */

/** What went wrong on this side. */
export type LocalCode =
  | 'CONNECTION_CLOSED'
  | 'TIMED_OUT'
  | 'CANCELLED'
  | 'UNSUPPORTED'
  | 'TOOL_FAILED'
  | 'REJECTED'
  | 'INVALID_ANSWER'
  | 'INVALID_RESULT'
  | 'OUTCOME_UNKNOWN'
  | 'AUTHORIZATION_FAILED'

const BRAND = Symbol.for('oarlock.local-error')

// Spelled out, because a bundler may rename classes.
const NAMES: Readonly<Record<LocalCode, string>> = {
  CONNECTION_CLOSED: 'ConnectionClosed',
  TIMED_OUT: 'TimedOut',
  CANCELLED: 'Cancelled',
  UNSUPPORTED: 'Unsupported',
  TOOL_FAILED: 'ToolFailed',
  REJECTED: 'Rejected',
  INVALID_ANSWER: 'InvalidAnswer',
  INVALID_RESULT: 'InvalidResult',
  OUTCOME_UNKNOWN: 'OutcomeUnknown',
  AUTHORIZATION_FAILED: 'AuthorizationFailed',
}

/** What every local error has. `code` tells them apart, also across copies of this package in one process. */
export class LocalError extends Error {
  readonly code: LocalCode

  constructor(code: LocalCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = NAMES[code]
    this.code = code
  }

  /** True for local errors of any copy of this package in the process. */
  static is(value: unknown): value is LocalError {
    return typeof value === 'object' && value !== null && BRAND in value
  }

  /** Whether a value is the local error with this code. What the `is` of each subclass stands on. */
  static has(value: unknown, code: LocalCode): boolean {
    return LocalError.is(value) && value.code === code
  }
}
Object.defineProperty(LocalError.prototype, BRAND, { value: true })

/**
 * The connection ended while an answer was awaited, or had ended before the request. Whether the peer did the work is not known, unless
 * `unsent` says that the request certainly did not reach it, or was turned away unread.
 */
export class ConnectionClosed extends LocalError {
  readonly unsent: boolean

  constructor(message = 'The connection is closed', cause?: unknown, unsent = false) {
    super('CONNECTION_CLOSED', message, cause)
    this.unsent = unsent
  }

  static override is(value: unknown): value is ConnectionClosed {
    return LocalError.has(value, 'CONNECTION_CLOSED')
  }
}

/** No answer came in time. The peer was told to stop, where there is a way to tell it. */
export class TimedOut extends LocalError {
  constructor(message: string, cause?: unknown) {
    super('TIMED_OUT', message, cause)
  }

  static override is(value: unknown): value is TimedOut {
    return LocalError.has(value, 'TIMED_OUT')
  }
}

/** The caller called it off; `cause` is the reason of its signal. */
export class Cancelled extends LocalError {
  constructor(message = 'The request was cancelled', cause?: unknown) {
    super('CANCELLED', message, cause)
  }

  static override is(value: unknown): value is Cancelled {
    return LocalError.has(value, 'CANCELLED')
  }
}

/** The two sides have no common way to do this: no shared revision, a capability that is missing, a method the revision does not have. */
export class Unsupported extends LocalError {
  constructor(message: string, cause?: unknown) {
    super('UNSUPPORTED', message, cause)
  }

  static override is(value: unknown): value is Unsupported {
    return LocalError.has(value, 'UNSUPPORTED')
  }
}
