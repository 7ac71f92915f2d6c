/** `subscriptions/listen`: a request whose answer is a stream of facts, until one side ends it (DIGEST 3.10). */

import {
  encodeResult,
  Fault,
  isObject,
  META,
  type Exchange,
  type JsonObject,
  type Peer,
  type RequestId,
  type Running,
  type ServerCapabilities,
} from '@oarlock/protocol'
import type { Call } from '../call.ts'
import { CallContext } from '../call-context.ts'
import type { ListKind } from '../catalog/catalog.ts'
import type { Fact, Subscriber } from '../hub.ts'
import { readableUris } from '../operations/subscriptions.ts'
import { callerOf } from '../quota.ts'
import type { Desk, Stream } from './desk.ts'
import { isThenable } from '../thenable.ts'

const FILTERS: readonly (readonly [filter: string, list: ListKind])[] = [
  ['toolsListChanged', 'tools'],
  ['promptsListChanged', 'prompts'],
  ['resourcesListChanged', 'resources'],
]

/** What a client asked to be told. */
interface Wanted {
  readonly lists: readonly (readonly [filter: string, list: ListKind])[]
  readonly uris: readonly string[]
}

/** One subscription. It counts against its caller's quota from the moment it is asked for. */
export class Listening implements Subscriber, Running, Stream {
  readonly id: RequestId
  readonly #desk: Desk
  readonly #exchange: Exchange
  readonly #peer: Peer
  readonly #caller: string
  /** `"_meta":{…}` of every message, as text. */
  readonly #meta: string
  #lists: ReadonlySet<ListKind> = new Set()
  /** What is followed; before the acknowledgement, what was asked for. */
  #uris: readonly string[] = []
  #stopExpiry: (() => void) | undefined
  #state: 'opening' | 'open' | 'ended' = 'opening'

  private constructor(desk: Desk, exchange: Exchange, { id, peer: { revision, info, capabilities } }: Call) {
    this.id = id
    this.#desk = desk
    this.#exchange = exchange
    this.#peer = { revision, info, capabilities }
    this.#caller = callerOf(exchange.head)
    this.#meta = `"_meta":{"${META.subscription}":${JSON.stringify(id)}}`
  }

  /** Acknowledges a subscription and keeps it open. Answers at once when it is refused or nothing in it can be honoured. */
  static open(desk: Desk, exchange: Exchange, call: Call): Running | undefined {
    return new Listening(desk, exchange, call).#open(call)
  }

  #open(call: Call): Running | undefined {
    const { kernel, closing } = this.#desk
    try {
      if (closing) throw new Fault('SHUTTING_DOWN')
      const { lists, uris } = wantedOf(call.params['notifications'], kernel.capabilities)
      this.#take(uris)
      const readable = uris.length === 0 ? uris : readableUris(uris, new CallContext(call, kernel.events), kernel)
      if (isThenable(readable)) {
        readable.then(
          settled => this.#begin(lists, settled),
          (error: unknown) => this.#fail(error),
        )
      } else this.#begin(lists, readable)
    } catch (error) {
      this.#fail(error)
    }
    return this.#ended ? undefined : this
  }

  get #ended(): boolean {
    return this.#state === 'ended'
  }

  #take(uris: readonly string[]): void {
    const { streams, uris: all } = this.#desk
    if (!streams.take(this.#caller)) throw new Fault('OVERLOADED', 'Too many subscriptions are open')
    this.#desk.keep(this)
    if (!all.take(this.#caller, uris.length)) throw new Fault('OVERLOADED', 'Too many resources are subscribed')
    this.#uris = uris
  }

  /** The acknowledgement comes first: it says what of the wishes will be heard (DIGEST S-SUB-01). */
  #begin(lists: Wanted['lists'], uris: readonly string[]): void {
    if (this.#ended) return
    this.#desk.uris.give(this.#caller, this.#uris.length - uris.length)
    this.#uris = uris
    this.#lists = new Set(lists.map(([, list]) => list))
    this.#state = 'open'
    const filter = {
      ...Object.fromEntries(lists.map(([name]) => [name, true])),
      ...(uris.length > 0 ? { resourceSubscriptions: uris } : {}),
    }
    this.#send('notifications/subscriptions/acknowledged', `"notifications":${JSON.stringify(filter)}`)
    const { events } = this.#desk.kernel
    if (events.wants('subscription.opened')) events.emit('subscription.opened', { peer: this.#peer, uris: uris.length })
    if (lists.length === 0 && uris.length === 0) return this.finish()
    // Whoever was just told may have ended it.
    if (this.#ended) return
    this.#desk.hub.subscribe(this, uris)
    this.#watchExpiry()
  }

  /** A subscription ends with the authentication it was opened under (DIGEST S-SUB-19). */
  #watchExpiry(): void {
    const expiresAt = this.#exchange.head.principal?.expiresAt
    if (expiresAt === undefined) return
    const { clock } = this.#desk
    this.#stopExpiry = clock.after(Math.max(0, expiresAt - clock.now()), () => this.finish())
  }

  wants(list: ListKind): boolean {
    return this.#lists.has(list)
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
    if (this.#state === 'opening') return this.#fail(new Fault('SHUTTING_DOWN'))
    if (this.#ended) return
    this.#end()
    this.#exchange.answer(encodeResult(this.id, `{"resultType":"complete",${this.#meta}}`), 200)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#end()
    const { text, status, headers } = this.#desk.refusal(this.id, error, 'subscriptions/listen', this.#peer.revision)
    this.#exchange.answer(text, status, headers)
  }

  cancel(): void {
    if (!this.#ended) this.#end()
  }

  #end(): void {
    const opened = this.#state === 'open'
    this.#state = 'ended'
    this.#stopExpiry?.()
    this.#desk.hub.unsubscribe(this, this.#uris)
    if (this.#desk.release(this)) this.#desk.streams.give(this.#caller)
    this.#desk.uris.give(this.#caller, this.#uris.length)
    this.#uris = []
    const { events } = this.#desk.kernel
    if (opened && events.wants('subscription.closed')) events.emit('subscription.closed', { peer: this.#peer })
  }
}

/** What of the wishes the server has at all. What a caller may see of it is another question. */
function wantedOf(filter: unknown, capabilities: ServerCapabilities): Wanted {
  if (!isObject(filter)) throw new Fault('INVALID_PARAMS', 'subscriptions/listen needs notifications, an object')
  const { tools, prompts, resources } = capabilities
  if (tools === undefined && prompts === undefined && resources === undefined) {
    throw new Fault('METHOD_NOT_FOUND', 'This server has nothing to subscribe to')
  }
  const lists = FILTERS.filter(([name, list]) => wantedFlag(filter, name) && capabilities[list]?.listChanged === true)
  const uris = wantedUris(filter)
  return { lists, uris: resources?.subscribe === true ? uris : [] }
}

function wantedFlag(filter: JsonObject, name: string): boolean {
  const value = filter[name]
  if (value !== undefined && typeof value !== 'boolean') throw new Fault('INVALID_PARAMS', `notifications.${name} must be a boolean`)
  return value === true
}

function wantedUris(filter: JsonObject): readonly string[] {
  const uris = filter['resourceSubscriptions'] ?? []
  if (!Array.isArray(uris) || !uris.every(uri => typeof uri === 'string'))
    throw new Fault('INVALID_PARAMS', 'notifications.resourceSubscriptions must be an array of URIs')
  return [...new Set(uris)]
}
