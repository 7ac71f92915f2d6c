/** Everything as one document, and back. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Type } from 'typebox'
import type { PromptDocument } from '../../src/registry/document.ts'
import type { RegistryOptions } from '../../src/registry/options.ts'
import { InvalidPrompts } from '../../src/registry/problem.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { file, listChanged, meet, next, Place, serve, strike, textOf } from './stage.ts'

const test = suite('document')
test.after.each(strike)

const OPTIONS: RegistryOptions = { guards: { staff: { visible: () => true } }, completers: { languages: () => ['Rust'] } }

function full() {
  const place = new Place({
    '_layouts/page.md': file('name: layouts/page', 'Page {{#block "x"}}{{/block}}'),
    '_warm.md': 'Warm {{who}}',
    'support/greet@1.0.0.md': file(
      'title: T\ndescription: d\ntags: [a, b]\nicons: [{ src: "https://example.com/a.png" }]\nmeta: { "com.example/x": [1, null] }\ndeprecated: true\ntimeout: 5s\nguard: [staff]\narguments:\n  who: { type: string, required: true, examples: [Ann], complete: languages }\n  n: { type: integer, default: 3, minimum: 1 }\nvariants: { plain: 2, warm: { file: ../_warm.md, weight: 0.5 } }',
      'Hi {{who}} {{n}}',
    ),
    'greet@1.10.md': file('description: d\nextends: layouts/page', '{{#block "x"}}ten{{/block}}'),
  })
  place.write('support/_warm.md', 'Warm {{who}} {{n}}')
  place.write(
    'support/greet@1.0.0.md',
    file(
      'title: T\ndescription: d\ntags: [a, b]\nicons: [{ src: "https://example.com/a.png" }]\nmeta: { "com.example/x": [1, null] }\ndeprecated: true\ntimeout: 5s\nguard: [staff]\narguments:\n  who: { type: string, required: true, examples: [Ann], complete: languages }\n  n: { type: integer, default: 3, minimum: 1 }\nvariants: { plain: 2, warm: { file: _warm.md, weight: 0.5 } }',
      'Hi {{who}} {{n}}',
    ),
  )
  const registry = prompts({ folder: place.path, ...OPTIONS })
  registry.add({ name: 'code', description: 'd', args: Type.Object({ on: Type.Optional(Type.Boolean()) }), template: '{{on}}' })
  registry.promote('greet', 'warm', '1.0.0')
  return registry
}

test('what is exported is JSON, and importing it elsewhere gives the same again', async () => {
  const registry = full()
  const document = registry.export()
  assert.equal(JSON.parse(JSON.stringify(document)), document)
  const copy = prompts(OPTIONS)
  copy.import(JSON.parse(JSON.stringify(document)) as PromptDocument)
  assert.equal(copy.export(), document)
  const [one, other] = [await meet(await serve(registry)), await meet(await serve(copy))]
  assert.equal(await other.prompts(), await one.prompts())
  for (const args of [{ who: 'Ann' }, { who: 'Bob', n: '7' }]) {
    const params = { name: 'greet', arguments: args, _meta: { 'dev.oarlock/version': '1.0.0' } } as never
    assert.equal((await other.raw.getPrompt(params)).messages, (await one.raw.getPrompt(params)).messages)
  }
  assert.is(await textOf(other, 'greet'), 'Page ten')
  assert.equal((await other.complete({ type: 'ref/prompt', name: 'code' }, { name: 'on', value: 't' })).values, ['true'])
})

test('taking in what was given out changes nothing and tells nobody', async () => {
  const registry = full()
  const before = registry.components()
  await serve(registry)
  registry.on('prompts.changed', () => assert.unreachable('nothing changed'))
  registry.import(registry.export())
  assert.equal(
    registry.components().map((component, index) => component === before[index]),
    before.map(() => true),
  )
})

test('an import replaces everything, and clients hear of it once', async () => {
  const registry = prompts()
  registry.add({ name: 'old', description: 'd', template: 'x' }, { name: 'same', description: 'd', template: 'y' })
  const client = await meet(await serve(registry))
  await client.listen({ prompts: true }).ready
  const document = registry.export()
  const [heard, changed] = [listChanged(client), next(registry, 'prompts.changed')]
  registry.import({
    ...document,
    prompts: [...document.prompts.filter(({ name }) => name === 'same'), { name: 'new', description: 'd', template: 'z' }],
  })
  assert.equal(await changed, { put: ['new'], removed: ['old'] })
  await heard
  assert.equal(
    (await client.prompts()).map(({ name }) => name),
    ['same', 'new'],
  )
})

test('a prompt that holds a function is not exported without it: a guard must not get lost on the way', () => {
  const registry = prompts()
  registry.add(
    { name: 'a', description: 'd', template: 'x', guard: [{ visible: () => false }] },
    { name: 'b', description: 'd', template: 'x', args: Type.Object({ l: Type.String() }), complete: { l: () => [] } },
    { name: 'c', description: 'd', template: 'x', use: (_call, go) => go() },
    { name: 'e', description: 'd', template: 'x', values: () => ({}) },
  )
  try {
    registry.export()
    assert.unreachable()
  } catch (error) {
    assert.equal(
      (error as InvalidPrompts).problems.map(({ code, prompt }) => `${code} ${prompt}`),
      ['function a', 'function b', 'function c', 'function e'],
    )
  }
})

test('a document with something wrong in it changes nothing', () => {
  const registry = full()
  const before = registry.export()
  const wrong: unknown[] = [
    null,
    {},
    { ...before, format: 'other' },
    { ...before, prompts: {} },
    { ...before, promoted: { greet: 7 } },
    { ...before, prompts: [{ name: 'a', template: '{{> none}}' }] },
    {
      ...before,
      prompts: [
        { name: 'a', template: 'x' },
        { name: 'a', template: 'y' },
      ],
    },
    { ...before, prompts: [{ name: 'a', template: { type: 'Program', body: [] } }] },
    { ...before, prompts: [{ name: 'a', template: 'x', guard: 'unknown' }] },
    { ...before, prompts: [{ name: 'a', template: 'x', unknown: 1 }] },
    { ...before, fragments: [{ name: 'a', template: ['x'] }] },
    { ...before, fragments: [null] },
    { ...before, prompts: ['x'] },
  ]
  for (const document of wrong)
    assert.throws(
      () => registry.import(document as PromptDocument),
      (error: unknown) => error instanceof InvalidPrompts && error.problems.length > 0,
      JSON.stringify(document),
    )
  assert.equal(registry.export(), before)
})

test('row 23: a document brings texts, never trees: what is no string is no template', () => {
  const tree = {
    type: 'Program',
    body: [{ type: 'MustacheStatement', path: 0, params: [{ type: 'NumberLiteral', value: 'process.exit()' }] }],
  }
  const registry = prompts()
  for (const template of [tree, [tree], new String('x'), 7, null])
    assert.throws(
      () =>
        registry.import({
          format: 'oarlock.prompts/1',
          fragments: [],
          prompts: [{ name: 'a', template: template as never }],
          promoted: {},
        }),
      /template must be text/,
    )
})

test('what is refused changes nothing, the order included', () => {
  const registry = prompts()
  registry.putFragment({ name: 'f', template: 'F' })
  for (const name of ['a', 'b', 'c'])
    registry.add({ name, description: 'd', template: name === 'c' ? '{{#block "x"}}{{/block}}' : '{{> f}}' })
  registry.add({ name: 'd', description: 'd', extends: 'c', template: '' })
  const before = registry.export()
  assert.throws(() =>
    registry.import({ ...before, fragments: [], prompts: before.prompts.slice(2, 3).map(each => ({ ...each, template: '{{> none}}' })) }),
  )
  assert.throws(() => registry.remove('c'))
  assert.throws(() => registry.removeFragment('f'))
  assert.equal(registry.export(), before)
})

test.run()
