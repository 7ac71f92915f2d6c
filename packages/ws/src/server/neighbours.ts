/** Who else takes upgrades on a port: what is for none of our paths may be for somebody else's. */

import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'

/** How a door of any copy of this package tells whether a request is for its path. */
export const TAKES: unique symbol = Symbol.for('oarlock.takes-upgrade') as never

/** A listener that can tell. */
export interface Taking {
  readonly [TAKES]: (req: IncomingMessage) => boolean
}

/**
 * Whether the answer to a request that is not for `self` is somebody else's: a listener's that is no door of ours, or of ours the one's at that path.
 * Where all are ours and it is for none, the last one answers, so that nobody waits for ever.
 * @param emitter what `self` was called by; anything else when somebody chose it and calls it as a function
 */
export function isLeftToOthers(emitter: unknown, self: Taking, req: IncomingMessage): boolean {
  const listeners: readonly unknown[] = isEmitter(emitter) ? emitter.listeners('upgrade') : []
  if (!listeners.includes(self)) return false
  return listeners.at(-1) !== self || listeners.some(each => each !== self && (isTaking(each) ? each[TAKES](req) : true))
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof (value as Partial<EventEmitter> | undefined)?.listeners === 'function'
}

function isTaking(listener: unknown): listener is Taking {
  return typeof (listener as Partial<Taking>)[TAKES] === 'function'
}
