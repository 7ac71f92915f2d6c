import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TemplateSet } from '../../src/template/set.ts'

const test = suite('a set of templates')

test('renders text to one message of the user', () => {
  const set = new TemplateSet()
  set.put([
    { id: 'hi', text: 'Hello {{name}}{{#if loud}}!{{/if}}\n{{> sign by="me"}}' },
    { id: 'sign', text: '-- {{by}}' },
  ])
  assert.equal(set.render('hi', { name: '{{x}}<b>', loud: true }), [
    { role: 'user', content: { type: 'text', text: 'Hello {{x}}<b>!\n-- me' } },
  ])
})

test('renders roles to messages', () => {
  const set = new TemplateSet()
  set.put([
    { id: 'hi', text: '{{#system}}Be kind{{/system}}\nLoose\n{{#each items}}{{#assistant}}{{@index}} {{this}}{{/assistant}}{{/each}}' },
  ])
  assert.equal(
    set.render('hi', { items: ['a', 'b'] }).map(({ role, content }) => [role, (content as any).text]),
    [
      ['user', 'Be kind'],
      ['user', 'Loose'],
      ['assistant', '0 a'],
      ['assistant', '1 b'],
    ],
  )
})

test('a missing value is told with its line', () => {
  const set = new TemplateSet()
  set.put([{ id: 'hi', text: 'a\n {{nam}}', file: 'x.md', line: 5 }])
  assert.throws(() => set.render('hi', { name: 'x' }), /x\.md:6:4: 'nam' is not among the values\. Did you mean 'name'/)
})

test.run()
