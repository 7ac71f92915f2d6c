/** A set of templates: what it keeps, shares and forgets. */
import handlebars from 'handlebars'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { helper } from '../../src/template/callable.ts'
import { TemplateFailure } from '../../src/template/failure.ts'
import { setOf, spoken, textOf } from './stage.ts'

const test = suite('a set of templates')

test('values are text, and are not escaped', () => {
  assert.is(textOf('Hello {{name}}{{{name}}}', { name: '<b>&"\'' }), 'Hello <b>&"\'<b>&"\'')
})

test('a template that is put again, or removed, is so at once, also where it is included', () => {
  const set = setOf([
    { id: 'x', text: '{{> p}}' },
    { id: 'p', text: 'one' },
  ])
  assert.equal(spoken(set.render('x', {})), [['user', 'one']])
  set.put([{ id: 'p', text: 'two' }])
  assert.equal(spoken(set.render('x', {})), [['user', 'two']])
  set.remove(['p', 'nobody'])
  assert.throws(() => set.render('x', {}), /There is no template 'p' to include/)
  assert.equal(
    set.check().map(({ code }) => code),
    ['unknown-partial'],
  )
})

test('a fork changes by itself', () => {
  const set = setOf([
    { id: 'x', text: '{{> p}}' },
    { id: 'p', text: 'one' },
  ])
  set.render('x', {})
  const fork = set.fork()
  fork.put([{ id: 'p', text: '{{#if}}' }])
  assert.equal([set.check().length, fork.check().length], [0, 1])
  fork.put([{ id: 'p', text: 'two' }])
  assert.equal(
    [set, fork].map(each => spoken(each.render('x', {}))),
    [[['user', 'one']], [['user', 'two']]],
  )
})

test('what is put is copied: changing the definition afterwards changes nothing', () => {
  const definition = { id: 'x', text: 'one' }
  const set = setOf([definition])
  definition.text = '{{evil}}'
  assert.equal(spoken(set.render('x', {})), [['user', 'one']])
})

test('line ends and a byte order mark are no part of a template', () => {
  const set = setOf([{ id: 'x', text: '\u{feff}a\r\nb\rc{{#if 1}}\r\nd\r\n{{/if}}' }])
  assert.is(set.source('x'), 'a\nb\nc{{#if 1}}\nd\n{{/if}}')
  assert.equal(spoken(set.render('x', {})), [['user', 'a\nb\nc\nd']])
})

test('optional arguments may be written by themselves; a name nobody declared may not', () => {
  const args = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } }
  const set = setOf([{ id: 'x', text: '{{a}}{{b}}|{{c}}', args, extra: ['*'], file: 'x.md', line: 5 }])
  assert.equal(spoken(set.render('x', { a: 'A', c: 'C' })), [['user', 'A|C']])
  const failure = (() => {
    try {
      return set.render('x', { a: 'A' })
    } catch (error) {
      return error
    }
  })()
  assert.ok(TemplateFailure.is(failure))
  assert.equal([failure.code, failure.template, failure.file, failure.line, failure.column], ['missing-value', 'x', 'x.md', 5, 14])
})

test('row 23: sets know nothing of each other, nor of the Handlebars that the process has', () => {
  const before = Object.keys(handlebars.helpers)
  handlebars.registerHelper('global', () => 'global')
  handlebars.registerHelper('upper', () => 'global')
  handlebars.registerPartial('shared', 'global')
  try {
    const own = helper({ name: 'own', run: () => 'own' })
    const [first, second] = [setOf([{ id: 'x', text: '{{own}}{{upper "a"}}' }], { helpers: [own] }), setOf([{ id: 'x', text: '{{own}}' }])]
    assert.equal(spoken(first.render('x', {})), [['user', 'ownA']])
    assert.throws(() => second.render('x', {}), /'own' is not among the values/)
    for (const text of ['{{global 1}}', '{{> shared}}']) assert.throws(() => setOf([{ id: 'x', text }]).render('x', {}), /There is no/)
    assert.throws(() => textOf('{{global}}'), /'global' is not among the values/)
  } finally {
    handlebars.unregisterHelper('global')
    handlebars.unregisterHelper('upper')
    handlebars.unregisterPartial('shared')
  }
  assert.equal(Object.keys(handlebars.helpers), before)
  assert.equal(handlebars.partials, {})
})

test('a helper may render another template, of the same set as well', () => {
  const inner = helper({
    name: 'inner',
    run: () => spoken(set.render('y', { a: 'inner' })).join(),
  })
  const set = setOf(
    [
      { id: 'x', text: '{{#user}}{{a}}{{/user}}{{inner}}{{#assistant}}{{a}}{{/assistant}}' },
      { id: 'y', text: '{{#assistant}}{{a}}{{/assistant}}' },
    ],
    { helpers: [inner] },
  )
  assert.equal(spoken(set.render('x', { a: 'outer' })), [
    ['user', 'outer'],
    ['user', 'assistant,inner'],
    ['assistant', 'outer'],
  ])
})

test('a failed rendering leaves nothing behind', () => {
  const set = setOf([{ id: 'x', text: '{{#user}}{{#budget 9}}{{a}}{{/budget}}{{/user}}{{#assistant}}b{{/assistant}}' }])
  assert.throws(() => set.render('x', {}), /'a' is not among the values/)
  assert.equal(spoken(set.render('x', { a: 'a' })), [
    ['user', 'a'],
    ['assistant', 'b'],
  ])
})

test.run()
