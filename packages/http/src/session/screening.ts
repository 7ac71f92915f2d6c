/** What is looked at before a message of the session revisions is served: media types, version header, the shape of a batch. */

import { conversationOf, Fault, type BatchMessage, type HeaderView, type Message, type RequestId, type Revision } from '@oarlock/protocol'
import { refuse } from '../answer.ts'
import { accepts } from '../media-type.ts'
import type { Turn } from '../turn.ts'

/** Whether a revision converses in sessions. */
export function isLegacy(revision: Revision): boolean {
  return conversationOf(revision) === 'session'
}

/** What is wrong with the `MCP-Protocol-Version` of a request, if anything: it must name a session revision of this server (S-LHT-13). */
export function versionFault(headers: HeaderView, revisions: readonly Revision[]): Fault | undefined {
  const version = headers.get('mcp-protocol-version')
  if (version === undefined || revisions.some(revision => revision === version && isLegacy(revision))) return undefined
  return new Fault('VERSION_HEADER', `MCP-Protocol-Version must be one of ${revisions.filter(isLegacy).join(', ')}`)
}

/** The revision a request is in before its session is known: what its header says, else 2025-03-26 (S-LHT-14). */
export function revisionOf(headers: HeaderView, revisions: readonly Revision[]): Revision {
  const version = headers.get('mcp-protocol-version')
  return revisions.find(revision => revision === version && isLegacy(revision)) ?? '2025-03-26'
}

/** The id that an answer to a message can echo. */
export function idOf(message: Message | BatchMessage): RequestId | undefined {
  return message.kind === 'request' ? message.id : undefined
}

/** Whether a POST takes both media types; refuses it otherwise (S-HTTP-14). */
export function acceptsBoth(turn: Turn, message: Message | BatchMessage, revision: Revision): boolean {
  const accept = turn.headers.get('accept')
  // The text that every SDK sends, spared the parsing.
  if (accept === 'application/json, text/event-stream') return true
  if (accept !== undefined && accepts(accept, 'application/json') && accepts(accept, 'text/event-stream')) return true
  refuse(turn, new Fault('NOT_ACCEPTABLE'), idOf(message), revision)
  return false
}

/** What is wrong with a batch before its messages are looked at, if anything (S-BAT). */
export function batchFault(batch: BatchMessage, revision: Revision): Fault | undefined {
  if (revision !== '2025-03-26') return new Fault('INVALID_REQUEST', 'This revision has no batches: send one message at a time')
  const ids = new Set<RequestId>()
  for (const item of batch.items) {
    if (item.kind !== 'request') continue
    if (item.method === 'initialize') return new Fault('INVALID_REQUEST', 'initialize must not be part of a batch')
    if (ids.has(item.id)) return new Fault('INVALID_REQUEST', 'Two requests of a batch have the same id')
    ids.add(item.id)
  }
  return undefined
}
