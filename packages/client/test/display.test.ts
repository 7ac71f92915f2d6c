/** Text of servers, made safe to look at. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { displayText, hidesText } from '../src/display.ts'

const test = suite('display')

test('row 22, T31, C-SEC-05: what does not show, or reorders what does, is taken out, and lengths are capped', () => {
  const tags = [...'ignore'].map(letter => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) as number))).join('')
  const cases: Record<string, string> = {
    [`Add${tags} two`]: 'Add two',
    'a\u202eb\u2066c': 'abc',
    'zero\u200bwidth\ufeff': 'zerowidth',
    '\u001b[31mred\u0007': '[31mred',
    'kept\n\ttoo': 'kept\n\ttoo',
    'über 数 🙂': 'über 数 🙂',
  }
  for (const [text, shown] of Object.entries(cases)) {
    assert.is(displayText(text), shown)
    assert.is(hidesText(text), text !== shown)
  }
  assert.is(displayText('x'.repeat(3000)).length, 2001)
})

test.run()
