/** `subscriptions/listen`: a request whose answer is a stream of facts, until one side ends it (DIGEST 3.10). */

import {
  callerOf,
  encodeNotice,
  encodeResult,
  type Exchange,
  Fault,
  isObject,
  isThenable,
  type JsonObject,
  META,
  type Peer,
  type RequestId,
  type Running,
} from '@oarlock/protocol'
import type { Call } from '../call.ts'
import { CallContext } from '../call-context.ts'
import type { ListKind } from '../catalog/catalog.ts'
import type { Fact, Subscriber } from '../hub.ts'
import type { GrantedFilter } from '../extension.ts'
import { readableUris } from '../operations/subscriptions.ts'
import { quietly } from '../quietly.ts'
import type { Desk, Stream } from './desk.ts'
import { wishesIn, type Wish, type Wishes } from './wishes.ts'

/** What an extension tells on a subscription, under the name of its filter. */
type Extra = readonly [name: string, granted: GrantedFilter]

const NO_LISTS: Wishes['lists'] = []

/** One subscription. It counts against its caller's quota from the moment it is asked for. */
export class Listening implements Subscriber, Running, Stream {
  readonly id: RequestId
  readonly #desk: Desk
  readonly #exchange: Exchange
  readonly #peer: Peer
  readonly #caller: string
  /** `"_meta":{…}` of every message, as text. */
  readonly #meta: string
  #lists: Wishes['lists'] = NO_LISTS
  /** What is followed; before the acknowledgement, what was asked for. */
  #uris: readonly string[] = []
  #stopExpiry: (() => void) | undefined
  #stopExtra: (() => void)[] | undefined
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
      const { lists, uris, extra } = wishesIn(call.params['notifications'], this.#peer, kernel)
      this.#take(uris)
      const ctx = new CallContext(call, kernel.events)
      const readable = uris.length === 0 ? uris : readableUris(uris, ctx, kernel)
      if (extra.length > 0 || isThenable(readable)) {
        Promise.all([readable, grantedOf(extra, ctx)])
          .then(([settled, granted]) => this.#begin(lists, settled, granted))
          .catch((error: unknown) => this.#fail(error))
      } else this.#begin(lists, readable, [])
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

  /** What is granted is followed at once, and acknowledged when nothing of it can be missed any more. */
  #begin(lists: Wishes['lists'], uris: readonly string[], extra: readonly Extra[]): void {
    if (this.#ended) return
    const { hub, uris: quota } = this.#desk
    quota.give(this.#caller, this.#uris.length - uris.length)
    this.#uris = uris
    this.#lists = lists
    hub.subscribe(this, uris)
    const started = uris.length === 0 ? undefined : hub.started(uris)
    if (started === undefined) this.#acknowledge(lists, extra)
    else void started.then(() => this.#acknowledge(lists, extra))
  }

  /** The first message says what of the wishes will be heard (DIGEST S-SUB-01). */
  #acknowledge(lists: Wishes['lists'], extra: readonly Extra[]): void {
    if (this.#ended) return
    const uris = this.#uris
    this.#state = 'open'
    const filter = {
      ...Object.fromEntries(lists.map(([name]) => [name, true])),
      ...(uris.length > 0 ? { resourceSubscriptions: uris } : {}),
      ...Object.fromEntries(extra.map(([name, { granted }]) => [name, granted])),
    }
    this.#send('notifications/subscriptions/acknowledged', `"notifications":${JSON.stringify(filter)}`)
    const { events } = this.#desk.kernel
    if (events.wants('subscription.opened')) events.emit('subscription.opened', { peer: this.#peer, uris: uris.length })
    if (lists.length === 0 && uris.length === 0 && extra.length === 0) return this.finish()
    // Whoever was just told may have ended it.
    if (this.#ended) return
    this.#watchExpiry()
    for (const each of extra) this.#beginExtra(each)
  }

  /** An extension that fails to begin or to stop does not take the subscription with it. */
  #beginExtra([name, granted]: Extra): void {
    if (this.#ended) return
    const report = (cause: unknown): void => this.#desk.kernel.report(cause, `filter ${name}`)
    const stop = quietly(() => granted.begin((method, params) => this.#tell(method, params)), report)
    if (typeof stop !== 'function') return
    const safely = (): void => void quietly(stop as () => unknown, report)
    if (this.#ended) safely()
    else (this.#stopExtra ??= []).push(safely)
  }

  #tell(method: string, { _meta, ...params }: JsonObject): void {
    if (this.#ended) return
    const meta = { ...(isObject(_meta) ? _meta : {}), [META.subscription]: this.id }
    void this.#exchange.notify(encodeNotice(method, { ...params, _meta: meta }))
  }

  /** A subscription ends with the authentication it was opened under (DIGEST S-SUB-19). */
  #watchExpiry(): void {
    const expiresAt = this.#exchange.head.principal?.expiresAt
    if (expiresAt === undefined) return
    const { clock } = this.#desk
    this.#stopExpiry = clock.after(Math.max(0, expiresAt - clock.now()), () => this.finish())
  }

  wants(list: ListKind): boolean {
    for (const [, wanted] of this.#lists) if (wanted === list) return true
    return false
  }

  deliver(fact: Fact): void {
    if (fact.kind === 'list') this.#send(`notifications/${fact.list}/list_changed`)
    else this.#send('notifications/resources/updated', `"uri":${JSON.stringify(fact.uri)}`)
  }

  /** What happens before the acknowledgement is not told: whoever reads after it reads what came of it. */
  #send(method: string, members = ''): void {
    if (this.#state !== 'open') return
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
    const { head } = this.#exchange
    const { text, status, headers } = this.#desk.refusal(this.id, error, 'subscriptions/listen', this.#peer.revision, head)
    this.#exchange.answer(text, status, headers)
  }

  cancel(): void {
    if (!this.#ended) this.#end()
  }

  #end(): void {
    const opened = this.#state === 'open'
    this.#state = 'ended'
    this.#stopExpiry?.()
    for (const stop of this.#stopExtra?.splice(0) ?? []) stop()
    this.#desk.hub.unsubscribe(this, this.#uris)
    if (this.#desk.release(this)) this.#desk.streams.give(this.#caller)
    this.#desk.uris.give(this.#caller, this.#uris.length)
    this.#uris = []
    const { events } = this.#desk.kernel
    if (opened && events.wants('subscription.closed')) events.emit('subscription.closed', { peer: this.#peer })
  }
}

/** What extensions grant of the wishes that are theirs. */
async function grantedOf(wishes: readonly Wish[], ctx: CallContext): Promise<readonly Extra[]> {
  const asked = wishes.map(async ({ name, filter, wanted }) => [name, await filter.accept(wanted, ctx)] as const)
  return (await Promise.all(asked)).filter((pair): pair is Extra => pair[1] !== undefined)
}
