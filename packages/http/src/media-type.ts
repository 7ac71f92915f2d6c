/** What `Content-Type`, `Content-Encoding` and `Accept` say. Parsed, never searched for a substring (THREATS T2). */

/** Whether a `Content-Type` is exactly JSON, whatever its parameters. */
export function isJson(contentType: string | undefined): boolean {
  return contentType === 'application/json' || (contentType !== undefined && essence(contentType) === 'application/json')
}

/** Whether a `Content-Type` is exactly an event stream. */
export function isEventStream(contentType: string | undefined): boolean {
  return contentType !== undefined && essence(contentType) === 'text/event-stream'
}

/** Whether a body comes as it is. We never inflate (THREATS T25). */
export function isPlain(contentEncoding: string | undefined): boolean {
  return contentEncoding === undefined || contentEncoding.trim().toLowerCase() === 'identity'
}

/** Whether an `Accept` header takes a media type, by name or by range. No header takes everything. */
export function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined) return true
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  return accept.split(',').some(range => {
    const name = essence(range)
    return (name === type || name === '*/*' || name === family) && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(range)
  })
}

function essence(value: string): string {
  const end = value.indexOf(';')
  return (end === -1 ? value : value.slice(0, end)).trim().toLowerCase()
}
