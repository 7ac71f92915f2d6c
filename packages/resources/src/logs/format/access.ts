/** Access logs of web servers: the common and the combined format. */

import type { LogEntry } from '../entry.ts'
import { leadingTime } from '../time.ts'
import type { LogFormat } from './format.ts'

// Every part is bounded or ends at a character that it cannot contain.
const LINE =
  /^(\S{1,255}) (\S{1,255}) ([^[]{1,255}) \[([^\]]{20,40})\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d{1,20}|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?/

/** One request per line. Status 500 and above is an error, 400 and above a warning. */
export const accessLog: LogFormat = {
  name: 'combined',
  parse(line) {
    const found = LINE.exec(line)
    if (found === null) return undefined
    const [text, client, , user, time, request = '', status, bytes, referer, agent] = found
    const [method, path, protocol] = request.split(' ', 3)
    const fields = present({
      client,
      user,
      method: path === undefined ? undefined : method,
      path,
      protocol,
      status: Number(status),
      bytes: bytes === '-' ? 0 : Number(bytes),
      referer,
      agent,
      more: line.slice(text.length).trim(),
    })
    return { time: leadingTime(String(time))?.time, level: levelOfStatus(Number(status)), message: `${request} ${status}`, fields }
  },
}

function levelOfStatus(status: number): LogEntry['level'] {
  return status >= 500 ? 'error' : status >= 400 ? 'warning' : 'info'
}

function present(fields: Readonly<Record<string, string | number | undefined>>): LogEntry['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '-' && value !== ''))
}
