/** The sessions of an endpoint: opened, found, bound to their principal, bounded in number, ended when idle. */

import {
  type BatchMessage,
  callerOf,
  type Clock,
  Fault,
  isThenable,
  memoryEventLog,
  type Message,
  principalKey,
  type Quota,
  randomId,
  type RequestMessage,
  type SessionRecord,
  type Swept,
} from '@oarlock/protocol'
import { EMPTY_HEAD, refuse } from '../answer.ts'
import type { Ground } from '../exchange.ts'
import { sessionHead, type HttpHead } from '../head.ts'
import { accepts } from '../media-type.ts'
import type { SessionSettings } from '../options.ts'
import type { Turn } from '../turn.ts'
import type { LegacyLeg } from './leg.ts'
import { fullFor, sessionQuota } from './room.ts'
import { acceptsBoth, idOf, revisionOf, versionFault } from './screening.ts'
import { Session, type SessionGround } from './session.ts'

const SCAN_MS = 10_000

/** In place of a session: the store could not be asked. */
const FAILED = Symbol('failed')

/** A session, or why there is no room for it here. */
type Found = Session | Fault | undefined

/** Serves the session revisions with sessions. */
export class Sessions implements LegacyLeg, Swept {
  seat: Swept['seat']
  readonly methods = 'GET, POST, DELETE'
  readonly #ground: SessionGround
  readonly #quota: Quota
  readonly #byId = new Map<string, Session>()
  /** Sessions on their way out of the store, so that two requests at once do not make two of one. */
  readonly #joining = new Map<string, PromiseLike<Found>>()
  #scanned = 0

