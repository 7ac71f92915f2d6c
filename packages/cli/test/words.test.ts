/** Splitting a command line. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { words } from '../src/words.ts'

const test = suite('words')

test('words stand between spaces; quotes and backslashes keep what is in or behind them', () => {
  assert.equal(words('npx -y  @scope/server '), ['npx', '-y', '@scope/server'])
  assert.equal(words(`node "my server.js" 'it is' a\\ b`), ['node', 'my server.js', 'it is', 'a b'])
  assert.equal(words(`--name="a b"c "say \\"hi\\" \\n" '\\'`), ['--name=a bc', 'say "hi" \\n', '\\'])
  assert.equal(words(`a "" ''`), ['a', '', ''])
  assert.equal(words('   '), [])
})

test('T18: nothing is expanded or run', () => {
  assert.equal(words('a $HOME `id` $(id) ; rm * > x'), ['a', '$HOME', '`id`', '$(id)', ';', 'rm', '*', '>', 'x'])
})

test('a quote without an end is refused', () => {
  assert.throws(() => words('a "b'), /has no end/)
  assert.throws(() => words(`a 'b`), /has no end/)
})

test.run()
