/** Which leg an endpoint has: with sessions, without, or none. */

import type { Ground } from '../exchange.ts'
import type { Settings } from '../options.ts'
import type { LegacyLeg } from './leg.ts'
import { ModernOnly } from './modern-only.ts'
import { isLegacy } from './screening.ts'
import { Sessionless } from './sessionless.ts'
import { Sessions } from './sessions.ts'

/** The leg that an endpoint's server and options call for. */
export function legacyLegOf(ground: Ground, settings: Settings): LegacyLeg {
  if (!ground.service.revisions.some(isLegacy)) return new ModernOnly(ground.service.revisions)
  return settings.sessions === false ? new Sessionless(ground) : new Sessions(ground, settings.sessions, settings.clock)
}
