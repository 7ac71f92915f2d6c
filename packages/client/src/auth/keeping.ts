/** Tokens in a store: by issuer and resource, so that what one authorization server gave is never shown to another (C-AUTH-20, C-AUTH-23). */

import { isObject, type JsonObject } from '@oarlock/protocol'
import type { ClientIdentity } from './identity.ts'
import type { RegisteredClient } from './registration.ts'
import { keyOf, type TokenStore } from './store.ts'
import { recordOf, type Tokens, tokensIn } from './tokens.ts'

/** Tokens, and the client that may refresh them. */
export interface Kept {
  readonly tokens: Tokens
  readonly identity: ClientIdentity
}

/** What is kept of one server for one subject. */
export class Keeping {
  readonly #store: TokenStore
  readonly #subject: string
  readonly #endpoint: string
  readonly #clients: readonly RegisteredClient[]

  constructor(store: TokenStore, subject: string, endpoint: string, clients: readonly RegisteredClient[]) {
    this.#store = store
    this.#subject = subject
    this.#endpoint = endpoint
    this.#clients = clients
  }

  /** Where this server's tokens came from last. */
  async place(): Promise<{ readonly issuer: string; readonly resource: string } | undefined> {
    const { issuer, resource } = (await this.#store.get(this.#placeKey)) ?? {}
    return typeof issuer === 'string' && typeof resource === 'string' ? { issuer, resource } : undefined
  }

  async get(issuer: string, resource: string): Promise<Kept | undefined> {
    const record = await this.#store.get(this.#key(issuer, resource))
    const tokens = tokensIn(record)
    const client = record?.['client']
    return tokens !== undefined && isObject(client) ? { tokens, identity: this.#identityIn(client) } : undefined
  }

  async set(issuer: string, resource: string, { tokens, identity }: Kept): Promise<void> {
    const { clientId, clientSecret, method } = identity
    const known = this.#clients.some(client => client.clientId === clientId)
    const client = { clientId, ...(!known && clientSecret !== undefined && { clientSecret }), ...(method !== undefined && { method }) }
    await this.#store.set(this.#key(issuer, resource), { ...recordOf(tokens), client })
    await this.#store.set(this.#placeKey, { issuer, resource })
  }

  async delete(issuer: string, resource: string): Promise<void> {
    await this.#store.delete(this.#key(issuer, resource))
  }

  /** Runs `work` with these tokens to itself, as far as the store can tell. */
  alone<T>(issuer: string, resource: string, work: () => Promise<T>): Promise<T> {
    return this.#store.lock === undefined ? work() : this.#store.lock(this.#key(issuer, resource), work)
  }

  get #placeKey(): string {
    return keyOf('server', this.#subject, this.#endpoint)
  }

  #key(issuer: string, resource: string): string {
    return keyOf('tokens', this.#subject, issuer, resource)
  }

  #identityIn(client: JsonObject): ClientIdentity {
    const { clientId, clientSecret, method } = client
    const known = this.#clients.find(one => one.clientId === clientId)
    if (known !== undefined) return known
    return {
      clientId: String(clientId),
      clientSecret: typeof clientSecret === 'string' ? clientSecret : undefined,
      method: typeof method === 'string' ? (method as ClientIdentity['method']) : undefined,
    }
  }
}
