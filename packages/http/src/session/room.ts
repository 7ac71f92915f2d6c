/** How many sessions an endpoint has room for, and for whom (THREATS 17). */

import { Fault, Quota } from '@oarlock/protocol'
import type { SessionSettings } from '../options.ts'

/** The places of an endpoint. */
export function sessionQuota({
  max = 10_000,
  maxPerPrincipal = 1000,
  maxAnonymous,
  maxPerAddress = Infinity,
}: Partial<SessionSettings>): Quota {
  return new Quota({ all: max, each: maxPerPrincipal, anonymous: maxAnonymous, address: maxPerAddress })
}

/** The answer to a caller for whom there is no room; undefined where there is. */
export function fullFor(quota: Quota, caller: string): Fault | undefined {
  const lack = quota.lack(caller)
  if (lack === undefined) return undefined
  const text = lack === 'anonymous' ? 'Too many anonymous sessions are open: sign in, or come back later' : 'Too many sessions are open'
  return new Fault('OVERLOADED', text, { headers: { 'Retry-After': '60' } })
}
