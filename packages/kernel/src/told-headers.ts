/** The headers of a request as handlers and middleware see them: without what proves who is asking, so that none of it is passed on (THREATS 10, T14). */

import type { HeaderView } from '@oarlock/protocol'

const PROOFS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'dpop'])

/** All but credentials. Whoever needs those reads them where they are checked, in `authenticate`, and puts what is needed into the principal. */
export function toldHeaders(headers: HeaderView): HeaderView {
  return { get: name => (PROOFS.has(name.toLowerCase()) ? undefined : headers.get(name)) }
}
