/** Keeps a session's record in the store, where there is one. What fails there is reported and costs nobody the session. */

import { type EventLog, isThenable, type Service, type SessionRecord, type SessionStore, type Sweep } from '@oarlock/protocol'

/** Where sessions are kept and for how long. */
export interface KeepingGround {
  readonly service: Service
  readonly sweep: Sweep
  readonly store: SessionStore | undefined
  readonly log: EventLog | undefined
  readonly idleMs: number
}

/** The record of one session. */
export class Keeping {
  readonly #ground: KeepingGround
  readonly #id: string
  /** The record as it was last written. */
  #written = ''
  #touched: number

  constructor(ground: KeepingGround, id: string) {
    this.#ground = ground
    this.#id = id
    this.#touched = ground.sweep.now
  }

  /** Whether there is a store at all. Without one nothing needs to be saved. */
  get on(): boolean {
    return this.#ground.store !== undefined
  }

  /** Writes the record if it changed, or lets it live on. Returns a promise while the store is at it. */
  save(record: SessionRecord): void | PromiseLike<void> {
    const { store, idleMs, sweep } = this.#ground
    if (store === undefined) return
    const text = JSON.stringify(record)
    if (text === this.#written && sweep.now - this.#touched < idleMs / 10) return
    this.#touched = sweep.now
    if (text === this.#written) return this.#quietly(() => store.touch(this.#id, idleMs))
    this.#written = text
    return this.#quietly(() => store.set(record, idleMs))
  }

  /** Deletes the record, and the events once `logged`. Returns a promise while the store is at it. */
  discard(logged: void | Promise<unknown>): void | PromiseLike<void> {
    const drop = (): unknown => this.#quietly(() => this.#ground.log?.drop(this.#id))
    // An append on its way could come after the drop.
    if (logged === undefined) drop()
    else void logged.then(drop)
    return this.#quietly(() => this.#ground.store?.delete(this.#id))
  }

  #quietly(work: () => void | PromiseLike<void>): void | PromiseLike<void> {
    const failed = (cause: unknown): void => this.#ground.service.report(cause, 'http session store')
    try {
      const done = work()
      return isThenable(done) ? Promise.resolve(done).then(undefined, failed) : undefined
    } catch (cause) {
      failed(cause)
    }
  }
}
