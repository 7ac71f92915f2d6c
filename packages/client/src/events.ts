/** What a client tells those who listen: facts from the server and about the connection. Listeners observe; they change nothing. */

import type { EventEmitter } from 'eventemitter3'
import type { JsonObject, LoggingLevel, Revision } from '@oarlock/protocol'
import { quietly } from './quietly.ts'

/** How far a request is. */
export interface Progress {
  /** Grows from notice to notice. */
  readonly progress: number
  /** What `progress` will be at the end, when known. */
  readonly total: number | undefined
  readonly message: string | undefined
}

/** Facts by name, and what is told with each. All of it is read-only; a listener that throws is told as `warning.reported` and disturbs nobody. */
export interface ClientEvents {
  /** A log message. A level the protocol does not know arrives as it was sent. */
  'log.received': [event: { readonly level: LoggingLevel; readonly logger: string | undefined; readonly data: unknown }]
  /** Progress of any request of this client, `id` being the request's. Requests ask for it while somebody listens. */
  'progress.received': [event: Progress & { readonly id: number; readonly method: string }]
  /** The server offers other tools than before. Statelessly these three, and `resource.updated`, need an open `listen`. */
  'tools.changed': []
  'prompts.changed': []
  'resources.changed': []
  /** A resource, or one below it, changed. */
  'resource.updated': [event: { readonly uri: string }]
  /** The user finished at a page this client was sent to. Once for each id that was asked for. */
  'elicitation.completed': [event: { readonly elicitationId: string }]
  /** A notification that this package gives no meaning: of an extension, or of a later revision. */
  'notice.received': [event: { readonly method: string; readonly params: JsonObject | undefined }]
  /** Something was wrong and went on: a malformed message, a reply to nothing, a tool left out of a list, a listener that threw. */
  'warning.reported': [event: { readonly message: string; readonly cause?: unknown }]
  /** A connection ended. `cause` is absent when this side closed it or the end was orderly. There may be another soon. */
  'connection.closed': [event: { readonly cause: unknown }]
  /**
   * The connection broke, and another will be opened in `delayMs`. `attempt` counts from 1 until one stands. Over HTTP without a session each request
   * has a connection of its own: this is told when one is about to be repeated, once for all that broke together.
   */
  'reconnect.scheduled': [event: { readonly attempt: number; readonly delayMs: number; readonly cause: unknown }]
  /** There is a connection again, or without a session an answer. What a session remembered is gone, and news may have been missed. */
  'connection.restored': [event: { readonly attempts: number; readonly revision: Revision }]
  /** All attempts to open a connection again, or to repeat a request without a session, failed. The next request begins anew. */
  'connection.lost': [event: { readonly cause: unknown }]
}

/** The one emitter of a client. */
export type Events = EventEmitter<ClientEvents>

/** Tells listeners. Those of `listen` never throw. */
export function announce<E extends keyof ClientEvents>(events: Events, event: E, ...args: ClientEvents[E]): void {
  ;(events.emit as (event: E, ...args: ClientEvents[E]) => boolean).call(events, event, ...args)
}

/** Adds a listener. One that fails is told as `warning.reported`: it costs neither the other listeners their turn nor anybody an answer. Returns how to stop. */
export function listen<E extends keyof ClientEvents>(events: Events, event: E, listener: (...args: ClientEvents[E]) => void): () => void {
  const failed = (cause: unknown): void => {
    if (event !== 'warning.reported') announce(events, 'warning.reported', { message: `A listener of "${event}" threw`, cause })
  }
  const heard = ((...args: ClientEvents[E]) => quietly(() => listener(...args), failed)) as Parameters<typeof events.on<E>>[1]
  events.on(event, heard)
  return () => void events.off(event, heard)
}
