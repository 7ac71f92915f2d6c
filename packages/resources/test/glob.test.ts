import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { glob } from '../src/glob.ts'

const test = suite('glob')

const CASES: readonly (readonly [pattern: string, fitting: readonly string[], others: readonly string[]])[] = [
  ['a/b', ['a/b'], ['a', 'a/b/c', 'A/b', 'a/bc']],
  ['*', ['a', '', 'a.b'], ['a/b']],
  ['**', ['a', '', 'a/b/c'], []],
  ['a/**', ['a', 'a/b', 'a/b/c', 'a/'], ['ab', 'b/a']],
  ['**/*.md', ['x.md', 'a/b/x.md', '.md'], ['x.mdx', 'md']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/x', 'ab']],
  ['**/a/**/b/**', ['a/b', 'x/a/y/a/z/b/c'], ['b/a']],
  ['logs:**', ['logs:', 'logs:a', 'logs:a/b/c'], ['log:a', 'x/logs:a']],
  ['a?c', ['abc', 'a😀c'], ['ac', 'a/c', 'abbc']],
  ['a*b*c', ['abc', 'axbxbxc'], ['acb', 'abcd']],
  ['(a|b)+[c].$', ['(a|b)+[c].$'], ['a']],
]

for (const [pattern, fitting, others] of CASES) {
  test(`${pattern} fits whole texts`, () => {
    const fits = glob(pattern)
    for (const text of fitting) assert.ok(fits(text), text)
    for (const text of others) assert.not(fits(text), text)
  })
}

test('row 3: no pattern and no text take long', () => {
  const started = performance.now()
  assert.not(glob(`${'*a'.repeat(50)}b`)('a'.repeat(8_000)))
  assert.not(glob(`${'**/a/'.repeat(50)}b`)('a/'.repeat(4_000)))
  assert.ok(performance.now() - started < 1_000)
})

test.run()
