/** An object that answers and listens for a client, and the subscription that its listening takes. */

import { announce, type ClientEvents, type Events } from '../events.ts'
import type { ListenFilter, Subscription } from '../subscription.ts'
import type { AnswerHandlers } from './handlers.ts'
import { filterOf, listenTo, offeredBy } from './offered.ts'

/** Whom it does that for: a client. */
export interface Enlisting {
  answer(handlers: AnswerHandlers): Promise<void>
  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): () => void
  listen(filter: ListenFilter): Subscription
}

/** Lets it. Resolves to how to stop listening. */
export async function enlist(client: Enlisting, events: Events, instance: object): Promise<() => void> {
  const offered = offeredBy(instance)
  await client.answer(offered.answers)
  const stop = listenTo(offered, (event, listener) => client.on(event, listener))
  const filter = filterOf(offered)
  const subscription = filter === undefined ? undefined : client.listen(filter)
  if (subscription !== undefined) void drain(subscription, events)
  return () => {
    stop()
    subscription?.close()
  }
}

/** News reaches listeners as events; somebody has to take it off the subscription. */
async function drain(subscription: Subscription, events: Events): Promise<void> {
  try {
    for (let next = await subscription.next(); next.done !== true;) next = await subscription.next()
  } catch (cause) {
    announce(events, 'warning.reported', { message: 'The subscription ended', cause })
  }
}
