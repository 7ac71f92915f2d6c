/** What a client shows of itself when it asks for a WebSocket, and whether a refusal is worth another try with something else. */

import type { AuthorizedRequest, Receiver } from '@oarlock/protocol'
import type { ClientSettings } from './options.ts'
import { UpgradeRefused } from './refused.ts'

type Headers = Readonly<Record<string, string>>

/** For one attempt. */
export interface Credentials {
  readonly headers: Headers
  readonly token: string | undefined
}

/** None, a first token, a nonce, wider scopes, their nonce. */
const MAX_ATTEMPTS = 5

/**
 * Opens something with credentials; again with others when the server refused those and there are others now.
 * @throws what `open` throws
 */
export async function withCredentials<T>(
  settings: ClientSettings,
  receiver: Receiver,
  signal: AbortSignal | undefined,
  open: (credentials: Credentials) => Promise<T>,
): Promise<T> {
  const { auth } = settings
  // What is authorized are resources of HTTP: that is how their metadata is found, too.
  const url = settings.url.replace(/^ws/, 'http')
  const request = { resource: url, method: 'GET', url, operation: undefined, signal: signal ?? new AbortController().signal }
  for (let attempt = 1; ; attempt++) {
    const supplied = (await auth?.headers(request)) ?? {}
    const credentials = { headers: { ...(await given(settings.headers)), ...supplied }, token: await given(settings.token) }
    let opened: T
    try {
      opened = await open(credentials)
    } catch (error) {
      const retry = UpgradeRefused.is(error) && attempt < MAX_ATTEMPTS && isOther(settings, request, supplied, credentials, error)
      if (typeof retry !== 'boolean') receiver.held?.(undefined, retry)
      if (await retry) continue
      throw error
    }
    await auth?.answered(request, supplied, ACCEPTED)
    return opened
  }
}

const ACCEPTED = { status: 101, headers: { get: () => undefined } }

/** Whether there are other credentials than those that were refused. */
async function isOther(
  { auth, token }: ClientSettings,
  request: AuthorizedRequest,
  supplied: Headers,
  refused: Credentials,
  { status, headers }: UpgradeRefused,
): Promise<boolean> {
  if (auth !== undefined) return auth.answered(request, supplied, { status, headers })
  return status === 401 && typeof token === 'function' && (await token()) !== refused.token
}

function given<T extends object | string | undefined>(source: T | (() => T | PromiseLike<T>)): T | PromiseLike<T> {
  return typeof source === 'function' ? source() : source
}
