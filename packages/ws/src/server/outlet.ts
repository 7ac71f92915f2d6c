/** The sending half of a connection: many messages to a write, bounded when the client is slow (S-WS-09; THREATS 18). */

import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Settings } from './options.ts'

/** Who is told, and when. */
export interface OutletOwner {
  /** The client takes less than it is sent: take no more from it meanwhile. */
  behind(): void
  caughtUp(): void
  /** More waits than may, or the client took nothing for too long. */
  tooSlow(): void
}

interface Behind {
  readonly caughtUp: Promise<void>
  readonly resolve: () => void
  /** What waited when it was last looked at, and since when that is so. */
  progress: number
  since: number
}

/** Sends messages over one WebSocket. */
export class Outlet {
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #settings: Settings
  readonly #owner: OutletOwner
  #corked = false
  #stopped = false
  #behind: Behind | undefined

  constructor(webSocket: WebSocket, socket: Duplex, settings: Settings, owner: OutletOwner) {
    this.#webSocket = webSocket
    this.#socket = socket
    this.#settings = settings
    this.#owner = owner
    socket.on('drain', this.#drained)
  }

  /** Whether the client is slower than those who send to it. */
  get behind(): boolean {
    return this.#behind !== undefined
  }

  /** Sends a text. Returns a promise while the client is behind. */
  send(text: string, now: number): void | Promise<void> {
    if (this.#stopped) return
    const waiting = this.#socket.writableLength
    if (waiting > 0 && waiting + text.length > this.#settings.bufferLimit) return this.#owner.tooSlow()
    this.#cork()
    this.#webSocket.send(text)
    if (this.#behind === undefined && this.#socket.writableNeedDrain) {
      this.#behind = { ...promised(), progress: this.#progress(), since: now }
      this.#owner.behind()
    }
    return this.#behind?.caughtUp
  }

  /** Sends nothing more; whoever waits is let go. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#socket.off('drain', this.#drained)
    this.#letGo()
  }

  /** Called about once a second while behind. */
  sweep(now: number): void {
    const behind = this.#behind
    if (behind === undefined) return
    const progress = this.#progress()
    if (progress !== behind.progress) {
      behind.progress = progress
      behind.since = now
    } else if (now - behind.since >= this.#settings.stallMs) this.#owner.tooSlow()
  }

  // What one burst of work sends leaves in one system call.
  #cork(): void {
    if (this.#corked) return
    this.#corked = true
    this.#socket.cork()
    process.nextTick(this.#uncork)
  }

  readonly #uncork = (): void => {
    this.#corked = false
    this.#socket.uncork()
  }

  readonly #drained = (): void => {
    if (this.#behind === undefined) return
    this.#letGo()
    this.#owner.caughtUp()
  }

  #letGo(): void {
    const behind = this.#behind
    this.#behind = undefined
    behind?.resolve()
  }

  // What the system has taken of a long write shows only in the handle's own queue.
  #progress(): number {
    const handle = (this.#socket as { _handle?: { writeQueueSize?: number } | null })._handle
    return this.#socket.writableLength + (handle?.writeQueueSize ?? 0)
  }
}

function promised(): { caughtUp: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const caughtUp = new Promise<void>(settle => {
    resolve = settle
  })
  return { caughtUp, resolve }
}