  constructor(ground: Ground, options: SessionSettings, clock: Clock) {
    const prefix = `${randomId().slice(0, 12)}-`
    let streams = 0
    this.#quota = sessionQuota(options)
    this.#ground = {
      ...ground,
      store: options.store,
      log: options.eventLog === false ? undefined : (options.eventLog ?? memoryEventLog({ clock })),
      idleMs: options.idleMs,
      retryMs: options.retryMs,
      streamName: () => `${prefix}${++streams}`,
      ended: session => this.#forget(session),
    }
  }

  post(turn: Turn, head: HttpHead, message: Message | BatchMessage): void {
    if (!acceptsBoth(turn, message, revisionOf(head.headers, this.#ground.service.revisions))) return
    if (message.kind === 'request' && message.method === 'initialize') return this.#open(turn, head, message)
    if (message.kind === 'batch' && message.items.some(item => item.kind === 'request' && item.method === 'initialize')) {
      return this.#refuse(turn, head, new Fault('INVALID_REQUEST', 'initialize must not be part of a batch'))
    }
    this.#within(turn, head, message, session => session.post(turn, head, message))
  }

  get(turn: Turn, head: HttpHead): void {
    if (!accepts(head.headers.get('accept'), 'text/event-stream')) {
      return this.#refuse(turn, head, new Fault('NOT_ACCEPTABLE', 'The client must accept text/event-stream'))
    }
    this.#within(turn, head, undefined, session => session.get(turn, head))
  }

  delete(turn: Turn, head: HttpHead): void {
    this.#within(turn, head, undefined, session => {
      const closed = session.discard()
      if (isThenable(closed)) void closed.then(() => turn.answer(200, EMPTY_HEAD))
      else turn.answer(200, EMPTY_HEAD)
    })
  }

  /** Ends what this process has of its sessions. A store keeps them for whoever comes after. */
  close(): void {
    for (const session of this.#byId.values()) void session.end(undefined, new Fault('SHUTTING_DOWN'))
    this.#ground.sweep.delete(this)
  }

  sweep(now: number): void {
    if (now - this.#scanned < Math.min(SCAN_MS, this.#ground.idleMs / 4)) return
    this.#scanned = now
    for (const session of this.#byId.values()) {
      if (session.busy) session.keep(now)
      else if (now - session.lastUsed >= this.#ground.idleMs) this.#expire(session)
    }
  }

  shut(): void {
    this.close()
  }

  // A store forgets by itself, and another process may have used the session since.
  #expire(session: Session): void {
    const idle = new Fault('SESSION_NOT_FOUND', 'The session was idle for too long')
    if (this.#ground.store === undefined) session.close(idle)
    else void session.end(idle)
  }

  #open(turn: Turn, head: HttpHead, message: RequestMessage): void {
    if (head.headers.get('mcp-session-id') !== undefined) {
      return this.#refuse(turn, head, new Fault('INVALID_REQUEST', 'initialize opens a session: send it without Mcp-Session-Id'), message)
    }
    const full = fullFor(this.#quota, callerOf(head))
    if (full !== undefined) return this.#refuse(turn, head, full, message)
    this.#add(randomId(), head).open(turn, head, message)
  }

  #add(id: string, head: HttpHead, record?: SessionRecord): Session {
    const session = new Session(this.#ground, id, head)
    this.#byId.set(id, session)
    this.#quota.take(session.caller)
    this.#ground.sweep.add(this)
    session.lastUsed = this.#ground.sweep.now
    session.connect(sessionHead(head, id), record)
    return session
  }

  #forget(session: Session): void {
    if (!this.#byId.delete(session.id)) return
    this.#quota.give(session.caller)
    if (this.#byId.size === 0) this.#ground.sweep.delete(this)
  }

  /** Does `work` in the session that the headers name, or says why there is none. */
  #within(turn: Turn, head: HttpHead, message: Message | BatchMessage | undefined, work: (session: Session) => void): void {
    const wrong = versionFault(head.headers, this.#ground.service.revisions)
    if (wrong !== undefined) return this.#refuse(turn, head, wrong, message)
    const id = head.headers.get('mcp-session-id')
    if (id === undefined) return this.#refuse(turn, head, new Fault('SESSION_REQUIRED'), message)
    const failed = (cause: unknown): void => {
      this.#ground.service.report(cause, 'http session store')
      refuse(turn, new Fault('INTERNAL_ERROR'), message === undefined ? undefined : idOf(message), undefined, 500)
    }
    const found = this.#found(id, head, failed)
    if (found === FAILED) return
    if (isThenable(found)) found.then(session => this.#do(turn, head, message, session, work), failed)
    else this.#do(turn, head, message, found, work)
  }

  /** Looks a session up. What the store throws at once is told to `failed`. */
  #found(id: string, head: HttpHead, failed: (cause: unknown) => void): Found | PromiseLike<Found> | typeof FAILED {
    try {
      return /^[\x21-\x7e]{1,128}$/.test(id) ? this.#find(id, head) : undefined
    } catch (cause) {
      failed(cause)
      return FAILED
    }
  }

  #do(turn: Turn, head: HttpHead, message: Message | BatchMessage | undefined, session: Found, work: (session: Session) => void): void {
    if (Fault.is(session)) return this.#refuse(turn, head, session, message)
    // Someone else's session does not exist, as far as anybody can tell (THREATS 7).
    if (session === undefined || session.owner !== principalKey(head.principal))
      return this.#refuse(turn, head, new Fault('SESSION_NOT_FOUND'), message)
    // A version header may name another revision that we serve: clients should send the one agreed on, and some do not. The session's counts.
    session.lastUsed = this.#ground.sweep.now
    work(session)
  }

  #find(id: string, head: HttpHead): Found | PromiseLike<Found> {
    const { store } = this.#ground
    const local = this.#byId.get(id)
    if (store === undefined) return local
    // Whose session it is, is decided for each caller: nobody joins the look-up of somebody else.
    const joint = JSON.stringify([id, principalKey(head.principal)])
    const joining = this.#joining.get(joint)
    if (joining !== undefined) return joining
    // Asked even when the session is here: another process may have ended it.
    const record = store.get(id)
    if (!isThenable(record)) return this.#settle(id, local, record, head)
    const joined = Promise.resolve(record).then(
      found => {
        this.#joining.delete(joint)
        return this.#settle(id, this.#byId.get(id), found, head)
      },
      (cause: unknown) => {
        this.#joining.delete(joint)
        throw cause
      },
    )
    if (local === undefined) this.#joining.set(joint, joined)
    return joined
  }

  #settle(id: string, local: Session | undefined, record: SessionRecord | undefined, head: HttpHead): Found {
    if (record === undefined) {
      void local?.end()
      return undefined
    }
    if (local !== undefined) return local
    if (record.owner !== principalKey(head.principal)) return undefined
    return fullFor(this.#quota, callerOf(head)) ?? this.#add(id, head, record)
  }

  #refuse(turn: Turn, head: HttpHead, fault: Fault, message?: Message | BatchMessage): void {
    refuse(turn, fault, message === undefined ? undefined : idOf(message), revisionOf(head.headers, this.#ground.service.revisions))
  }
}
