/** Lists by tag, category and text; search; definitions and texts for review. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { prompts } from '../../src/registry/prompts.ts'
import { file, Place, strike } from './stage.ts'

const test = suite('search')
test.after.each(strike)

function library() {
  const registry = prompts()
  registry.add(
    {
      name: 'review',
      title: 'Code review',
      description: 'Looks for mistakes',
      tags: ['dev', 'code'],
      category: 'development',
      template: 'Find bugs in the change',
    },
    { name: 'refund', description: 'Answers a customer', tags: ['mail'], category: 'support/money', template: 'We are sorry' },
    { name: 'invoice', description: 'Writes an invoice', tags: ['mail', 'code'], category: 'support', template: 'Please review the sum' },
    { name: 'review', version: '2', deprecated: true, description: 'Too new', template: 'x' },
  )
  return registry
}

const names = (found: readonly { readonly name: string; readonly version: string | undefined }[]) =>
  found.map(({ name, version }) => (version === undefined ? name : `${name}@${version}`))

test('lists are filtered by tags, by category and those below it, and by words', () => {
  const registry = library()
  assert.equal(names(registry.list()), ['review', 'refund', 'invoice'])
  assert.equal(names(registry.list({ tag: 'mail' })), ['refund', 'invoice'])
  assert.equal(names(registry.list({ tag: ['mail', 'code'] })), ['invoice'])
  assert.equal(names(registry.list({ category: 'support' })), ['refund', 'invoice'])
  assert.equal(names(registry.list({ category: 'support/money' })), ['refund'])
  assert.equal(names(registry.list({ category: 'supp' })), [])
  assert.equal(names(registry.list({ text: 'REVIEW' })), ['review', 'invoice'])
  assert.equal(names(registry.list({ text: 'review sum', tag: 'mail' })), ['invoice'])
  assert.equal(names(registry.list({ versions: true, text: 'review' })), ['review', 'invoice', 'review@2'])
})

test('a search brings the best first: name, title and tags, description, text', () => {
  const registry = library()
  assert.equal(names(registry.search('review')), ['review', 'invoice'])
  assert.equal(names(registry.search('code')), ['review', 'invoice'])
  assert.equal(names(registry.search('answers customer')), ['refund'])
  assert.equal(names(registry.search('nothing of the kind')), [])
})

test('a summary says what there is to know at a glance', () => {
  const registry = library()
  registry.add({
    name: 'x',
    version: '1',
    description: 'd',
    template: 'a',
    variants: [
      { name: 'a', weight: 3 },
      { name: 'b', template: 'b' },
    ],
  })
  assert.equal(
    registry.list({ text: 'x' }).find(({ name }) => name === 'x'),
    {
      name: 'x',
      version: '1',
      title: undefined,
      description: 'd',
      category: undefined,
      tags: [],
      deprecated: false,
      versions: ['1'],
      variants: [
        { name: 'a', weight: 3 },
        { name: 'b', weight: 1 },
      ],
      args: { type: 'object', additionalProperties: false },
      file: undefined,
    },
  )
})

test('a prompt is had unrendered, as a definition and as the text that is rendered', () => {
  const place = new Place({
    '_page.md': 'Head\n{{#block "x"}}none{{/block}}\n',
    'a@1.md': file('description: d\nextends: page\narguments: { who: string }', '{{#block "x"}}Hi {{who}}{{/block}}'),
    'a@2.md': file('description: d', 'Two'),
  })
  const registry = prompts({ folder: place.path })
  assert.is(registry.get('a')?.template, 'Two')
  assert.is(registry.get('a', '1')?.extends, 'page')
  assert.is(registry.get('b'), undefined)
  assert.is(registry.source('a'), 'Two')
  assert.is(registry.source('a', { version: '1' }), 'Head\n{{#block "x"}}Hi {{who}}{{/block}}\n')
  assert.throws(() => registry.source('b'), /There is no prompt 'b'/)
  assert.throws(() => registry.source('a', { version: '3' }), /There is no prompt 'a@3'/)
  assert.is(registry.list()[0]?.file, place.at('a@2.md'))
})

test.run()
