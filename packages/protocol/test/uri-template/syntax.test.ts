/** What is a URI template, and what is refused with which words. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileTemplate, expandTemplate } from '../../src/uri-template.ts'
import { InvalidTemplate } from '../../src/uri-template/syntax.ts'

const test = suite('uri template: syntax')

const refusal = (template: string): string => {
  try {
    expandTemplate(template, {})
  } catch (error) {
    assert.ok(InvalidTemplate.is(error))
    return (error as Error).message
  }
  return assert.unreachable(`${template} was accepted`) as never
}

test('a template that RFC 6570 does not know is refused with what is wrong', () => {
  assert.is(refusal('x://{a'), 'The URI template "x://{a" cannot be used: the "{" at 4 is never closed')
  assert.match(refusal('x://a}'), /a "}" has no "{" before it/)
  assert.match(refusal('x://{a}}'), /a "}" has no "{" before it/)
  assert.match(refusal('x://a b'), /white space/)
  assert.match(refusal('x://a\n'), /control character/)
  for (const operator of '=,!@|') assert.match(refusal(`x://{${operator}a}`), /keeps for later/)
  const names = [
    '',
    '+',
    'a,',
    ',a',
    'a b',
    'a-b',
    '{a',
    'a..b',
    '.a.',
    'é',
    'a:',
    'a:0',
    'a:10000',
    'a**',
    'a*:3',
    '%zz',
    '++a',
    'a:1*',
    '$a',
  ]
  for (const name of names) assert.match(refusal(`x://{${name}}`), /does not name a variable|keeps for later/, name)
})

test('names may have dots, underscores, digits and percent-encoded characters', () => {
  assert.equal(compileTemplate('x://{a.b_1}/{%C3%A9}').variables, ['a.b_1', '%C3%A9'])
})

test('row 3: a template is at most 2048 characters and 32 variables', () => {
  const many = (count: number): string => Array.from({ length: count }, (_, i) => `{v${i}}`).join('/')
  assert.is(compileTemplate(many(32)).variables.length, 32)
  assert.match(refusal(many(33)), /more than 32 variables/)
  assert.match(refusal(`x://${'a'.repeat(2048)}`), /longer than 2048 characters/)
})

test('the error repeats no more than a hundred characters of the template', () => {
  assert.ok(refusal(`x://${'a'.repeat(5000)}`).length < 250)
})

test('an error keeps the template and its problems, and is known by its brand', () => {
  try {
    compileTemplate('x://{a}{b}{+c}')
    assert.unreachable()
  } catch (error) {
    if (!InvalidTemplate.is(error)) throw error
    assert.is(error.code, 'INVALID_TEMPLATE')
    assert.is(error.template, 'x://{a}{b}{+c}')
    assert.is(error.problems.length, 2)
  }
  assert.not.ok(InvalidTemplate.is(new Error('x')))
})

test.run()
