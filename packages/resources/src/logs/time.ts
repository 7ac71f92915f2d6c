/** Times as logs write them. Every pattern is anchored and of fixed width, so reading is linear whatever the line holds. */

/** A time at the start of a line, and where it ends. */
export interface LeadingTime {
  readonly time: number
  readonly end: number
}

const ISO = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d)?/
const SYSLOG = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?!\d)/
const ACCESS = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})/
const EPOCH = /^(\d{10}(?:\.\d{1,9})?|\d{13})(?=[\s\]|:,]|$)/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A time given as a value: epoch in seconds, milliseconds, microseconds or nanoseconds, or text in one of the forms of `leadingTime`. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return ofEpoch(value)
  if (typeof value !== 'string' || value.length === 0 || value.length > 64) return undefined
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(value)) return ofEpoch(Number(value))
  const found = leadingTime(value)
  return found?.end === value.length ? found.time : undefined
}

/**
 * The time a line begins with: ISO 8601 and its relatives (a blank for the `T`, a comma for the point, slashes), the time of RFC 3164, that of access
 * logs, or an epoch. Without a zone it is taken to be this process's. RFC 3164 has no year: it is the one that makes the time the latest not after
 * tomorrow.
 */
export function leadingTime(line: string): LeadingTime | undefined {
  return iso(line) ?? syslog(line) ?? access(line) ?? epoch(line)
}

function iso(line: string): LeadingTime | undefined {
  const found = ISO.exec(line)
  if (found === null) return undefined
  const [text, year, month, day, hour, minute, second, fraction, zone] = found
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), millis(fraction)] as const
  return sound(at(parts, zone), zone === undefined ? text.trimEnd().length : text.length)
}

function syslog(line: string): LeadingTime | undefined {
  const found = SYSLOG.exec(line)
  const month = found === null ? -1 : MONTHS.indexOf(String(found[1]))
  if (found === null || month === -1) return undefined
  const [text, , day, hour, minute, second, fraction] = found
  const now = Date.now()
  const year = new Date(now).getFullYear()
  const rest = [month, Number(day), Number(hour), Number(minute), Number(second), millis(fraction)] as const
  const time = at([year + 1, ...rest], undefined)
  const candidates = [time, at([year, ...rest], undefined), at([year - 1, ...rest], undefined)]
  return sound(candidates.find(candidate => candidate <= now + 86_400_000) ?? Number.NaN, text.length)
}

function access(line: string): LeadingTime | undefined {
  const found = ACCESS.exec(line)
  const month = found === null ? -1 : MONTHS.indexOf(String(found[2]))
  if (found === null || month === -1) return undefined
  const [text, day, , year, hour, minute, second, zone] = found
  return sound(at([Number(year), month, Number(day), Number(hour), Number(minute), Number(second), 0], zone), text.length)
}

function epoch(line: string): LeadingTime | undefined {
  const text = EPOCH.exec(line)?.[1]
  return text === undefined ? undefined : sound(ofEpoch(Number(text)) ?? Number.NaN, text.length)
}

type Parts = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number, ms: number]

function at(parts: Parts, zone: string | undefined): number {
  const [year, month, day, hour, minute, second] = parts
  if (month < 0 || month > 11 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 || year < 1970) return Number.NaN
  if (zone === undefined) return new Date(...parts).getTime()
  return Date.UTC(...parts) - offsetOf(zone)
}

function offsetOf(zone: string): number {
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(zone)
  if (found === null) return 0
  const minutes = Number(found[2]) * 60 + Number(found[3])
  return (found[1] === '-' ? -minutes : minutes) * 60_000
}

function millis(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
}

// 10^11 seconds are the year 5138, and 10^11 milliseconds 1973.
function ofEpoch(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 1e8) return undefined
  if (value < 1e11) return Math.round(value * 1000)
  if (value < 1e14) return Math.round(value)
  return value < 1e20 ? Math.round(value < 1e17 ? value / 1e3 : value / 1e6) : undefined
}

function sound(time: number, end: number): LeadingTime | undefined {
  return Number.isFinite(time) ? { time, end } : undefined
}
