/** One Markdown file: what it says, what its path says, and what is wrong with it. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readPromptFile } from '../../src/file/prompt-file.ts'
import type { RegistryOptions } from '../../src/registry/options.ts'
import { file } from '../registry/stage.ts'

const test = suite('prompt file')

function read(path: string, text: string, options: RegistryOptions = {}) {
  return readPromptFile({ path, label: `prompts/${path}`, text }, options)
}

const told = (path: string, text: string, options?: RegistryOptions) =>
  read(path, text, options).problems.map(({ line, column, severity, code, message }) => `${line}:${column} ${severity} ${code}: ${message}`)

test('front matter says everything about a prompt, and the text is its template', () => {
  const head = `
name: review-change
title: Review a change
description: Looks for mistakes
icons: [{ src: 'https://example.com/a.png', mimeType: image/png, sizes: [48x48] }]
meta: { 'com.example/team': core }
tags: [dev, code]
category: development
version: 2.0.0
deprecated: use review-all
extends: layouts/plain
timeout: 5s
arguments:
  code: { required: true }`
  const { item, problems } = read('x.md', file(head, 'Review {{code}}.'))
  assert.equal(problems, [])
  assert.equal(item?.definition, {
    name: 'review-change',
    title: 'Review a change',
    description: 'Looks for mistakes',
    icons: [{ src: 'https://example.com/a.png', mimeType: 'image/png', sizes: ['48x48'] }],
    meta: { 'com.example/team': 'core' },
    tags: ['dev', 'code'],
    category: 'development',
    version: '2.0.0',
    deprecated: 'use review-all',
    extends: 'layouts/plain',
    timeout: '5s',
    args: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'], additionalProperties: false },
    template: 'Review {{code}}.',
  })
  assert.is(item?.key, 'review-change@2.0.0')
})

test('the path gives name, version and category unless the front matter does', () => {
  const { item } = read('support/money/refund@1.2.0.md', file('description: d'))
  assert.is(item?.key, 'refund@1.2.0')
  assert.is(item?.kind === 'prompt' && item.definition.category, 'support/money')
})

test('a path some part of which begins with _ is that of a fragment', () => {
  const { item } = read('_partials/mail/footer.md', 'Yours\n')
  assert.equal([item?.kind, item?.key, item?.definition.template], ['fragment', 'partials/mail/footer', 'Yours\n'])
  const child = read('mail/_letter.md', file('extends: layouts/page', '{{#block "a"}}b{{/block}}'))
  assert.equal([child.item?.key, child.item?.definition.extends], ['mail/letter', 'layouts/page'])
  assert.is(read('_x.md', file('name: other/name')).item?.key, 'other/name')
})

test('a Markdown file without front matter is no prompt, which is worth a warning', () => {
  const { item, problems } = read('notes.md', '# Notes\n')
  assert.is(item, undefined)
  assert.equal(
    problems.map(({ severity, code, file: at, line }) => [severity, code, at, line]),
    [['warning', 'no-front-matter', 'prompts/notes.md', 1]],
  )
})

test('every mistake of a front matter is told at once, each with its line and column', () => {
  const head = `
tittle: A
description: 7
version: one two
tags: dev
icons:
  - mimeType: image/png
timeout: soon
arguments:
  code: { type: strng }
variants:
  a: { weight: -1 }
guard: [7]`
  assert.equal(
    told('x.md', file(head)).toSorted(),
    [
      "2:1 error unknown-key: 'tittle' means nothing here. Did you mean 'title'?",
      '3:1 error bad-value: description must be text',
      '4:1 error bad-value: version must be a version such as 1.2.0: letters, digits and . + - , at most 64 of them',
      '5:1 error bad-value: tags must be a list of words',
      '7:5 error missing-key: icons.0.src is missing',
      "8:1 error bad-value: timeout must be a time such as '5s', or milliseconds, more than nothing",
      '13:1 error bad-value: guard must be the name of a rule',
      '12:8 error bad-value: variants.0.weight must be a number, 0 or more',
      "10:11 error bad-value: arguments.code.type must be one of string, number, integer, boolean, enum, array. Did you mean 'string'?",
    ].toSorted(),
  )
})

test('YAML that is none, and front matter that is no mapping or does not end, are errors with a line', () => {
  assert.match(told('x.md', file('title: [a'))[0] ?? '', /^3:\d+ error front-matter: /)
  assert.equal(told('x.md', file('- a\n- b')), ['2:1 error front-matter: the front matter must be a mapping: name: value'])
  assert.equal(told('x.md', '---\ntitle: a\n'), ['1:1 error front-matter: the front matter does not end: it needs a line --- of its own'])
})

test('half of a text that YAML cut at a comma is told to need quotes', () => {
  assert.equal(told('x.md', file('description: d\narguments:\n  a: { description: one, and two }')), [
    "4:26 error unknown-key: 'and two' means nothing here. Within { } a text with a comma needs quotes.",
  ])
})

test('guards and completers are named, and a name that nothing has is an error with the nearest one', () => {
  const head = 'description: d\nguard: stff\narguments:\n  a: { complete: langages }'
  const options = { guards: { staff: { visible: () => true } }, completers: { languages: () => [] } }
  assert.equal(told('x.md', file(head), options), [
    "5:3 error unknown-completer: no completer is called 'langages'. Did you mean 'languages'? Name it in the option completers.",
    "3:1 error unknown-guard: no guard is called 'stff'. Did you mean 'staff'? Name it in the option guards.",
  ])
})

test('variants are a mapping from names to weights or mappings, or a list', () => {
  const head = 'description: d\nvariants:\n  main: 3\n  terse: { weight: 1, template: Hi. }\n  long: { file: _x/long.md }'
  const { item, problems } = read('a/b.md', file(head))
  assert.equal(problems, [])
  assert.equal(
    item?.kind === 'prompt' && item.variants.map(({ id, name, weight, template, fragment }) => ({ id, name, weight, template, fragment })),
    [
      { id: 'b', name: 'main', weight: 3, template: 'Hello.', fragment: undefined },
      { id: 'b#terse', name: 'terse', weight: 1, template: 'Hi.', fragment: undefined },
      { id: 'b#long', name: 'long', weight: 1, template: undefined, fragment: 'a/x/long' },
    ],
  )
  const list =
    'description: d\nvariants:\n  - { name: main, weight: 3 }\n  - { name: terse, weight: 1, template: Hi. }\n  - { name: long, file: _x/long.md }'
  assert.equal(read('a/b.md', file(list)).item?.definition, item?.definition)
})

test('variants that cannot be are errors: two without a text, one name twice, no weight at all, a text and a file, a file that is a prompt', () => {
  const say = (variants: string): string => told('x.md', file(`description: d\nvariants: ${variants}`)).join('\n')
  assert.match(say('{ a: 1, b: 2 }'), /a and b are both the prompt's own text/)
  assert.match(say('[{ name: a, template: x }, { name: a, template: y }]'), /two variants are called 'a'/)
  assert.match(say('{ a: 0, b: { weight: 0, template: x } }'), /every variant has weight 0/)
  assert.match(say('{ a: { template: x, file: _b.md } }'), /3:\d+ error bad-variants: has a text of its own and that of a file/)
  assert.match(say('{ a: { file: other.md } }'), /whose name begins with '_'/)
  assert.match(say('{ a: { file: ../../_b.md } }'), /in this folder or below/)
  assert.match(say('7'), /variants must be a mapping/)
})

test('a prompt without text is an error, and one without description worth a warning', () => {
  assert.equal(told('x.md', '---\ndescription: d\n---\n'), ['2:1 error bad-variants: has no text'])
  assert.equal(told('x.md', file('title: A')), ['2:1 warning no-description: has no description: people and models choose by it'])
})

test('row 15: names of the language are no names of prompts, guards or completers', () => {
  assert.match(told('x.md', file('description: d\n__proto__: { a: 1 }'))[0] ?? '', /unknown-key/)
  assert.match(told('x.md', file('description: d\nguard: constructor'))[0] ?? '', /no guard is called 'constructor'/)
  assert.match(told('x.md', file('description: d\narguments: { a: { complete: toString } }'))[0] ?? '', /no completer is called 'toString'/)
  assert.is(read('__proto__.md', 'x').item?.kind, 'fragment')
})

test.run()
