/** The dated revisions of the Model Context Protocol and how they are compared: by position in one list, never by string order. */

/** Every revision Oarlock speaks, oldest first. */
export const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const

/** A dated revision of the protocol that Oarlock speaks. */
export type Revision = (typeof REVISIONS)[number]

/** How the two sides converse in a revision: `session` opens with a handshake, `stateless` carries an envelope in each request. */
export type Conversation = 'session' | 'stateless'

const POSITION: ReadonlyMap<string, number> = new Map(REVISIONS.map((revision, index) => [revision, index]))

/** The first revision without a handshake. Everything from here on is stateless. */
export const FIRST_STATELESS = '2026-07-28' satisfies Revision

/** Revisions opened by `initialize`, oldest first. */
export const SESSION_REVISIONS: readonly Revision[] = REVISIONS.filter(revision => !atLeast(revision, FIRST_STATELESS))

/** Revisions whose every request carries its envelope, oldest first. These are the ones `server/discover` lists. */
export const STATELESS_REVISIONS: readonly Revision[] = REVISIONS.filter(revision => atLeast(revision, FIRST_STATELESS))

/** The newest revision opened by `initialize`: what a server offers to a peer that asks for one it does not know. */
export const NEWEST_SESSION = '2025-11-25' satisfies Revision

/** The newest revision of all. */
export const NEWEST = '2026-07-28' satisfies Revision

/** Whether `text` is exactly one of our revisions. Unknown dates are never ordered or matched by prefix. */
export function isRevision(text: unknown): text is Revision {
  return typeof text === 'string' && POSITION.has(text)
}

/** Whether `revision` is `since` or newer. */
export function atLeast(revision: Revision, since: Revision): boolean {
  return (POSITION.get(revision) as number) >= (POSITION.get(since) as number)
}

/** Whether `revision` lies in the half-open span `[since, until)`. An absent bound is open. */
export function within(revision: Revision, since?: Revision, until?: Revision): boolean {
  return (since === undefined || atLeast(revision, since)) && (until === undefined || !atLeast(revision, until))
}

/** Which of the two conversations a revision uses. */
export function conversationOf(revision: Revision): Conversation {
  return atLeast(revision, FIRST_STATELESS) ? 'stateless' : 'session'
}
