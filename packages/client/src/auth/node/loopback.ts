/** Receives the browser on loopback, for programs without a web server of their own (RFC 8252, section 7.3). */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkOptions, type Duration, duration, type OptionNames } from '@oarlock/protocol'
import { AuthorizationFailed } from '../error.ts'
import type { OpenRedirect, Redirect } from '../grant/authorization-code.ts'
import { openBrowser } from './browser.ts'

/** Options of `loopbackRedirect`. */
export interface LoopbackRedirectOptions {
  /**
   * A fixed port, for authorization servers that compare redirect URIs to the digit. Any free one when absent: then a client that registers
   * does so again for each port.
   */
  readonly port?: number | undefined
  /** `/callback` when absent. */
  readonly path?: string | undefined
  /** `127.0.0.1` when absent; `localhost` for the servers that insist on it. */
  readonly host?: '127.0.0.1' | 'localhost' | '[::1]' | undefined
  /** How the page is shown. Opens the browser when absent; where there is none, show the address. */
  readonly open?: ((address: URL) => void | PromiseLike<void>) | undefined
  /** Until the person is back. `5m` when absent. */
  readonly timeout?: Duration | undefined
  /** Shown on the last page. */
  readonly name?: string | undefined
}

const LOOPBACK_OPTIONS: OptionNames<LoopbackRedirectOptions> = { port: true, path: true, host: true, open: true, timeout: true, name: true }

/** A redirect to a server that lives for one sign-in, on loopback alone. */
export function loopbackRedirect(options: LoopbackRedirectOptions = {}): Redirect {
  checkOptions(options, LOOPBACK_OPTIONS, 'loopbackRedirect()')
  const timeout = Math.min(duration(options.timeout ?? '5m', 'timeout'), LONGEST_MS)
  return { open: () => Landing.open({ ...options, timeout }) }
}

/** The longest that a timer can wait. */
const LONGEST_MS = 2 ** 31 - 1

interface LandingOptions extends LoopbackRedirectOptions {
  readonly timeout: number
}

/** One sign-in. */
class Landing implements OpenRedirect {
  readonly url: string
  readonly #server: Server
  readonly #options: LandingOptions
  #state: string | null = null
  #arrived: ((address: string) => void) | undefined

  private constructor(server: Server, url: string, options: LandingOptions) {
    this.#server = server
    this.url = url
    this.#options = options
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#serve(request, response))
  }

  static async open(options: LandingOptions): Promise<Landing> {
    const { host = '127.0.0.1', port = 0, path = '/callback' } = options
    const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host === '[::1]' ? '::1' : host, resolve)
    })
    return new Landing(server, `http://${host}:${(server.address() as AddressInfo).port}${path}`, options)
  }

  visit(address: URL): Promise<string> {
    const { timeout, open = openBrowser } = this.#options
    this.#state = address.searchParams.get('state')
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new AuthorizationFailed('refused', 'Nobody came back from the browser in time')), timeout)
      this.#arrived = back => {
        clearTimeout(late)
        resolve(back)
      }
      Promise.resolve(address)
        .then(open)
        .catch((cause: unknown) => {
          clearTimeout(late)
          reject(new AuthorizationFailed('refused', 'The browser cannot be opened', cause))
        })
    })
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve())
      this.#server.closeIdleConnections()
    })
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const here = new URL(this.url)
    const target = URL.canParse(request.url ?? '', here.href) ? new URL(request.url ?? '', here) : undefined
    // A page elsewhere that points the browser here must not end the sign-in: it does not know the state. Nor does a name that was rebound.
    const ours = request.method === 'GET' && request.headers.host === here.host && target?.pathname === here.pathname
    if (!ours || target.searchParams.get('state') !== this.#state)
      return page(response, ours ? 400 : 404, 'This is not the page you are looking for.')
    const error = target.searchParams.get('error')
    const name = this.#options.name ?? 'The program'
    page(response, 200, error === null ? `${name} is signed in. You can close this page.` : `The sign-in failed: ${error.slice(0, 100)}`)
    this.#arrived?.(target.href)
  }
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  })
  response.end(`<!doctype html><meta charset="utf-8"><title>Sign-in</title><p>${escaped(text)}</p>`)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}
