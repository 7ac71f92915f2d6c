/** The stream of a session on which a server says what belongs to no request: opened by GET, taken up again when it breaks. */

import { parse } from '@oarlock/protocol'
import { isEventStream } from '../media-type.ts'
import type { CallGround } from './call.ts'
import { SessionLost } from './error.ts'
import { Patience } from './pause.ts'
import { messageParser, readEvents } from './reading.ts'
import type { ClientSession } from './session.ts'

/** Statuses after which trying again may help: the old stream is still there, the server is busy, or (400) it does not know the new session quite yet. */
const PASSING: ReadonlySet<number> = new Set([400, 408, 409, 425, 429])

/**
 * Listens until `signal` aborts, the server has no such stream, or it cannot be had any more. Never rejects. `answered` is called when the server first
 * answered, or could not.
 */
export async function listen(ground: CallGround, session: ClientSession, signal: AbortSignal, answered: () => void): Promise<void> {
  const { settings, requester } = ground
  const parser = messageParser(settings.maxMessage, text => {
    if (!signal.aborted) ground.receive(parse(text, settings.limits))
  })
  const patience = new Patience(settings.clock)
  for (let failures = 0; failures < settings.attempts;) {
    const before = parser.lastEventId
    const headers = { Accept: 'text/event-stream', ...session.headers(), ...(before === '' ? {} : { 'Last-Event-ID': before }) }
    try {
      const response = await requester.send({ method: 'GET', headers, signal }).finally(answered)
      if (response.ok && isEventStream(response.headers.get('content-type') ?? undefined)) {
        failures = 0
        await readEvents(response, parser)
      } else {
        void response.body?.cancel().catch(() => {})
        if (response.status === 404 && session.id !== undefined) return ground.lost(new SessionLost())
        // 405 is how a server says that it has no such stream, and nothing to wait for (C-LEG-07).
        if (response.status < 500 && !PASSING.has(response.status)) return
        failures += 1
      }
    } catch {
      failures += 1
    }
    if (parser.lastEventId !== before) patience.rewarded()
    if (signal.aborted || !(await patience.wait(parser.retry, signal))) return
  }
}
