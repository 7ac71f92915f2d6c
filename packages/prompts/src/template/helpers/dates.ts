/** {{now}} and {{date}}: moments as text, in a zone. */

import { inline, type Builtin, type BuiltinCall } from '../builtin.ts'
import { TemplateFailure } from '../failure.ts'
import { text } from '../values.ts'
import { known, lookAtLocale } from './intl.ts'
import { kept } from './kept.ts'

/** Styles that Intl has. */
const STYLES: ReadonlySet<string> = new Set(['short', 'medium', 'long', 'full'])

/** Styles that are the same in every locale. */
const PATTERNS: Readonly<Record<string, string>> = { date: 'yyyy-MM-dd', time: 'HH:mm', datetime: 'yyyy-MM-dd HH:mm' }

const styled = kept(
  (locale: string, timeZone: string, dateStyle: string) =>
    new Intl.DateTimeFormat(locale, { timeZone, dateStyle: dateStyle as 'short' | 'medium' | 'long' | 'full' }),
)

const wide = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
const digits = kept((timeZone: string) => new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...wide }))
const named = kept(
  (locale: string, timeZone: string, part: string, length: string) => new Intl.DateTimeFormat(locale, { timeZone, [part]: length }),
)

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** A moment. A day without a time is that day in every zone. */
function momentOf(value: unknown): { readonly date: Date; readonly isDay: boolean } {
  const isDay = typeof value === 'string' && DAY.test(value)
  const date = value instanceof Date ? value : new Date(typeof value === 'number' || typeof value === 'string' ? value : Number.NaN)
  if (Number.isNaN(date.getTime()))
    throw new TemplateFailure('helper', 'A date is wanted here: ISO 8601 text, a number of milliseconds, or a Date')
  return { date, isDay }
}

const TOKEN = /'[^']*'|yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|HH|H|mm|ss/g

/** A pattern of `yyyy MM dd HH mm ss`, `M d H` without zero, `MMM MMMM EEE EEEE` by name; text between single quotes stays. */
function patterned(date: Date, pattern: string, locale: string, timeZone: string): string {
  const parts = new Map<string, string>(
    digits(timeZone)
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: string): string => parts.get(type) ?? ''
  const bare = (type: string): string => String(Number(part(type)))
  const words: Readonly<Record<string, () => string>> = {
    yyyy: () => part('year').padStart(4, '0'),
    yy: () => part('year').slice(-2).padStart(2, '0'),
    MMMM: () => named(locale, timeZone, 'month', 'long').format(date),
    MMM: () => named(locale, timeZone, 'month', 'short').format(date),
    MM: () => part('month'),
    M: () => bare('month'),
    dd: () => part('day'),
    d: () => bare('day'),
    EEEE: () => named(locale, timeZone, 'weekday', 'long').format(date),
    EEE: () => named(locale, timeZone, 'weekday', 'short').format(date),
    HH: () => part('hour'),
    H: () => bare('hour'),
    mm: () => part('minute'),
    ss: () => part('second'),
  }
  return pattern.replace(TOKEN, token => (token.startsWith("'") ? token.slice(1, -1) : (words[token]?.() ?? token)))
}

function dated([value, format = 'date']: readonly unknown[], call: BuiltinCall): string {
  const { date, isDay } = momentOf(value)
  const style = text(format)
  if (style === 'iso') return date.toISOString()
  const locale = text(call.named['locale'] ?? call.locale)
  const timeZone = isDay ? 'UTC' : text(call.named['timeZone'] ?? call.timeZone)
  return known(() =>
    STYLES.has(style) ? styled(locale, timeZone, style).format(date) : patterned(date, PATTERNS[style] ?? style, locale, timeZone),
  )
}

const lookAtZone = (value: unknown): unknown => known(() => digits(text(value)))

export const DATES: readonly Builtin[] = [
  inline('now', 0, (_values, call) => new Date(call.now()).toISOString()),
  inline('date', [1, 2], dated, {
    named: ['timeZone', 'locale'],
    looks: [momentOf],
    looksAt: { timeZone: lookAtZone, locale: lookAtLocale },
  }),
]
