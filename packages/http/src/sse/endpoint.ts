/** The server half of HTTP+SSE, the transport of 2024-11-05: GET opens a stream, POST speaks to it (DIGEST 2.4). Off unless asked for. */

import {
  callerOf,
  classify,
  classifyBatch,
  Fault,
  principalKey,
  type Quota,
  randomId,
  Sweep,
  type Incoming,
  type Revision,
  type Service,
} from '@oarlock/protocol'
import { accept, refuse, shuttingDown } from '../answer.ts'
import type { Behind } from '../behind.ts'
import { Entry, type Inside } from '../entry.ts'
import type { Ground } from '../exchange.ts'
import type { HttpHead } from '../head.ts'
import { accepts } from '../media-type.ts'
import { methodFault } from '../method-fault.ts'
import { settingsOf, type EndpointOptions, type Settings } from '../options.ts'
import { readPost, type PostReceiver } from '../post.ts'
import { fullFor, sessionQuota } from '../session/room.ts'
import { isLegacy } from '../session/screening.ts'
import type { Turn } from '../turn.ts'
import { SseSession } from './session.ts'

/** The query parameter that names a session, as the official SDKs have it. */
const SESSION = 'sessionId'

/** Both halves of the old transport: it may be reached at one path or at two. */
export class SseEndpoint implements Inside, PostReceiver, Behind {
  readonly settings: Settings
  readonly sweep: Sweep
  readonly methods = 'GET, POST'
  /** Those that can be negotiated here: all that have a handshake (S-SSE-07). */
  readonly #revisions: readonly Revision[]
  readonly #ground: Ground
  readonly #entry: Entry
  readonly #messagesPath: string
  readonly #byId = new Map<string, SseSession>()
  readonly #quota: Quota
  #stopped = false

  /**
   * @param messagesPath where clients are told to post: a path, or empty for the path of the stream
   * @throws TypeError for a server without any revision that this transport can carry
   */
  constructor(service: Service, options: EndpointOptions, messagesPath: string) {
    this.settings = settingsOf(options)
    this.#revisions = service.revisions.filter(isLegacy)
    if (this.#revisions.length === 0)
      throw new TypeError('HTTP+SSE carries the revisions before 2026-07-28, and this server speaks none of them')
    this.sweep = new Sweep(this.settings.clock)
    this.#ground = { service, sweep: this.sweep, streams: this.settings }
    this.#messagesPath = messagesPath
    this.#quota = sessionQuota(this.settings.sessions === false ? {} : this.settings.sessions)
    this.#entry = new Entry(service, options, this)
  }

  get stopped(): boolean {
    return this.#stopped
  }

  handle(turn: Turn): void {
    this.#entry.handle(turn)
  }

  stop(): void {
    this.#stopped = true
  }

  close(): void {
    this.#stopped = true
    for (const session of this.#byId.values()) session.close(new Fault('SHUTTING_DOWN'))
    this.sweep.shut()
  }

  admitted(turn: Turn, head: HttpHead): void {
    switch (turn.method) {
      case 'GET':
        return this.#open(turn, head)
      case 'POST':
        // A message for nobody is refused before its body is read.
        return this.#find(turn, head) === undefined ? refuse(turn, new Fault('SESSION_NOT_FOUND')) : readPost(this, turn, head)
      default:
        refuse(turn, methodFault(this.methods))
    }
  }

  /** What a body turned out to say. An envelope of 2026-07-28 is refused: no revision that has it is spoken here (S-SSE-07). */
  receive(turn: Turn, head: HttpHead, message: Incoming): void {
    if (message.kind === 'invalid') return refuse(turn, message.fault, message.id)
    const id = message.kind === 'request' ? message.id : undefined
    if (this.#stopped && (message.kind === 'request' || message.kind === 'batch')) return refuse(turn, shuttingDown(), id)
    // Headers say nothing here: no revision that mirrors anything in them is spoken.
    const verdict = message.kind === 'batch' ? classifyBatch(message, this.#revisions) : classify(message, this.#revisions)
    if (verdict.kind === 'refuse') return refuse(turn, verdict.fault, id)
    if (verdict.kind !== 'session') return accept(turn)
    const session = this.#find(turn, head)
    if (session === undefined) return refuse(turn, new Fault('SESSION_NOT_FOUND'), id)
    session.post(turn, head, message)
  }

  #open(turn: Turn, head: HttpHead): void {
    if (this.#stopped) return refuse(turn, shuttingDown())
    if (!accepts(head.headers.get('accept'), 'text/event-stream'))
      return refuse(turn, new Fault('NOT_ACCEPTABLE', 'The client must accept text/event-stream'))
    const full = fullFor(this.#quota, callerOf(head))
    if (full !== undefined) return refuse(turn, full)
    const session = new SseSession(this.#ground, turn, head, randomId(), this.#ended)
    this.#byId.set(session.id, session)
    this.#quota.take(session.caller)
    session.open(turn, head, `${this.#messagesPath}?${SESSION}=${session.id}`)
  }

  /** Someone else's session does not exist, as far as anybody can tell (THREATS 7). */
  #find(turn: Turn, head: HttpHead): SseSession | undefined {
    const id = new URLSearchParams(turn.query).get(SESSION)
    const session = id === null ? undefined : this.#byId.get(id)
    return session?.owner === principalKey(head.principal) ? session : undefined
  }

  readonly #ended = (session: SseSession): void => {
    if (this.#byId.delete(session.id)) this.#quota.give(session.caller)
  }
}
