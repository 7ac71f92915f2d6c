/** Problems, as people and terminals read them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatProblems, InvalidPrompts, sortProblems, type PromptProblem } from '../../src/registry/problem.ts'

const test = suite('problem')

const problem = (part: Partial<PromptProblem>): PromptProblem => ({ severity: 'error', code: 'watch', message: 'm', ...part })

test('one line each: place, severity, message, code', () => {
  const problems = [
    problem({ file: 'a.md', line: 3, column: 4, message: 'is wrong', code: 'bad-value' }),
    problem({ file: 'a.md', severity: 'warning' }),
    problem({ prompt: 'review@1' }),
    problem({}),
  ]
  assert.is(
    formatProblems(problems),
    'a.md:3:4 error is wrong [bad-value]\na.md warning m [watch]\nreview@1 error m [watch]\nprompts error m [watch]',
  )
  assert.ok(formatProblems(problems, { color: true }).startsWith('\u001b[1ma.md:3:4\u001b[0m \u001b[31merror\u001b[0m'))
  assert.is(new InvalidPrompts(problems).message, formatProblems(problems))
})

test('the error that holds them is known whichever copy of the package made it', () => {
  class Copy extends Error {}
  Object.defineProperty(Copy.prototype, Symbol.for('oarlock.invalid-prompts'), { value: true })
  assert.equal([new InvalidPrompts([]), new Copy(), new Error(''), null].map(InvalidPrompts.is), [true, true, false, false])
})

test('they are in the order of files, lines and columns, those without a file first', () => {
  const given = [
    problem({ file: 'b', line: 1 }),
    problem({ file: 'a', line: 10 }),
    problem({ file: 'a', line: 9, column: 2 }),
    problem({ file: 'a', line: 9, column: 1 }),
    problem({ prompt: 'z' }),
    problem({ prompt: 'y', line: 9 }),
  ]
  assert.equal(
    sortProblems(given).map(each => given.indexOf(each)),
    [5, 4, 3, 2, 1, 0],
  )
})

test('T28: what a file is called or says cannot steer a terminal or forge a line', () => {
  const text = formatProblems([problem({ file: 'a\u001b[2Jb.md', message: 'no\u009b2J\nerror' })])
  assert.is(text, 'a\\u001b[2Jb.md error no\\u009b2J error [watch]')
})

test.run()
