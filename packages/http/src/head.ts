/** What is known of an HTTP request before its body is read. */

import type { Challenge, Head, HeaderView, Principal } from '@oarlock/protocol'
import type { Turn } from './turn.ts'

/** The head of one request. Who asks is filled in once, by the step that authenticates. */
export class HttpHead implements Head {
  readonly transport = 'http'
  readonly headers: HeaderView
  readonly remote: string | undefined
  principal: Principal | undefined
  challenges: readonly Challenge[] | undefined

  constructor(turn: Turn) {
    this.headers = turn.headers
    this.remote = turn.remote
  }
}

/** What a session keeps of the request that opened it: nothing that would keep the request itself alive. */
export function sessionHead({ principal, challenges, remote }: HttpHead, session: string): Head {
  return { transport: 'http', principal, challenges, remote, session }
}
