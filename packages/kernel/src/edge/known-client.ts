/** What a session knows of its client, which no request tells again; and the record of it, with which another process goes on. */

import {
  principalKey,
  randomId,
  type Head,
  type LoggingLevel,
  type Peer,
  type Revision,
  type ServerCapabilities,
  type SessionRecord,
} from '@oarlock/protocol'
import { isAskable } from '../capability.ts'
import type { ListKind } from '../catalog/catalog.ts'
import type { SessionValues } from '../context.ts'
import { SessionMemory } from './session-memory.ts'

/** The client of one session: a stranger until it introduced itself. */
export class KnownClient {
  /** Empty for a request that stands alone (DIGEST S-LHT-23): then there is nothing to remember, and nobody to tell. */
  #id: string | undefined
  readonly #head: Head
  #peer: Peer
  #askable = false
  /** What it was told the server can do: it hears of nothing else (DIGEST S-LEG-04). Undefined until it introduced itself. */
  #told: ServerCapabilities | undefined
  #initialized = false
  #logLevel: LoggingLevel | undefined
  #uris: Set<string> | undefined
  #memory: SessionMemory | undefined
  #record: SessionRecord | undefined

  constructor(head: Head, stranger: Peer) {
    this.#id = head.session
    this.#head = head
    this.#peer = stranger
  }

  /** Takes over what another process knew. The URIs that it followed are for the session to follow again. */
  restore(record: SessionRecord, told: ServerCapabilities): void {
    const { id, revision, info, capabilities, logLevel, values, initialized } = record
    this.#id = id
    this.introduce({ revision, info, capabilities }, told)
    this.#initialized = initialized
    this.#logLevel = logLevel
    if (values !== undefined) this.#memory = new SessionMemory(id, values, () => this.#changed())
    this.#record = record
  }

  /** What a store needs to continue the session elsewhere; undefined until it was opened. The same object until something changes. */
  get record(): SessionRecord | undefined {
    if (this.#told === undefined) return undefined
    return (this.#record ??= this.#write())
  }

  #write(): SessionRecord {
    const { revision, info, capabilities } = this.#peer
    const values = this.#memory?.toJSON()
    return {
      id: this.id,
      owner: principalKey(this.#head.principal),
      revision,
      info,
      capabilities,
      initialized: this.#initialized,
      ...(this.#logLevel === undefined ? {} : { logLevel: this.#logLevel }),
      ...(this.#uris === undefined || this.#uris.size === 0 ? {} : { subscriptions: [...this.#uris] }),
      ...(values === undefined ? {} : { values }),
    }
  }

  #changed(): void {
    this.#record = undefined
  }

  get id(): string {
    return (this.#id ??= randomId())
  }

  /** Whether it sent one request that stands alone, and no other will be known to be its. */
  get isAlone(): boolean {
    return this.#id === ''
  }

  get peer(): Peer {
    return this.#peer
  }

  /** Whether it declared anything that it can be asked. */
  get askable(): boolean {
    return this.#askable
  }

  /** The negotiated revision, once there is one. */
  get spoken(): Revision | undefined {
    return this.#told === undefined ? undefined : this.#peer.revision
  }

  /** It said who it is, and was told what the server can do. */
  introduce(peer: Peer, told: ServerCapabilities): void {
    this.#peer = peer
    this.#askable = isAskable(peer.capabilities)
    this.#told = told
    this.#changed()
  }

  /** Whether the handshake is complete. */
  get initialized(): boolean {
    return this.#initialized
  }

  initialize(): void {
    this.#initialized = true
    this.#changed()
  }

  /** Whether it was told that it would hear of changes of a list. */
  hearsOf(list: ListKind): boolean {
    return this.#told?.[list]?.listChanged === true
  }

  /** The least severe level it wants. Until it said so, the server's choice is `info` (DIGEST S-LOG-07). */
  get logLevel(): LoggingLevel {
    return this.#logLevel ?? 'info'
  }

  set logLevel(level: LoggingLevel) {
    this.#logLevel = level
    this.#changed()
  }

  /** The resources it subscribed to. */
  get uris(): ReadonlySet<string> | undefined {
    return this.#uris
  }

  subscribe(uri: string): void {
    ;(this.#uris ??= new Set()).add(uri)
    this.#changed()
  }

  /** False when it had not subscribed. */
  unsubscribe(uri: string): boolean {
    const had = this.#uris?.delete(uri) === true
    if (had) this.#changed()
    return had
  }

  /** The values of handlers; undefined for a request that stands alone. */
  get values(): SessionValues | undefined {
    if (this.isAlone) return undefined
    return (this.#memory ??= new SessionMemory(this.id, undefined, () => this.#changed()))
  }
}
