/** The challenge that a refusal owes to whoever could say who it is (RFC 9110, section 11.6.1). */

/** Parameters of a challenge; those that are absent are left out. */
export type ChallengeParams = Readonly<Record<string, string | undefined>>

/** One way in which a caller may say who it is. */
export interface Challenge {
  /** `Bearer`, `ApiKey`, or another of HTTP's. */
  readonly scheme: string
  readonly params?: ChallengeParams
}

/**
 * The value of a `WWW-Authenticate` header. Whatever the parameters hold, each stays inside its quotes and on its line (RFC 9110, section
 * 11.2; THREATS T27).
 */
export function challenge(scheme: string, params: ChallengeParams = {}): string {
  const list = Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${quotable(value)}"`]))
  return list.length === 0 ? scheme : `${scheme} ${list.join(', ')}`
}

/** The same of several, among which the caller chooses. */
export function challengeOf(challenges: readonly Challenge[]): string {
  return challenges.map(({ scheme, params }) => challenge(scheme, params)).join(', ')
}

function quotable(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')
}
