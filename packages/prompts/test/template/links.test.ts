/** What a change reaches, and what is done again because of it. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Links } from '../../src/template/links.ts'
import { Programs } from '../../src/template/programs.ts'
import { setOf, spoken } from './stage.ts'

const test = suite('links')

test('a change reaches what refers to it, through others and in circles, and nothing else', () => {
  const links = new Links()
  for (const [node, names] of Object.entries({ a: ['b'], b: ['c', 'x'], c: ['a'], d: ['e'], e: [] })) links.put(node, names)
  assert.equal([...links.reach(['c'])].sort(), ['a', 'b', 'c'])
  assert.equal([...links.reach(['x'])].sort(), ['a', 'b', 'c'])
  assert.equal([...links.reach(['e', 'd'])], ['d'])
  const copy = links.copy()
  links.put('b', ['e'])
  assert.equal([...links.reach(['c'])], [])
  assert.equal([...links.reach(['e'])].sort(), ['a', 'b', 'c', 'd'])
  links.drop('b')
  assert.equal([...links.reach(['e'])], ['d'])
  assert.equal([...copy.reach(['c'])].sort(), ['a', 'b', 'c'])
})

test('problems and texts are those of now after any change, however far away, as in a set that is made anew', () => {
  const templates = [
    { id: 'tone', text: 'Kind.', fragment: true },
    { id: 'page', text: '{{> tone}} {{#block "x"}}{{/block}}', fragment: true },
    { id: 'base', text: '{{#block "x"}}{{#block "y"}}{{/block}}{{/block}}', extends: 'page' },
    { id: 'child', text: '{{#block "y"}}{{a}}{{/block}}', extends: 'base', args: { type: 'object', properties: { a: {} } } },
    { id: 'other', text: '{{> child}}', args: { type: 'object', properties: { a: {} } } },
    { id: 'alone', text: '{{> ton}}' },
  ]
  const changes = [
    { id: 'tone', text: 'Frank {{b}}.', fragment: true },
    { id: 'tone', text: '{{> other}}', fragment: true },
    { id: 'page', text: 'no block', fragment: true },
    { id: 'page', text: '{{#block "x"}}{{/block}}', extends: 'child', fragment: true },
    { id: 'ton', text: 'a near name' },
    { id: 'base', text: '{{#if}}' },
    { id: 'base', text: '{{#block "x"}}{{#block "y"}}{{/block}}{{/block}} ', extends: 'gone' },
    ...templates,
  ]
  const set = setOf(templates)
  set.check()
  const now = new Map<string, (typeof changes)[number]>(templates.map(each => [each.id, each]))
  const compare = (): void => {
    const fresh = setOf([...now.values()])
    assert.equal(set.check(), fresh.check())
    for (const id of now.keys()) assert.equal(set.checkOne(id), fresh.checkOne(id))
  }
  for (const change of changes) {
    set.put([change])
    now.set(change.id, change)
    compare()
  }
  assert.equal(spoken(set.render('other', { a: 'A' })), [['user', 'Kind. A']])
  const fork = set.fork()
  set.put([{ id: 'tone', text: 'Frank.', fragment: true }])
  assert.equal(spoken(set.render('other', { a: 'A' })), [['user', 'Frank. A']])
  assert.equal(spoken(fork.render('other', { a: 'A' })), [['user', 'Kind. A']])
  for (const id of ['tone', 'base', 'alone']) {
    fork.remove([id])
    now.delete(id)
    assert.equal(fork.check(), setOf([...now.values()]).check())
  }
})

test('syntax trees are kept while they are in use, the last one whatever its size', () => {
  const programs = new Programs()
  const [small, large] = ['{{a}}', `{{b}}${' '.repeat(300_000)}`]
  const tree = programs.of(small)
  assert.is(programs.of(small), tree)
  const big = programs.of(large)
  assert.is(programs.of(large), big)
  assert.is.not(programs.of(small), tree)
})

test.run()
