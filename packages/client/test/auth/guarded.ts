/** An MCP server that takes tokens of an issuer, and what the tests need to sign in at it. */

import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { authorizationCode, type AuthorizationCodeOptions, type OAuth, type Redirect } from '@oarlock/client/auth'
import { challenge, Fault, type Authenticate, type Head } from '@oarlock/protocol'
import { connect, Server, toNode, type Client } from 'oarlock'
import { suite, type Test } from 'uvu'
import { Issuer, json } from './issuer.ts'

export const CALLBACK = 'http://localhost:3000/callback'

/** A person's browser, as far as it matters: it goes where it is sent, and comes back. */
export const browser: Redirect = { open: () => ({ url: CALLBACK, visit }) }

async function visit(address: URL): Promise<string> {
  const response = await fetch(address, { redirect: 'manual' })
  await response.body?.cancel()
  return response.headers.get('location') ?? 'about:blank'
}

/** Sign-in by that browser. */
export function person(options: Partial<AuthorizationCodeOptions> = {}): ReturnType<typeof authorizationCode> {
  return authorizationCode({ redirect: browser, ...options })
}

/** What a test of these has to itself. */
export interface Scene {
  issuer: Issuer
  server: Guarded
}

/** A suite whose tests each have an issuer and a server that takes its tokens. */
export function guardedSuite(name: string): Test<Scene> {
  const test = suite<Scene>(name)
  test.before.each(async scene => {
    scene.issuer = await Issuer.start()
    scene.server = await Guarded.start(scene.issuer)
  })
  test.after.each(async ({ issuer, server }) => {
    await server.stop()
    await issuer.stop()
  })
  return test
}

/** A guarded server. */
export class Guarded {
  readonly url: string
  readonly origin: string
  /** Authorization headers that came to the endpoint. */
  readonly shown: (string | undefined)[] = []
  /** Who gives tokens. */
  issuer: Issuer
  /** The resource metadata; undefined for none. */
  metadata: object | undefined
  /** The location of the metadata in challenges. */
  located: string | undefined
  readonly #http: HttpServer
  readonly #server: Server

  private constructor(http: HttpServer, server: Server, issuer: Issuer) {
    this.#http = http
    this.#server = server
    this.issuer = issuer
    this.origin = `http://localhost:${(http.address() as AddressInfo).port}`
    this.url = `${this.origin}/mcp`
    this.located = `${this.origin}/.well-known/oauth-protected-resource/mcp`
    this.metadata = this.published(issuer)
  }

  static async start(issuer: Issuer): Promise<Guarded> {
    const server = new Server({ name: 'guarded', version: '1.0.0' })
    server.tool('look', {}, () => 'seen')
    server.tool('write', {}, () => 'written')
    const http = createServer()
    await new Promise<void>(resolve => http.listen(0, 'localhost', resolve))
    const guarded = new Guarded(http, server, issuer)
    const door = toNode(server, { authenticate: guarded.authenticate })
    http.on('request', (request, response) => {
      if (!request.url?.startsWith('/.well-known/')) return door(request, response)
      const known = request.url === '/.well-known/oauth-protected-resource/mcp' ? guarded.metadata : undefined
      return known === undefined ? json(response, 404, {}) : json(response, 200, known)
    })
    return guarded
  }

  async stop(): Promise<void> {
    await this.#server.close()
    await new Promise<void>(resolve => {
      this.#http.close(() => resolve())
      this.#http.closeAllConnections()
    })
  }

  /** The metadata that names an issuer. */
  published(issuer: Issuer): object {
    return { resource: this.url, authorization_servers: [issuer.url], scopes_supported: ['read'] }
  }

  open(auth: OAuth): Promise<Client> {
    return connect(this.url, { auth })
  }

  readonly authenticate: Authenticate = (head: Head) => {
    const header = head.headers?.get('authorization')
    this.shown.push(header)
    const token = this.issuer.tokens.get(header?.replace(/^Bearer /, '') ?? '')
    if (token === undefined || token.revoked) return this.#refusal('UNAUTHENTICATED', { scope: 'read' })
    const writes = head.headers?.get('mcp-name') === 'write'
    if (writes && !token.scope.split(' ').includes('write'))
      return this.#refusal('FORBIDDEN', { error: 'insufficient_scope', scope: 'write' })
    return { id: 'ann' }
  }

  #refusal(fault: 'UNAUTHENTICATED' | 'FORBIDDEN', params: Record<string, string>): Fault {
    const value = challenge('Bearer', { ...params, resource_metadata: this.located })
    return new Fault(fault, undefined, { headers: { 'WWW-Authenticate': value } })
  }
}
