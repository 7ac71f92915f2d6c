/** Takes secrets out of entries before anything else looks at them: search, filters, and whoever reads. */

import { checkOptions, type OptionNames, isObject, type JsonValue } from '@oarlock/protocol'
import { clean } from '../clean.ts'
import type { LogEntry, LogFields } from '../entry.ts'
import { maskAssignments } from './assignments.ts'
import { checkLinear } from './linear.ts'
import { type SecretName, secretNames } from './names.ts'
import { TOKEN_RULES, type TokenRule } from './tokens.ts'
import { maskUrls } from './urls.ts'

/** What stands for a secret. */
export const REDACTED = '[redacted]'

/** A shape of secrets. */
interface OwnPattern {
  /** Under which what it finds is counted. */
  readonly name: string
  readonly pattern: RegExp
}

const PATTERN: OptionNames<OwnPattern> = { name: true, pattern: true }

/** Rules of one's own beside the default ones. */
export interface RedactOptions {
  /** Names whose values are secrets, beside passwords, tokens, keys, cookies and so on; in any case, with any separators, and as the end of longer names. */
  readonly names?: readonly string[]
  /** Texts that are secrets, wherever they stand: a program knows its own. At least six characters each. */
  readonly values?: readonly string[]
  /** Shapes of secrets. Every repetition has an end (`{1,40}` rather than `+`), so that no line can make it slow. */
  readonly patterns?: readonly OwnPattern[]
  /** Default rules that are not wanted, by the name under which they are counted: `base64-line`, `named`, … */
  readonly without?: readonly string[]
}

/** The names of all options. */
const REDACT_OPTIONS: OptionNames<RedactOptions> = {
  names: true,
  values: true,
  patterns: true,
  without: true,
}

/** How often each rule found something. */
export type RedactionCounts = Map<string, number>

/** How deep fields may be nested. */
const MAX_DEPTH = 16
const MIN_VALUE = 6

/** Without one of them nothing is assigned. */
const SEPARATORS = /[=:]|--/

/** Rules that are no patterns. */
const OTHER_RULES = ['named', 'url']

/** Compiled rules. Immutable; each method takes time linear in what it is given. */
export class Redaction {
  readonly #rules: readonly TokenRule[]
  readonly #values: readonly string[]
  /** Whether any of the rules' hints is there: one look for all of them. */
  readonly #hints: RegExp
  readonly #isSecret: SecretName
  readonly #plainNames = new Set<string>()
  readonly #urls: boolean

  /** @throws TypeError for rules that could be slow, values that are too short, and names of rules that do not exist */
  constructor(options: RedactOptions = {}) {
    checkOptions(options, REDACT_OPTIONS, 'redact')
    const { names = [], values = [], patterns = [], without = [] } = options
    const known = [...TOKEN_RULES.map(({ name }) => name), ...OTHER_RULES]
    const unknown = without.find(name => !known.includes(name))
    if (unknown !== undefined) throw new TypeError(`there is no redaction rule ${JSON.stringify(unknown)}: ${known.join(', ')}`)
    if (values.some(value => value.length < MIN_VALUE)) throw new TypeError(`a value to redact has at least ${MIN_VALUE} characters`)
    this.#rules = [...TOKEN_RULES.filter(({ name }) => !without.includes(name)), ...patterns.map(ownRule)]
    this.#hints = new RegExp(this.#rules.flatMap(({ hints }) => hints.map(hint => hint.replaceAll(/[.\\]/g, '\\$&'))).join('|') || '(?!)')
    // The longest first: one may be part of another.
    this.#values = [...new Set(values.flatMap(value => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]))].sort(
      (a, b) => b.length - a.length,
    )
    this.#isSecret = secretNames(names, !without.includes('named'))
    this.#urls = !without.includes('url')
  }

  /** An entry without secrets and without what could steer a terminal. */
  entry(entry: LogEntry, counts: RedactionCounts): LogEntry {
    const { time, level, component, message, fields } = entry
    return {
      time,
      level,
      component: component === undefined ? undefined : this.text(component, counts),
      message: this.text(message, counts),
      fields: fields === undefined ? undefined : (this.#members(fields, counts, 0) as LogFields),
    }
  }

  /** Text without secrets. */
  text(raw: string, counts: RedactionCounts): string {
    let text = clean(raw)
    for (const value of this.#values) {
      if (!text.includes(value)) continue
      count(counts, 'value', text.split(value).length - 1)
      text = text.replaceAll(value, REDACTED)
    }
    const hinted = this.#hints.test(text)
    for (const { name, hints, least = 0, pattern, keep } of this.#rules) {
      if (text.length < least || (hints.length > 0 && !(hinted && hints.some(hint => text.includes(hint))))) continue
      const before = text
      text = before.replace(pattern, keep === undefined ? REDACTED : `${keep}${REDACTED}`)
      if (text !== before) count(counts, name, before.match(pattern)?.length ?? 0)
    }
    if (this.#urls) text = maskUrls(text, REDACTED, () => count(counts, 'url', 1))
    return SEPARATORS.test(text) ? maskAssignments(text, this.#isSecret, REDACTED, () => count(counts, 'named', 1)) : text
  }

  #value(value: JsonValue, counts: RedactionCounts, depth: number): JsonValue {
    if (typeof value === 'string') return this.text(value, counts)
    if (typeof value !== 'object' || value === null) return value
    if (depth === MAX_DEPTH) return '[too deep]'
    if (Array.isArray(value)) return this.#list(value as readonly JsonValue[], counts, depth + 1)
    return this.#members(value as LogFields, counts, depth + 1)
  }

  /** Without a prototype: a member may be named `__proto__` (THREATS 15). */
  #members(fields: LogFields, counts: RedactionCounts, depth: number): JsonValue {
    const out: Record<string, JsonValue> = Object.create(null)
    // `{ name: 'Cookie', value: '…' }`, as lists of headers have them.
    const said = [fields['name'], fields['key']].find(name => typeof name === 'string')
    const tells = typeof said === 'string' && this.#isSecret(said)
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue
      const secret = this.#isSecret(name) || (tells && name === 'value')
      out[this.#name(name, counts)] = secret ? hidden(value, counts) : this.#value(value, counts, depth)
    }
    return out
  }

  /** Names of members may hold anything too. The same few come in line after line. */
  #name(name: string, counts: RedactionCounts): string {
    if (this.#plainNames.has(name)) return name
    const safe = this.text(name, counts)
    if (safe === name && this.#plainNames.size < 1_000) this.#plainNames.add(name)
    return safe
  }

  /** `['Cookie', '…']`, as raw headers are. */
  #list(list: readonly JsonValue[], counts: RedactionCounts, depth: number): JsonValue {
    return list.map((value, index) => {
      const before = list[index - 1]
      const secret = typeof value === 'string' && typeof before === 'string' && before.length <= 64 && this.#isSecret(before)
      return secret ? hidden(value, counts) : this.#value(value, counts, depth)
    })
  }
}

/** Nothing, yes and no give nothing away. */
function hidden(value: JsonValue, counts: RedactionCounts): JsonValue {
  if (value === null || typeof value === 'boolean' || value === '') return value
  if (isObject(value) && Object.keys(value).length === 0) return value
  count(counts, 'named', 1)
  return REDACTED
}

function ownRule(own: OwnPattern): TokenRule {
  checkOptions(own, PATTERN, 'a pattern of redact')
  const { name, pattern } = own
  checkLinear(pattern, name)
  return { name, hints: [], pattern: new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`) }
}

function count(counts: RedactionCounts, name: string, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times)
}
