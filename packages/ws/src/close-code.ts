/** The close codes of the profile: which there are, and what each says to whoever reads it (RFC 6455, section 7.4.1). */

/** Codes by what they mean here. */
export const CLOSE = {
  /** The conversation is over, or nobody used the connection for too long. */
  DONE: 1000,
  /** The server shuts down, or the page was left. */
  GOING: 1001,
  /** A frame that the protocol does not allow. */
  ILLEGAL: 1002,
  /** A binary frame: messages are text. */
  BINARY: 1003,
  /** Never sent: the connection ended without a goodbye. */
  BROKEN: 1006,
  /** Text that is not UTF-8. */
  NOT_UTF8: 1007,
  /** What is not allowed to this peer: its token expired, it sent too much that is no message. */
  POLICY: 1008,
  /** A message over the limit. */
  TOO_LARGE: 1009,
  /** The server failed. */
  FAILED: 1011,
  /** The peer reads too slowly, or not at all. */
  TOO_SLOW: 1013,
} as const

const TEXTS: ReadonlyMap<number, string> = new Map([
  [CLOSE.DONE, 'the conversation is over'],
  [CLOSE.GOING, 'it is shutting down'],
  [CLOSE.ILLEGAL, 'it received an illegal frame'],
  [CLOSE.BINARY, 'it takes text frames only'],
  [1005, 'it gave no reason'],
  [CLOSE.BROKEN, 'the connection broke'],
  [CLOSE.NOT_UTF8, 'it received text that is not UTF-8'],
  [CLOSE.POLICY, 'it no longer allows this connection'],
  [CLOSE.TOO_LARGE, 'it received a message over its limit'],
  [CLOSE.FAILED, 'it failed'],
  [1012, 'it is restarting'],
  [CLOSE.TOO_SLOW, 'it found this side too slow to read'],
  [1014, 'a gateway got no good answer from it'],
])

/** What a code says, as the rest of a sentence about the other side. */
export function closeText(code: number): string {
  return TEXTS.get(code) ?? 'it gave a code of its own'
}

const RANGE = 4000

/** Browsers let a page send few codes: there, those of the protocol move into the range that is private (1003 becomes 4003). */
export function privateCode(code: number): number {
  return code === CLOSE.DONE ? code : RANGE + (code % 1000)
}
