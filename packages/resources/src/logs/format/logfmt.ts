/** logfmt: `level=info msg="listening" port=8080`. */

import { type LogEntry, levelOf } from '../entry.ts'
import { timeOf } from '../time.ts'
import type { LogFormat } from './format.ts'

const TIME = ['time', 'ts', 'timestamp', 't']
const LEVEL = ['level', 'lvl', 'severity']
const MESSAGE = ['msg', 'message']
const COMPONENT = ['component', 'logger', 'module', 'service', 'app', 'source']

/** Pairs of a key and a value, quoted or not. A line counts when it is nothing but such, and says a level, a time or a message. */
export const logfmt: LogFormat = {
  name: 'logfmt',
  parse(line) {
    const pairs = pairsOf(line)
    if (pairs === undefined) return undefined
    const take = (names: readonly string[]): string | undefined => {
      const name = names.find(name => pairs.has(name))
      const value = name === undefined ? undefined : pairs.get(name)
      if (name !== undefined) pairs.delete(name)
      return value
    }
    const [time, level, message] = [take(TIME), take(LEVEL), take(MESSAGE)]
    if (time === undefined && level === undefined && message === undefined) return undefined
    const component = take(COMPONENT)
    return { time: timeOf(time), level: levelOf(level), component, message: message ?? '', fields: fieldsOf(pairs) }
  },
}

function fieldsOf(pairs: ReadonlyMap<string, string>): LogEntry['fields'] {
  if (pairs.size === 0) return undefined
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of pairs) fields[name] = value
  return fields
}

/** One pass over the line; undefined when it is not made of pairs. A key alone is true. */
function pairsOf(line: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>()
  let at = 0
  while (at < line.length) {
    if (line[at] === ' ' || line[at] === '\t') {
      at++
      continue
    }
    const start = at
    while (at < line.length && isKey(line.charCodeAt(at))) at++
    const key = line.slice(start, at)
    if (key === '') return undefined
    if (line[at] !== '=') {
      if (at < line.length && line[at] !== ' ') return undefined
      pairs.set(key, 'true')
      // Words alone are prose, not pairs.
      if (pairs.size === 1) return undefined
      continue
    }
    const { value, end } = line[at + 1] === '"' ? quoted(line, at + 2) : bare(line, at + 1)
    pairs.set(key, value)
    at = end
  }
  return pairs.size > 1 ? pairs : undefined
}

/** Letters, digits and `_ - . @ / $ :`. */
function isKey(code: number): boolean {
  const lower = code | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x2d && code <= 0x3a) || code === 0x5f || code === 0x40 || code === 0x24
}

function bare(line: string, start: number): { readonly value: string; readonly end: number } {
  const blank = line.indexOf(' ', start)
  const end = blank === -1 ? line.length : blank
  return { value: line.slice(start, end), end }
}

function quoted(line: string, start: number): { readonly value: string; readonly end: number } {
  let value = ''
  let from = start
  for (let at = start; at < line.length; at++) {
    if (line[at] === '"') return { value: value + line.slice(from, at), end: at + 1 }
    if (line[at] !== '\\') continue
    value += line.slice(from, at) + unescaped(line[at + 1])
    from = at + 2
    at++
  }
  return { value: value + line.slice(from), end: line.length }
}

function unescaped(char: string | undefined): string {
  return char === 'n' ? '\n' : char === 't' ? '\t' : (char ?? '')
}
