/** `until(source, event)`: waits for an event of a server or client, instead of sleeping. */

import type { Duration } from '@oarlock/protocol'
import { PATIENCE_MS, Waiting } from './waiting.ts'

/** Whatever has typed events: a Server, a Client. `on` returns how to stop. */
export interface EventSource<Events> {
  on<E extends keyof Events>(event: E, listener: Events[E]): () => void
}

type Payload<Listener> = Listener extends (payload: infer P, ...rest: never[]) => unknown ? P : never

/** What the client calls its events: tuples of arguments instead of listeners. */
interface TupleSource<Events extends Readonly<Record<keyof Events, readonly unknown[]>>> {
  on<E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): () => void
}

/** The first payload of `event` that passes `test`. Rejects after `timeout`. */
export function until<Events, E extends keyof Events>(
  source: EventSource<Events>,
  event: E,
  test?: (payload: Payload<Events[E]>) => boolean,
  timeout?: Duration,
): Promise<Payload<Events[E]>>
export function until<Events extends Readonly<Record<keyof Events, readonly unknown[]>>, E extends keyof Events>(
  source: TupleSource<Events>,
  event: E,
  test?: (payload: Events[E][0]) => boolean,
  timeout?: Duration,
): Promise<Events[E][0]>
export async function until(
  source: { on(event: never, listener: never): () => void },
  event: PropertyKey,
  test: (payload: never) => boolean = () => true,
  timeout: Duration = PATIENCE_MS,
): Promise<unknown> {
  const waiting = new Waiting<unknown>()
  const stop = source.on(event as never, ((payload: unknown) => waiting.offer(payload)) as never)
  try {
    return await waiting.next(test as (payload: unknown) => boolean, timeout, `event '${String(event)}'`)
  } finally {
    stop()
  }
}
