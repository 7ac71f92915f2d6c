/** The formats that are known, and which of them some lines are in. */

import { accessLog } from './access.ts'
import type { LogFormat } from './format.ts'
import { jsonLines } from './json.ts'
import { logfmt } from './logfmt.ts'
import { bareLines, plainText } from './plain.ts'
import { syslog } from './syslog.ts'

/** Names of formats: JSON lines, syslog (RFC 3164 and 5424), access logs, logfmt, text with times, text without. */
export type LogFormatName = 'json' | 'syslog' | 'combined' | 'logfmt' | 'plain' | 'lines'

const FORMATS: ReadonlyMap<LogFormatName, LogFormat> = new Map([
  ['json', jsonLines],
  ['syslog', syslog],
  ['combined', accessLog],
  ['logfmt', logfmt],
  ['plain', plainText],
  ['lines', bareLines],
])

/** Lines that are looked at to find out a format. */
export const SAMPLE_LINES = 50

const SHARE = 0.5
/** Where lines belong to others, fewer begin an entry. */
const JOINING_SHARE = 0.25

/** A format by name. @throws TypeError for an unknown one */
export function formatNamed(name: LogFormatName): LogFormat {
  const format = FORMATS.get(name)
  if (format === undefined)
    throw new TypeError(`${JSON.stringify(name)} is no log format: use ${[...FORMATS.keys()].join(', ')}, or one of your own`)
  return format
}

/** The format most of these lines are in; lines of nothing but text otherwise. */
export function detectFormat(lines: readonly string[]): LogFormat {
  // What is indented belongs to something else.
  const outer = lines.filter(line => !/^\s/.test(line))
  const sample = (outer.length > 0 ? outer : lines).slice(0, SAMPLE_LINES)
  for (const format of FORMATS.values()) {
    const share = format.joins === true ? JOINING_SHARE : SHARE
    if (sample.length > 0 && sample.filter(line => format.parse(line) !== undefined).length >= sample.length * share) return format
  }
  return bareLines
}
