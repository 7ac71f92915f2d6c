/** Batches, which only 2025-03-26 knows: each message in one is served like any other, and the replies leave as one frame (DIGEST 2.5). */

import { Fault, type BatchMessage, type Head, type NoticeMessage, type RequestMessage } from '@oarlock/protocol'
import type { InFlight } from './in-flight.ts'
import { BatchReplies } from './replies.ts'
import type { Session } from './session.ts'

/** Serves a batch. `notice` takes the notices in it, some of which are none of the session's. */
export function serveBatch(
  batch: BatchMessage,
  head: Head,
  session: Session,
  running: InFlight,
  notice: (item: NoticeMessage) => void,
): void {
  if (session.revision !== '2025-03-26') {
    return session.refuse(undefined, new Fault('INVALID_REQUEST', `Revision ${session.revision} has no batches`), session, 'batch')
  }
  const replies = new BatchReplies(batch, frame => void session.send(frame))
  for (const item of batch.items) {
    if (item.kind === 'request') {
      const obstacle = obstacleTo(item, running)
      if (obstacle === undefined) session.request(item, head, replies)
      else session.refuse(item.id, obstacle, replies, item.method)
    } else if (item.kind === 'notice') notice(item)
    else if (item.kind === 'reply') session.reply(item)
    else if (item.meant === undefined) session.refuse(item.id, item.fault, replies, 'batch')
    else if (item.meant === 'reply') session.unreadable(item)
  }
}

function obstacleTo({ id, method }: RequestMessage, running: InFlight): Fault | undefined {
  return method === 'initialize' ? new Fault('INVALID_REQUEST', 'initialize must not be in a batch') : running.obstacle(id)
}
