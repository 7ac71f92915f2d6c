/** Helpers that change text. */

import { block, inline, type Builtin, type BuiltinCall } from '../builtin.ts'
import { TemplateFailure } from '../failure.ts'
import { text } from '../values.ts'
import { cut, cutToTokens } from './cut.ts'

/** A count given to a helper: a number, or a text that is one. */
export function count(value: unknown, what: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw new TemplateFailure('helper', `${what} must be a whole number from 0 up`)
}

const length = (value: unknown): number => count(value, 'The length')
const tokens = (value: unknown): number => count(value, 'The number of tokens')
/** How far text or JSON is indented. */
export const indentation = (value: unknown): number => count(value, 'The indentation')

/** The block where there is one, else the first value; and the values behind it. */
function subject(values: readonly unknown[], call: BuiltinCall): readonly [text: string, ...rest: unknown[]] {
  if (call.isBlock) return [call.rendering.asText(() => call.body()), ...values]
  return [text(values[0]), ...values.slice(1)]
}

/** Puts the same in front of every line that is not empty. */
function prefixed(lines: string, prefix: string, call: BuiltinCall): string {
  return call.rendering.measured(
    lines
      .split('\n')
      .map(line => (line === '' ? prefix.trimEnd() : prefix + line))
      .join('\n'),
  )
}

/** A fence longer than any in the text, so that nothing in it can end the block. */
function fenced(code: string, language: unknown): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${text(language).replace(/[^\w+#.-]/g, '')}\n${code.replace(/\n$/, '')}\n${fence}`
}

const ELLIPSIS = '…'
const ending = ({ named }: BuiltinCall): string => (named['ellipsis'] === undefined ? ELLIPSIS : text(named['ellipsis']))

const either = (builtin: Builtin): Builtin => ({ ...builtin, form: 'either', holds: 'text' })

export const WORDS: readonly Builtin[] = [
  inline('upper', 1, ([value], { locale }) => text(value).toLocaleUpperCase(locale)),
  inline('lower', 1, ([value], { locale }) => text(value).toLocaleLowerCase(locale)),
  inline('capitalize', 1, ([value], { locale }) => text(value).replace(/^\s*\p{L}/u, first => first.toLocaleUpperCase(locale))),
  inline('trim', 1, ([value]) => text(value).trim()),
  inline('concat', [1, Number.POSITIVE_INFINITY], (values, call) => call.rendering.measured(values.map(text).join(''))),
  inline('truncate', 2, ([value, most], call) => cut(text(value), length(most), ending(call)), {
    named: ['ellipsis'],
    looks: [undefined, length],
  }),
  inline('truncateTokens', 2, ([value, most], call) => cutToTokens(text(value), tokens(most), ending(call), said => call.tokens(said)), {
    named: ['ellipsis'],
    looks: [undefined, tokens],
  }),
  block(
    'budget',
    1,
    ([most], call) =>
      cutToTokens(
        call.rendering.asText(() => call.body()),
        tokens(most),
        ending(call),
        said => call.tokens(said),
      ),
    { named: ['ellipsis'], holds: 'text', looks: [tokens] },
  ),
  either(
    inline(
      'indent',
      [1, 2],
      (values, call) => {
        const [lines, width] = subject(values, call)
        return prefixed(lines, ' '.repeat(Math.min(indentation(width), 80)), call)
      },
      { looks: [undefined, indentation] },
    ),
  ),
  either(inline('quote', [0, 1], (values, call) => prefixed(subject(values, call)[0], '> ', call))),
  either(
    inline('codeblock', [0, 2], (values, call) => {
      const [code, language] = subject(values, call)
      return fenced(code, language)
    }),
  ),
]
