/** One template, a list of messages. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Asset } from '../../src/template/options.ts'
import { messages, spoken } from './stage.ts'

const test = suite('messages of a template')

test('loose text is a message of the user, without blank lines around it', () => {
  assert.equal(messages('\n\n  Hello {{name}}\n\nbye\n\n', { name: 'Ada' }), [
    { role: 'user', content: { type: 'text', text: '  Hello Ada\n\nbye' } },
  ])
  assert.equal(messages('\n  \n'), [])
})

test('roles follow each other as they are written, also in loops and branches', () => {
  const text = `
Before
{{#assistant}}
Ask me.
{{/assistant}}
{{#each turns}}
{{#user}}{{this}}{{/user}}
{{#if @last}}{{#assistant}}done{{/assistant}}{{/if}}
{{/each}}
After`
  assert.equal(spoken(messages(text, { turns: ['one', 'two'] })), [
    ['user', 'Before'],
    ['assistant', 'Ask me.'],
    ['user', 'one'],
    ['user', 'two'],
    ['assistant', 'done'],
    ['user', 'After'],
  ])
})

test('system is a message of the user that says so: for the model, important, and marked', () => {
  assert.equal(messages('{{#system}}Be brief.{{/system}}'), [
    {
      role: 'user',
      content: {
        type: 'text',
        text: 'Be brief.',
        annotations: { audience: ['assistant'], priority: 1 },
        _meta: { 'dev.oarlock/role': 'system' },
      },
    },
  ])
})

const files: ReadonlyMap<string, Asset> = new Map<string, Asset>([
  ['logo.png', { data: new Uint8Array([1, 2, 3]) }],
  ['say.wav', { data: new Uint8Array([4]) }],
  ['pic.svg', { data: '<svg/>' }],
  ['docs/guide & more.md', { data: '# Guide' }],
  ['data', { data: new Uint8Array([255]), mimeType: 'application/x-own', uri: 'own://data' }],
])
const options = { assets: (name: string) => files.get(name) }

test('content blocks stand between the text, in the role around them', () => {
  const text =
    '{{#assistant}}Look: {{image "logo.png"}} and {{audio "say.wav" priority=0.5 audience="user"}}{{/assistant}}{{image "pic.svg"}}'
  assert.equal(messages(text, {}, options), [
    { role: 'assistant', content: { type: 'text', text: 'Look:' } },
    { role: 'assistant', content: { type: 'image', data: 'AQID', mimeType: 'image/png' } },
    { role: 'assistant', content: { type: 'text', text: ' and' } },
    {
      role: 'assistant',
      content: { type: 'audio', data: 'BA==', mimeType: 'audio/wav', annotations: { audience: ['user'], priority: 0.5 } },
    },
    { role: 'user', content: { type: 'image', data: 'PHN2Zy8+', mimeType: 'image/svg+xml' } },
  ])
})

test('images may come as base64', () => {
  assert.equal(messages('{{image data=photo mimeType="image/png"}}', { photo: 'AQ\nID' }), [
    { role: 'user', content: { type: 'image', data: 'AQID', mimeType: 'image/png' } },
  ])
})

test('resources are embedded from files, from values, and from blocks', () => {
  const text = `{{resource "docs/guide & more.md"}}{{resource "data"}}{{resource uri="a://b" text=code mimeType="text/x-c"}}
{{#resource uri=(default none "note://1") mimeType="text/markdown"}}
# {{code}}
{{/resource}}`
  assert.equal(
    messages(text, { code: 'int x', none: undefined }, options).map(({ content }) => (content as { resource: unknown }).resource),
    [
      { uri: 'asset:///docs/guide%20%26%20more.md', mimeType: 'text/markdown', text: '# Guide' },
      { uri: 'own://data', mimeType: 'application/x-own', blob: '/w==' },
      { uri: 'a://b', mimeType: 'text/x-c', text: 'int x' },
      { uri: 'note://1', mimeType: 'text/markdown', text: '# int x' },
    ],
  )
})

test('a link leads to a URI that is put together, also from an argument', () => {
  assert.equal(messages('{{link (concat "file:///notes/" at ".md") name=(concat "The note " at)}}', { at: 'a' }), [
    { role: 'user', content: { type: 'resource_link', uri: 'file:///notes/a.md', name: 'The note a' } },
  ])
})

test('links name a resource to read', () => {
  assert.equal(
    messages('{{link "https://a.b/c"}}{{link at name="N" title="T" description="D" mimeType="text/plain"}}', { at: 'logs://x' }),
    [
      { role: 'user', content: { type: 'resource_link', uri: 'https://a.b/c', name: 'https://a.b/c' } },
      {
        role: 'user',
        content: { type: 'resource_link', uri: 'logs://x', name: 'N', title: 'T', description: 'D', mimeType: 'text/plain' },
      },
    ],
  )
})

const refusals: readonly (readonly [text: string, message: RegExp])[] = [
  ['{{image "none.png"}}', /x:1:1: There is no file 'none\.png'/],
  ['{{image "docs/guide & more.md"}}', /This is no image: its MIME type is text\/markdown/],
  ['{{image "data"}}', /This is no image/],
  ['{{image data="AQI" mimeType="image/png"}}', /This is no base64/],
  ['{{image data="AQID"}}', /The MIME type is not known\. Give mimeType=/],
  ['{{image data="AQID" mimeType="image/png\nx"}}', /This is no MIME type/],
  ['{{image mimeType="image/png"}}', /This is no base64/],
  ['{{link "not a uri"}}', /This is no absolute URI/],
  ['{{link "a://b c"}}', /This is no absolute URI/],
  ['{{resource text="x"}}', /This is no absolute URI/],
  ['{{resource uri="a://b" text="x" audience="all"}}', /audience= is 'user', 'assistant' or both/],
  ['{{resource uri="a://b" text="x" priority=2}}', /priority= is a number from 0 to 1/],
]
for (const [text, message] of refusals) {
  test(`what is no content is refused: ${text}`, () => assert.throws(() => messages(text, {}, options), message))
}

test('a file is refused without a source of files, and when it is too large', () => {
  assert.throws(() => messages('{{image "logo.png"}}'), /the engine was given no assets/)
  assert.throws(
    () => messages('{{image "logo.png"}}', {}, { ...options, limits: { assetBytes: 2 } }),
    /more than 2 bytes of files \(limits\.assetBytes\)/,
  )
})

test.run()
