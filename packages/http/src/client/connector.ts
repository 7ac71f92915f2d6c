/** Connects a client to a server over HTTP, in every revision. */

import { checkOptions, MESSAGE_LIMIT_OPTIONS, type Connector } from '@oarlock/protocol'
import { HttpLink } from './link.ts'
import { clientSettings, HTTP_CONNECTOR_OPTIONS, TIMEOUTS, type HttpConnectorOptions } from './options.ts'

/**
 * A connector for Streamable HTTP, and for HTTP+SSE where a server has nothing newer. Runs wherever there is `fetch` and `ReadableStream`. Connecting opens nothing: HTTP begins with the first
 * message.
 * @throws TypeError for a URL that is not http or https, or that carries credentials
 */
export function httpConnector(url: string | URL, options: HttpConnectorOptions = {}): Connector {
  checkOptions(options, HTTP_CONNECTOR_OPTIONS, 'httpConnector()')
  checkOptions(options.timeouts, TIMEOUTS, 'timeouts of httpConnector()')
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, 'limits of httpConnector()')
  const target = new URL(url)
  if (target.protocol !== 'http:' && target.protocol !== 'https:')
    throw new TypeError(`An MCP server over HTTP has an http or https URL, not ${target.protocol}`)
  if (target.username !== '' || target.password !== '') throw new TypeError('Credentials belong in headers, not in the URL')
  target.hash = ''
  const settings = clientSettings(target.href, options)
  return {
    transport: 'http',
    // A query may hold secrets.
    target: `${target.origin}${target.pathname}`,
    headers: true,
    ...principalOf(options),
    connect(receiver, signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason)
      const link = new HttpLink(settings, receiver)
      return settings.sse === 'only' ? link.overSse(signal) : link
    },
  }
}

/** Headers that never change speak for one principal. Whom others speak for, only whoever makes them can tell. */
function principalOf({ headers, auth, principal }: HttpConnectorOptions): Pick<Connector, 'principal'> {
  if (principal !== undefined) return { principal }
  return auth !== undefined || typeof headers === 'function' ? { principal: () => undefined } : {}
}
