/** Layouts, blocks, super and partials. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { setOf, spoken } from './stage.ts'

const test = suite('inheritance and partials')

const LAYOUT = `{{#system}}
{{#block "who"}}
You are an assistant.
{{/block}}
{{/system}}
{{#block "task"}}
Do {{what}}.
{{#block "how"}}
Slowly.
{{/block}}
{{/block}}
`
const CHILD = `{{! what this is }}
{{#block "who"}}
{{super}}
You know {{language}}.
{{/block}}
{{#block "how"}}Fast.
{{/block}}
`

const family = () =>
  setOf([
    { id: 'layout', text: LAYOUT, fragment: true, file: 'layout.md' },
    { id: 'child', text: CHILD, extends: 'layout', file: 'child.md', line: 6 },
    { id: 'grandchild', text: '{{#block "task"}}\n{{super}}\nTwice.\n{{missing}}{{/block}}', extends: 'child', file: 'grand.md' },
    { id: 'bare', text: '', extends: 'layout' },
  ])

const said = (id: string, values: object) => spoken(family().render(id, { ...values }))

test('a child overrides blocks and keeps the others', () => {
  assert.equal(said('bare', { what: 'it' }), [
    ['user', 'You are an assistant.'],
    ['user', 'Do it.\nSlowly.'],
  ])
  assert.equal(said('child', { what: 'it', language: 'C' }), [
    ['user', 'You are an assistant.\nYou know C.'],
    ['user', 'Do it.\nFast.'],
  ])
})

test('a child of a child overrides what both have', () => {
  assert.equal(said('grandchild', { what: 'it', language: 'C', missing: '!' }), [
    ['user', 'You are an assistant.\nYou know C.'],
    ['user', 'Do it.\nFast.\nTwice.\n!'],
  ])
})

test('a failure is told where the text was written', () => {
  const place = (id: string, values: object): string => {
    try {
      family().render(id, { ...values })
    } catch (error) {
      return (error as Error).message
    }
    return ''
  }
  assert.match(place('child', { language: 'C' }), /^layout\.md:7:6: 'what'/)
  assert.match(place('child', { what: 'it' }), /^child\.md:9:12: 'language'/)
  assert.match(place('grandchild', { what: 'it', language: 'C' }), /^grand\.md:4:3: 'missing'/)
})

test('the source is the whole text before rendering', () => {
  const set = family()
  const source = set.source('grandchild')
  assert.match(source, /You are an assistant\.\n[^]*You know \{\{language\}\}\.[^]*Fast\.[^]*Twice\./)
  assert.is(set.source('layout'), LAYOUT)
  assert.throws(() => set.source('nobody'), /There is no template 'nobody'/)
})

test('blocks within one line stay in it', () => {
  const set = setOf([
    { id: 'p', text: 'a {{#block "x"}}b{{/block}} c {{~#block "y"~}} d {{~/block~}} e' },
    { id: 'c', text: '{{#block "x"}}<{{super}}|{{> @super}}>{{/block}}{{#block "y"}}{{/block}}', extends: 'p' },
  ])
  assert.equal(spoken(set.render('p', {})), [['user', 'a b cde']])
  assert.equal(spoken(set.render('c', {})), [['user', 'a <b|b> ce']])
})

test('partials get the context, another one, and values by name', () => {
  const set = setOf([
    { id: 'x', text: '{{> a/p t=1}};{{> a/p o t=2}};{{#each l}}{{> "a/p" t=this.t}}{{/each}};{{> [odd name@2]}}' },
    { id: 'a/p', text: '{{n}}{{t}}', fragment: true },
    { id: 'odd name@2', text: 'odd', fragment: true },
  ])
  assert.equal(spoken(set.render('x', { n: 'N', o: { n: 'M' }, l: [{ n: 'a', t: 'b' }] })), [['user', 'N1;M2;ab;odd']])
})

test('a partial on a line of its own is indented as it stands', () => {
  const set = setOf([
    { id: 'x', text: 'list:\n  {{> p}}\nend' },
    { id: 'p', text: '- a\n- b\n', fragment: true },
  ])
  assert.equal(spoken(set.render('x', {})), [['user', 'list:\n  - a\n  - b\nend']])
})

test('a partial may speak', () => {
  const set = setOf([
    { id: 'x', text: 'a{{#if b}}\n  {{> turn who="b"}}\n{{/if}}c' },
    { id: 'turn', text: '{{#assistant}}I am\n {{who}}{{/assistant}}', fragment: true },
  ])
  assert.equal(spoken(set.render('x', { b: true })), [
    ['user', 'a'],
    ['assistant', 'I am\n b'],
    ['user', 'c'],
  ])
})

test('a fragment is not rendered by itself', () => {
  assert.throws(() => family().render('layout', {}), /'layout' is a fragment/)
  assert.throws(() => family().render('nobody', {}), /There is no template 'nobody'/)
})

test.run()
