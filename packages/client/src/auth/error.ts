/** The error that callers meet when a client cannot get the right to talk to a server. */

import { LocalError } from '@oarlock/protocol'

/** What stood in the way, for programs. */
export type AuthorizationProblem =
  /** A document about the server or its authorization server is missing, malformed, or of somebody else. */
  | 'metadata'
  /** A URL that is not to be visited: not https, of a private network, or of another origin than it should be. */
  | 'address'
  /** The authorization server has no way to make this client known to it. */
  | 'registration'
  /** The answer of the authorization server, or of the browser, is not to be believed. */
  | 'response'
  /** The authorization server, or the user, said no. `error` has its code. */
  | 'refused'

/** No credentials could be had. Nothing was sent to the server. Messages hold no secrets and nothing of a response that is not believed. */
export class AuthorizationFailed extends LocalError {
  readonly problem: AuthorizationProblem
  /** The OAuth error code, such as `invalid_grant`, where the authorization server gave one. */
  readonly error: string | undefined

  constructor(problem: AuthorizationProblem, message: string, cause?: unknown, error?: string) {
    super('AUTHORIZATION_FAILED', message, cause)
    this.problem = problem
    this.error = error
  }

  static override is(value: unknown): value is AuthorizationFailed {
    return LocalError.has(value, 'AUTHORIZATION_FAILED')
  }
}
