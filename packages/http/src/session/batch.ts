/** Batches as 2025-03-26 has them, seen from HTTP: which request names the answer, and what happens to a batch that asks nothing. */

import { encodeFault, type BatchMessage, type InvalidMessage, type Message, type RequestId, type Revision } from '@oarlock/protocol'

/** The ids of a batch's requests, in order. The first one names the answer. */
export function requestIds(batch: BatchMessage): readonly RequestId[] {
  return batch.items.flatMap(item => (item.kind === 'request' ? [item.id] : []))
}

/** A batch that asks nothing, taken apart. */
export interface Unasking {
  /** Its notices and replies. */
  readonly accepted: BatchMessage | undefined
  /** The errors for the rest, and their status; no text where all was well. */
  readonly text: string | undefined
  readonly status: number
}

/** Takes apart a batch without requests. The server sends no answer to such a batch, so what could not be read is answered here. */
export function unasking(batch: BatchMessage, revision: Revision): Unasking {
  const accepted: Message[] = []
  const errors: string[] = []
  for (const item of batch.items) {
    if (isInvalid(item)) errors.push(encodeFault(item.id, item.fault, revision).text)
    else accepted.push(item)
  }
  return {
    accepted: accepted.length === 0 ? undefined : { kind: 'batch', items: accepted },
    text: errors.length === 0 ? undefined : `[${errors.join(',')}]`,
    status: accepted.length === 0 ? 400 : 200,
  }
}

const isInvalid = (item: Message | InvalidMessage): item is InvalidMessage => item.kind === 'invalid'
