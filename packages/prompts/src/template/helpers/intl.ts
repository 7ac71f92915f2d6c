/** What Intl refuses, as a failure of the helper: a locale, a zone or a currency that it does not know. */

import { TemplateFailure } from '../failure.ts'
import { text } from '../values.ts'

/** What `work` comes to. @throws TemplateFailure for a RangeError */
export function known<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof RangeError) throw new TemplateFailure('helper', cause.message, undefined, { cause })
    throw cause
  }
}

/** Whether there is such a locale. @throws TemplateFailure for one that is none */
export const lookAtLocale = (value: unknown): unknown => known(() => Intl.getCanonicalLocales(text(value)))
