/** An authorization server on loopback that can be made to misbehave: it counts what it is asked, rotates refresh tokens, and notices reuse. */

import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that came. */
export interface Seen {
  readonly path: string
  readonly params: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What can be made to go differently: metadata members, the answer to the browser, and any route. */
export interface Conduct {
  metadata?: Record<string, unknown>
  back?: (address: URL) => void
  routes?: Record<string, (seen: Seen, response: ServerResponse) => void>
}

/** An access token that was given. */
export interface GivenToken {
  readonly scope: string
  readonly resource: string
  revoked: boolean
}

/** An authorization server. */
export class Issuer {
  readonly url: string
  readonly seen: Seen[] = []
  readonly tokens = new Map<string, GivenToken>()
  /** Refresh tokens that are good; one that was used is good no more. */
  readonly refreshable = new Map<string, GivenToken>()
  conduct: Conduct = {}
  readonly #server: Server
  readonly #codes = new Map<string, URLSearchParams>()

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response))
  }

  static async start(conduct: Conduct = {}): Promise<Issuer> {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
    const issuer = new Issuer(server)
    issuer.conduct = conduct
    return issuer
  }

  stop(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  /** Requests to a path. */
  at(path: string): Seen[] {
    return this.seen.filter(one => one.path === path)
  }

  /** Grants of a kind that were asked for. */
  grants(type: string): Seen[] {
    return this.at('/token').filter(({ params }) => params.get('grant_type') === type)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
    const url = new URL(request.url ?? '/', this.url)
    const params = url.pathname === '/token' ? new URLSearchParams(body) : url.searchParams
    const seen: Seen = { path: url.pathname, params, headers: request.headers, body }
    this.seen.push(seen)
    const route = this.conduct.routes?.[url.pathname]
    if (route !== undefined) return route(seen, response)
    switch (url.pathname) {
      case '/.well-known/oauth-authorization-server':
        return json(response, 200, { ...this.#metadata(), ...this.conduct.metadata })
      case '/register':
        return json(response, 201, { ...(JSON.parse(body) as object), client_id: `client-${randomUUID()}` })
      case '/authorize':
        return this.#authorize(params, response)
      case '/token':
        return this.token(params, response)
      default:
        return json(response, 404, { error: 'not_found' })
    }
  }

  #metadata(): object {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      registration_endpoint: `${this.url}/register`,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ['read', 'write', 'offline_access'],
    }
  }

  #authorize(params: URLSearchParams, response: ServerResponse): void {
    const code = randomUUID()
    this.#codes.set(code, params)
    const back = new URL(params.get('redirect_uri') ?? '')
    back.searchParams.set('code', code)
    back.searchParams.set('state', params.get('state') ?? '')
    back.searchParams.set('iss', this.url)
    this.conduct.back?.(back)
    response.writeHead(302, { Location: back.href }).end()
  }

  /** What the token endpoint does of itself. */
  token(params: URLSearchParams, response: ServerResponse): void {
    switch (params.get('grant_type')) {
      case 'authorization_code': {
        const asked = this.#codes.get(params.get('code') ?? '')
        this.#codes.delete(params.get('code') ?? '')
        const verifier = createHash('sha256')
          .update(params.get('code_verifier') ?? '')
          .digest('base64url')
        if (asked?.get('code_challenge') !== verifier) return json(response, 400, { error: 'invalid_grant' })
        return this.#give(response, asked.get('scope') ?? '', params.get('resource') ?? '')
      }
      case 'refresh_token': {
        const used = params.get('refresh_token') ?? ''
        const before = this.refreshable.get(used)
        this.refreshable.delete(used)
        if (before === undefined) return json(response, 400, { error: 'invalid_grant', error_description: 'used, or never given' })
        return this.#give(response, before.scope, params.get('resource') ?? '')
      }
      default:
        return this.#give(response, params.get('scope') ?? '', params.get('resource') ?? '')
    }
  }

  #give(response: ServerResponse, scope: string, resource: string): void {
    const [access, refresh] = [randomUUID(), randomUUID()]
    const token: GivenToken = { scope, resource, revoked: false }
    this.tokens.set(access, token)
    this.refreshable.set(refresh, token)
    json(response, 200, { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 3600, scope })
  }
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value))
}
