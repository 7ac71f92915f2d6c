/** Helpers for numbers, plurals and JSON. */

import { inline, type Builtin, type BuiltinCall } from '../builtin.ts'
import { TemplateFailure } from '../failure.ts'
import { json, text } from '../values.ts'
import { known, lookAtLocale } from './intl.ts'
import { kept } from './kept.ts'
import { count, indentation } from './words.ts'

function numberOf(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new TemplateFailure('helper', 'A number is wanted here')
}

const formats = kept((locale: string, options: string) => new Intl.NumberFormat(locale, JSON.parse(options) as Intl.NumberFormatOptions))
const plurals = kept((locale: string) => new Intl.PluralRules(locale))

function formatted(value: unknown, call: BuiltinCall, options: Intl.NumberFormatOptions): string {
  const { digits, locale = call.locale } = call.named
  const fraction = digits === undefined ? undefined : Math.min(fractionDigits(digits), 20)
  const exact = fraction === undefined ? {} : { minimumFractionDigits: fraction, maximumFractionDigits: fraction }
  return known(() => formats(text(locale), JSON.stringify({ ...options, ...exact })).format(numberOf(value)))
}

const fractionDigits = (value: unknown): number => count(value, 'The number of digits')

const inCurrency = (code: unknown): Intl.NumberFormatOptions => ({ style: 'currency', currency: text(code) })

function styled(name: unknown = 'decimal'): Intl.NumberFormatOptions {
  if (name === 'decimal' || name === 'percent') return { style: name }
  if (name === 'compact') return { notation: 'compact' }
  throw new TemplateFailure('helper', "The style of a number is 'decimal', 'percent' or 'compact'")
}

/** The word for a count: `{{plural n "file" "files"}}`, or by the categories of the locale, `{{plural n one="…" few="…" other="…"}}`. */
function plural([number, one, other]: readonly unknown[], { named, locale }: BuiltinCall): unknown {
  const category = plurals(locale).select(numberOf(number))
  const words: Readonly<Record<string, unknown>> = {
    ...(one === undefined ? {} : { one }),
    ...(other === undefined ? {} : { other }),
    ...named,
  }
  return words[category] ?? words['other'] ?? words['one']
}

const FORMAT = ['digits', 'locale']
const FORMAT_LOOKS = { digits: fractionDigits, locale: lookAtLocale }
const TWO = { looks: [numberOf, numberOf] }

export const NUMBERS: readonly Builtin[] = [
  inline('number', 1, ([value], call) => formatted(value, call, styled(call.named['style'])), {
    named: [...FORMAT, 'style'],
    looks: [numberOf],
    looksAt: { ...FORMAT_LOOKS, style: styled },
  }),
  inline('currency', 2, ([value, code], call) => formatted(value, call, inCurrency(code)), {
    named: FORMAT,
    looks: [numberOf, code => known(() => formats('en', JSON.stringify(inCurrency(code))))],
    looksAt: FORMAT_LOOKS,
  }),
  inline('plural', [1, 3], plural, { named: ['zero', 'one', 'two', 'few', 'many', 'other'], looks: [numberOf] }),
  inline('add', 2, ([a, b]) => numberOf(a) + numberOf(b), TWO),
  inline('subtract', 2, ([a, b]) => numberOf(a) - numberOf(b), TWO),
  inline('json', 1, ([value], call) => call.rendering.measured(json(value, Math.min(indentation(call.named['indent'] ?? 0), 10))), {
    named: ['indent'],
    looksAt: { indent: indentation },
  }),
]
