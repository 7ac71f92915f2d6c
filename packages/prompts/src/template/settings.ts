/** Engine options with everything filled in, made once per set. */

import { systemClock } from '@oarlock/protocol'
import { estimateTokens, LIMITS, type EngineOptions, type TemplateLimits } from './options.ts'

/** What helpers and renderings read. */
export interface Settings {
  readonly limits: TemplateLimits
  readonly tokens: (text: string) => number
  readonly now: () => number
  readonly timeZone: string
  readonly locale: string
  readonly assets: EngineOptions['assets']
}

/** Fills in options. @throws RangeError for a time zone or locale that Intl does not know, TypeError for a limit that is no positive integer */
export function settingsOf(options: EngineOptions): Settings {
  const { tokens = estimateTokens, clock = systemClock, timeZone = 'UTC', locale = 'en-US', assets } = options
  void new Intl.DateTimeFormat(locale, { timeZone })
  const limits = { ...LIMITS, ...options.limits }
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`limits.${name} must be a positive integer`)
  }
  return { limits, tokens, now: () => clock.now(), timeZone, locale, assets }
}
