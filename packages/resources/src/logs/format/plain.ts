/** Lines of text: with a time in front, as most programs write them, or with nothing at all. */

import { type LogEntry, levelOf } from '../entry.ts'
import { leadingTime } from '../time.ts'
import type { LogFormat } from './format.ts'

/** A word in brackets, or one that something other than a blank sets off: ` - `, ` | `, `:`. Both are bounded. */
const WORD = /^(?:[[(<]([^\]\s)>]{1,128})[\])>]|([A-Za-z0-9_.$/#-]{1,128})(?=[\s:|]|$))(:|\s+[-|](?=\s))?\s*/

/**
 * A time, then in any order a level and a component, then the message: `2026-11-21 10:00:00,123 ERROR [http] refused`. Lines without a time belong to
 * the entry before them.
 */
export const plainText: LogFormat = {
  name: 'plain',
  joins: true,
  parse(line) {
    const bracketed = /^[[(]/.test(line)
    const time = leadingTime(bracketed ? line.slice(1) : line)
    if (time === undefined) return undefined
    const rest = line.slice(time.end + (bracketed ? 1 : 0)).replace(/^[\])]?\s*(?:[-|:](?=\s))?\s*/, '')
    return { time: time.time, ...headed(rest) }
  },
}

/** Lines without times. A level in front is understood: `ERROR: refused`, `[warn] slow`. */
export const bareLines: LogFormat = {
  name: 'lines',
  parse(line) {
    const found = WORD.exec(line)
    const level = found !== null && (found[1] !== undefined || found[3] !== undefined) ? levelOf(found[1] ?? found[2]) : undefined
    return level === undefined || found === null ? { message: line } : { level, message: line.slice(found[0].length) }
  },
}

/** Level, component and message of what follows the time. */
function headed(text: string): Pick<LogEntry, 'level' | 'component' | 'message'> {
  let rest = text
  let level: LogEntry['level']
  let component: string | undefined
  for (let words = 0; words < 4; words++) {
    const found = WORD.exec(rest)
    if (found === null) break
    const word = found[1] ?? found[2] ?? ''
    const dot = word.lastIndexOf('.')
    const named = levelOf(word) ?? (dot > 0 && found[3] !== undefined ? levelOf(word.slice(dot + 1)) : undefined)
    if (named !== undefined && level === undefined) {
      level = named
      // `production.ERROR:`, as PHP's monolog writes.
      if (dot > 0 && levelOf(word) === undefined) component ??= word.slice(0, dot)
    } else if (component === undefined && (found[1] !== undefined || found[3] !== undefined)) component = word
    else break
    rest = rest.slice(found[0].length).replace(/^[-|] /, '')
  }
  return { level, component, message: rest }
}
