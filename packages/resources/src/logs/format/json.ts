/** JSON lines, as pino, bunyan, winston, zap, structlog, ECS and cloud agents write them. */

import { isObject, type JsonObject, type JsonValue } from '@oarlock/protocol'
import { type LogEntry, levelOf } from '../entry.ts'
import { timeOf } from '../time.ts'
import type { LogFormat } from './format.ts'

const TIME = ['time', 'timestamp', '@timestamp', 'ts', 't', 'datetime', 'date']
const LEVEL = ['level', 'severity', 'lvl', 'levelname', 'log.level', 'loglevel']
const MESSAGE = ['msg', 'message', 'text', 'event']
const COMPONENT = ['component', 'module', 'logger', 'name', 'log.logger', 'service', 'app']

/** One object per line. A member is the time, level, component or message when it has a name for it and a value that fits; all others are fields. */
export const jsonLines: LogFormat = {
  name: 'json',
  parse(line) {
    if (!line.startsWith('{')) return undefined
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      return undefined
    }
    return isObject(value) ? entryOf(value) : undefined
  },
}

function entryOf(object: JsonObject): LogEntry {
  const rest = new Map(Object.entries(object))
  const take = <T>(names: readonly string[], read: (value: unknown) => T | undefined): T | undefined => {
    for (const name of names) {
      const value = rest.has(name) ? read(rest.get(name)) : undefined
      if (value === undefined) continue
      rest.delete(name)
      return value
    }
  }
  const time = take(TIME, timeOf)
  const level = take(LEVEL, levelOf)
  const message = take(MESSAGE, textOf) ?? ''
  const component = take(COMPONENT, textOf)
  // The version of bunyan's format, in every line.
  if (rest.get('v') === 0) rest.delete('v')
  return { time, level, component, message, fields: rest.size === 0 ? undefined : fieldsOf(rest) }
}

/** Without a prototype: what a log holds may be named `__proto__` (THREATS 15). */
function fieldsOf(rest: ReadonlyMap<string, unknown>): Record<string, JsonValue> {
  const fields: Record<string, JsonValue> = Object.create(null)
  for (const [name, value] of rest) fields[name] = value as JsonValue
  return fields
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
