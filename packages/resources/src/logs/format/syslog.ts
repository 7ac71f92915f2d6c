/** Syslog: RFC 5424, RFC 3164, and what daemons make of them in files (no priority, ISO times). */

import type { JsonValue } from '@oarlock/protocol'
import { type LogEntry, levelOf } from '../entry.ts'
import { leadingTime, timeOf } from '../time.ts'
import type { LogFormat } from './format.ts'

const PRIORITY = /^<(\d{1,3})>/
const HEAD_5424 = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /
const HEAD_3164 = /^ (\S{1,255}) ([^\s:[\]]{1,64})(?:\[(\d{1,10})\])?: ?/

/** One message per line, in either format. */
export const syslog: LogFormat = {
  name: 'syslog',
  parse(line) {
    const priority = PRIORITY.exec(line)
    const rest = priority === null ? line : line.slice(priority[0].length)
    const value = priority === null ? undefined : Number(priority[1])
    if (value !== undefined && value > 191) return undefined
    return newer(rest, value) ?? older(rest, value)
  },
}

/** RFC 5424, section 6. */
function newer(rest: string, priority: number | undefined): LogEntry | undefined {
  const found = HEAD_5424.exec(rest)
  if (found === null) return undefined
  const [head, time, host, app, pid, id] = found
  const data = structured(rest, head.length)
  if (data === undefined) return undefined
  const message = rest.slice(data.end).replace(/^ ?\ufeff?/, '')
  const fields = { ...known({ host, pid, id }), ...facility(priority), ...(data.value === undefined ? {} : { data: data.value }) }
  return { time: timeOf(time), level: severity(priority), component: app === '-' ? undefined : app, message, fields }
}

/** RFC 3164, section 4.1. */
function older(rest: string, priority: number | undefined): LogEntry | undefined {
  const time = leadingTime(rest)
  if (time === undefined) return undefined
  const found = HEAD_3164.exec(rest.slice(time.end))
  if (found === null) return undefined
  const [head, host, component, pid] = found
  // With an ISO time other formats look alike: `… INFO http: listening`.
  const isOwnTime = /^[A-Z]/.test(rest)
  if (!isOwnTime && ((priority === undefined && pid === undefined) || levelOf(host) !== undefined)) return undefined
  const fields = { ...known({ host, pid }), ...facility(priority) }
  return { time: time.time, level: severity(priority), component, message: rest.slice(time.end + head.length), fields }
}

function severity(priority: number | undefined): LogEntry['level'] {
  return priority === undefined ? undefined : levelOf(priority % 8)
}

function facility(priority: number | undefined): { readonly facility?: number } {
  return priority === undefined ? {} : { facility: priority >> 3 }
}

function known(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined && field[1] !== '-'))
}

type Elements = Record<string, Record<string, JsonValue>>

/** Structured data from `at` on: `-`, or elements in brackets. Undefined when it is neither. */
function structured(text: string, at: number): { readonly value: Elements | undefined; readonly end: number } | undefined {
  if (text[at] === '-') return { value: undefined, end: at + 1 }
  const value: Elements = Object.create(null)
  let end = at
  while (text[end] === '[') {
    const close = element(text, end + 1, value)
    if (close === -1) return undefined
    end = close
  }
  return end === at ? undefined : { value, end }
}

/** One element; returns where it ends, or -1. */
function element(text: string, at: number, into: Elements): number {
  const id = word(text, at)
  if (id === '') return -1
  const params: Record<string, JsonValue> = Object.create(null)
  into[id] = params
  let end = at + id.length
  while (text[end] === ' ') {
    const name = word(text, end + 1)
    end += 1 + name.length
    if (name === '' || text[end] !== '=' || text[end + 1] !== '"') return -1
    let value = ''
    for (end += 2; end < text.length && text[end] !== '"'; end++) {
      if (text[end] === '\\' && '"\\]'.includes(text[end + 1] ?? ' ')) end++
      value += text[end]
    }
    params[name] = value
    end++
  }
  return text[end] === ']' ? end + 1 : -1
}

function word(text: string, at: number): string {
  let end = at
  while (end < text.length && end - at < 64 && !' =]"['.includes(text.charAt(end))) end++
  return text.slice(at, end)
}
