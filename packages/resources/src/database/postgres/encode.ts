/** PostgreSQL's values as JSON, from the text in which it sends them. */

const BOOL = 16
const BYTEA = 17
const INTS = new Set([20, 21, 23, 26])
const FLOATS = new Set([700, 701])
const JSONS = new Set([114, 3802])
const TIMESTAMP = 1114
const TIMESTAMPTZ = 1184

/** Types of arrays, and of what is in them. */
const ELEMENTS: ReadonlyMap<number, number> = new Map([
  [1000, BOOL],
  [1001, BYTEA],
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1028, 26],
  [199, 114],
  [3807, 3802],
  [1115, TIMESTAMP],
  [1185, TIMESTAMPTZ],
  // Text-like: text, varchar, char, name, numeric, date, time, interval, uuid, inet, cidr.
  ...[1009, 1015, 1014, 1003, 1231, 1182, 1183, 1187, 2951, 1041, 651].map(oid => [oid, 25] as const),
])

/**
 * Whole numbers that JavaScript cannot hold exactly, every `numeric`, NaN and infinity stay text; timestamps become ISO 8601, with time zone in UTC and
 * to the microsecond; JSON is itself; bytes become `{ "base64": … }`; arrays become lists; all other types the text that PostgreSQL writes.
 */
export function jsonOf(text: string | null, type: number): string {
  if (text === null) return 'null'
  if (type === BOOL) return text === 't' ? 'true' : 'false'
  if (INTS.has(type)) return Number.isSafeInteger(Number(text)) ? text : `"${text}"`
  if (FLOATS.has(type)) return Number.isFinite(Number(text)) ? JSON.stringify(Number(text)) : JSON.stringify(text)
  if (JSONS.has(type)) return text
  if (type === BYTEA) return `{"base64":"${Buffer.from(text.slice(2), 'hex').toString('base64')}"}`
  if (type === TIMESTAMP || type === TIMESTAMPTZ) return JSON.stringify(isoTime(text))
  const element = ELEMENTS.get(type)
  return element === undefined ? JSON.stringify(text) : arrayOf(text, element)
}

/** `2026-01-02 03:04:05.5+00` as ISO 8601; what has no such form (infinity, BC) stays. */
function isoTime(text: string): string {
  const found = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/.exec(text)
  return found === null ? text : `${found[1]}T${found[2]}${found[3] === undefined ? '' : 'Z'}`
}

/** `{1,NULL,"a\"b",{…}}`; a lower bound before it (`[0:1]={…}`) is dropped. */
function arrayOf(text: string, element: number): string {
  let at = text.indexOf('{')
  const list = (): string => {
    const items: string[] = []
    at += 1
    while (text[at] !== '}') {
      if (at >= text.length) throw new Error('an array without an end')
      if (text[at] === ',') at += 1
      items.push(text[at] === '{' ? list() : text[at] === '"' ? jsonOf(quoted(), element) : bare())
    }
    at += 1
    return `[${items.join(',')}]`
  }
  const quoted = (): string => {
    let value = ''
    for (at += 1; text[at] !== '"' && at < text.length; at += 1) {
      if (text[at] === '\\') at += 1
      value += text[at]
    }
    at += 1
    return value
  }
  const bare = (): string => {
    const start = at
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1
    const value = text.slice(start, at)
    return value === 'NULL' ? 'null' : jsonOf(value, element)
  }
  return list()
}
