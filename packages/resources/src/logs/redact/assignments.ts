/** Finds `name=value`, `name: value`, `"name":"value"` (also inside a JSON string) and `--name value` in text, in one pass. */

import { MAX_NAME, type SecretName, takesLine } from './names.ts'

const EQUALS = 0x3d
const COLON = 0x3a
const DASH = 0x2d

/** Where a value stands. */
interface Span {
  readonly start: number
  readonly end: number
}

/** Replaces the values of secret names; `hit` is called for each. Values that say nothing (`null`, `true`, none) are left. */
export function maskAssignments(text: string, isSecret: SecretName, mark: string, hit: () => void): string {
  let out = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== EQUALS && code !== COLON && code !== DASH) continue
    const name = nameAt(text, at, from)
    if (name === undefined || !isSecret(name.text)) continue
    const { start, end } = valueAt(text, name.value, takesLine(name.text))
    if (text.startsWith(mark, start) || NOTHING.has(text.slice(start, Math.min(end, start + 16)))) continue
    out += text.slice(from, start) + mark
    from = end
    at = end - 1
    hit()
  }
  return from === 0 ? text : out + text.slice(from)
}

interface Name {
  readonly text: string
  /** Where to look for its value. */
  readonly value: number
}

/** The name whose separator stands here. Never looks before `from`, nor further back than a name is long. */
function nameAt(text: string, at: number, from: number): Name | undefined {
  const char = text[at]
  if (char === '=' || char === ':') {
    if (text[at + 1] === '/' && text[at + 2] === '/') return undefined
    const name = nameBefore(text, at, from)
    return name === '' ? undefined : { text: name, value: at + 1 }
  }
  const isOption = char === '-' && text[at + 1] === '-' && (at === 0 || text[at - 1] === ' ' || isQuote(text[at - 1]))
  return isOption ? optionAt(text, at + 2) : undefined
}

function nameBefore(text: string, at: number, from: number): string {
  let end = at
  const least = Math.max(from, at - 12)
  while (end > least && (isBlank(text[end - 1]) || isQuote(text[end - 1]) || text[end - 1] === '\\' || text[end - 1] === ']')) end--
  let start = end
  while (start > from && end - start < MAX_NAME && isNameChar(text.charCodeAt(start - 1))) start--
  return text.slice(start, end)
}

/** `--password hunter2`; one with `=` is found by that. */
function optionAt(text: string, start: number): Name | undefined {
  let end = start
  while (end < text.length && end - start < MAX_NAME && isNameChar(text.charCodeAt(end))) end++
  const isValue = isBlank(text[end]) && text[end + 1] !== '-'
  return end > start && isValue ? { text: text.slice(start, end), value: end + 1 } : undefined
}

function valueAt(text: string, from: number, wholeLine: boolean): Span {
  let start = from
  while (isBlank(text[start])) start++
  let open = start
  while (text[open] === '\\') open++
  if (isQuote(text[open])) return { start: open + 1, end: closing(text, open + 1, text.charAt(open), open - start) }
  let end = start
  while (end < text.length && !(wholeLine ? isLineEnd(text[end]) : isEnd(text, end))) end++
  return { start, end }
}

/** Where a quoted value ends: at its quote with no more backslashes before it than the opening one had. */
function closing(text: string, from: number, quote: string, depth: number): number {
  let slashes = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') slashes++
    else if (text[at] === quote && slashes <= depth) return at - slashes
    else slashes = 0
  }
  return text.length
}

function isLineEnd(char: string | undefined): boolean {
  return char === '\n' || isQuote(char)
}

/** A mark that could also be part of a password ends the value only where something follows that says so. */
function isEnd(text: string, at: number): boolean {
  const char = text.charAt(at)
  if (isBlank(char) || char === '\n' || isQuote(char)) return true
  if (char === ',' || char === ';' || char === '&') return isBlank(text[at + 1]) || at + 1 === text.length || startsPair(text, at + 1)
  if (char === ')' || char === '}' || char === ']') return at + 1 === text.length || /[\s,;)}\]]/.test(text.charAt(at + 1))
  return char === '\\' && (isQuote(text[at + 1]) || text[at + 1] === 'n')
}

function startsPair(text: string, start: number): boolean {
  let end = start
  while (end < text.length && end - start < MAX_NAME && (isNameChar(text.charCodeAt(end)) || isQuote(text[end]))) end++
  return end > start && (text[end] === '=' || text[end] === ':')
}

const NOTHING: ReadonlySet<string> = new Set(['', 'null', 'undefined', 'true', 'false', 'None', '{', '[', '-'])

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t'
}

function isQuote(char: string | undefined): boolean {
  return char === '"' || char === "'" || char === '`'
}

/** Letters, digits, `_`, `-` and `.`. */
function isNameChar(code: number): boolean {
  const lower = code | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d || code === 0x2e
}
