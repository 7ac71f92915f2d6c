/** `subscriptions/listen`: a request whose answer is a stream of facts, until one side ends it (DIGEST 3.10). */

import {
  encodeFault,
  encodeResult,
  Fault,
  isObject,
  META,
  principalKey,
  type Envelope,
  type Exchange,
  type JsonObject,
  type Peer,
  type RequestId,
  type RequestMessage,
  type Revision,
  type Running,
} from '@oarlock/protocol'
import type { ListKind } from '../catalog/catalog.ts'
import type { Fact, Subscriber } from '../hub.ts'
import { readableUris } from '../operations/subscriptions.ts'
import type { Desk, Stream } from './desk.ts'

const FILTERS: readonly (readonly [filter: string, list: ListKind])[] = [
  ['toolsListChanged', 'tools'],
  ['promptsListChanged', 'prompts'],
  ['resourcesListChanged', 'resources'],
]

/** What a subscription may receive, after taking out what the server cannot deliver or the caller may not see. */
interface Honoured {
  readonly lists: ReadonlySet<ListKind>
  readonly uris: readonly string[]
  readonly filter: JsonObject
}

/** One subscription. */
export class Listening implements Subscriber, Running, Stream {
  readonly id: RequestId
  readonly #desk: Desk
  readonly #exchange: Exchange
  readonly #honoured: Honoured
  readonly #caller: string
  /** `"_meta":{…}` of every message, as text. */
  readonly #meta: string
  readonly #peer: Peer
  #stopExpiry: (() => void) | undefined
  #ended = false

  private constructor(desk: Desk, exchange: Exchange, id: RequestId, peer: Peer, honoured: Honoured, caller: string) {
    this.id = id
    this.#desk = desk
    this.#exchange = exchange
    this.#honoured = honoured
    this.#caller = caller
    this.#peer = peer
    this.#meta = `"_meta":{"${META.subscription}":${JSON.stringify(id)}}`
  }

  /** Acknowledges a subscription and keeps it open. Answers at once when it is refused or nothing in it can be honoured. */
  static open(desk: Desk, exchange: Exchange, message: RequestMessage, revision: Revision, envelope: Envelope): Running | undefined {
    const peer: Peer = { revision, info: envelope.info, capabilities: envelope.capabilities }
    const caller = `${principalKey(exchange.head.principal)} ${exchange.head.principal === undefined ? (exchange.head.remote ?? '') : ''}`
    try {
      if (desk.closing) throw new Fault('SHUTTING_DOWN')
      const honoured = honour(desk, exchange, peer, message.params?.['notifications'])
      const listening = new Listening(desk, exchange, message.id, peer, honoured, caller)
      return listening.#start()
    } catch (error) {
      const fault = Fault.is(error) ? error : desk.mask(error, message.method)
      const { text, status } = encodeFault(message.id, fault, revision)
      exchange.answer(text, status, fault.headers)
      return undefined
    }
  }

  #start(): Running | undefined {
    const { lists, uris, filter } = this.#honoured
    if (!this.#desk.streams.take(this.#caller)) throw new Fault('OVERLOADED', 'Too many subscriptions are open')
    if (!this.#desk.uris.take(this.#caller, uris.length)) {
      this.#desk.streams.give(this.#caller)
      throw new Fault('OVERLOADED', 'Too many resources are subscribed')
    }
    this.#send('notifications/subscriptions/acknowledged', `"notifications":${JSON.stringify(filter)}`)
    if (lists.size === 0 && uris.length === 0) {
      this.finish()
      return undefined
    }
    this.#desk.keep(this)
    this.#desk.hub.subscribe(this, uris)
    this.#watchExpiry()
    const { events } = this.#desk.kernel
    if (events.wants('subscription.opened')) events.emit('subscription.opened', { peer: this.#peer, uris: uris.length })
    return this
  }

  /** A subscription ends with the authentication it was opened under (DIGEST S-SUB-19). */
  #watchExpiry(): void {
    const expiresAt = this.#exchange.head.principal?.expiresAt
    if (expiresAt !== undefined)
      this.#stopExpiry = this.#desk.clock.after(Math.max(0, expiresAt - this.#desk.clock.now()), () => this.finish())
  }

  wants(list: ListKind): boolean {
    return this.#honoured.lists.has(list)
  }

  deliver(fact: Fact): void {
    if (fact.kind === 'list') this.#send(`notifications/${fact.list}/list_changed`)
    else this.#send('notifications/resources/updated', `"uri":${JSON.stringify(fact.uri)}`)
  }

  #send(method: string, members = ''): void {
    if (this.#ended) return
    const params = members === '' ? this.#meta : `${members},${this.#meta}`
    void this.#exchange.notify(`{"jsonrpc":"2.0","method":"${method}","params":{${params}}}`)
  }

  finish(): void {
    if (this.#ended) return
    this.#end()
    this.#exchange.answer(encodeResult(this.id, `{"resultType":"complete",${this.#meta}}`), 200)
  }

  cancel(): void {
    this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#stopExpiry?.()
    this.#desk.release(this)
    this.#desk.hub.unsubscribe(this, this.#honoured.uris)
    this.#desk.streams.give(this.#caller)
    this.#desk.uris.give(this.#caller, this.#honoured.uris.length)
    const { events } = this.#desk.kernel
    if (events.wants('subscription.closed')) events.emit('subscription.closed', { peer: this.#peer })
  }
}

function honour(desk: Desk, exchange: Exchange, peer: Peer, wanted: unknown): Honoured {
  if (!isObject(wanted)) throw new Fault('INVALID_PARAMS', 'subscriptions/listen needs notifications, an object')
  const { capabilities } = desk.kernel
  const offered = capabilities as Readonly<Record<string, { readonly listChanged?: boolean; readonly subscribe?: boolean } | undefined>>
  if (offered['tools'] === undefined && offered['prompts'] === undefined && offered['resources'] === undefined) {
    throw new Fault('METHOD_NOT_FOUND', 'This server has nothing to subscribe to')
  }
  const kept = FILTERS.filter(([filter, list]) => wantedFlag(wanted, filter) && offered[list]?.listChanged === true)
  const asked = wantedUris(wanted)
  const uris =
    asked.length > 0 && offered['resources']?.subscribe === true
      ? readableUris(asked, { peer, principal: exchange.head.principal }, desk.kernel.catalog.snapshot)
      : []
  const filter = { ...Object.fromEntries(kept.map(([name]) => [name, true])), ...(uris.length > 0 ? { resourceSubscriptions: uris } : {}) }
  return { lists: new Set(kept.map(([, list]) => list)), uris, filter }
}

function wantedFlag(wanted: JsonObject, filter: string): boolean {
  const value = wanted[filter]
  if (value !== undefined && typeof value !== 'boolean') throw new Fault('INVALID_PARAMS', `notifications.${filter} must be a boolean`)
  return value === true
}

function wantedUris(wanted: JsonObject): readonly string[] {
  const uris = wanted['resourceSubscriptions'] ?? []
  if (!Array.isArray(uris) || !uris.every(uri => typeof uri === 'string'))
    throw new Fault('INVALID_PARAMS', 'notifications.resourceSubscriptions must be an array of URIs')
  return [...new Set(uris)]
}
