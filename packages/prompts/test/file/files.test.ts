/** Folders behind a registry: read as a whole, with every problem of every file at once. */
import { relative } from 'node:path'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server } from '@oarlock/kernel'
import { formatProblems, InvalidPrompts } from '../../src/registry/problem.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { helper } from '../../src/template/callable.ts'
import { file, meet, Place, serve, strike, textOf } from '../registry/stage.ts'

const test = suite('files')
test.after.each(strike)

const isInvalid = (error: unknown): boolean => error instanceof InvalidPrompts

test('a folder of Markdown files is served as prompts: names, titles, descriptions, arguments', async () => {
  const place = new Place({
    'review.md': file(
      'title: Review a change\ndescription: Looks for mistakes\narguments:\n  code: { required: true, description: The code }\n  depth: { enum: [quick, full], default: quick }',
      'A {{depth}} review of {{code}}',
    ),
    'support/refund.md': file('description: Refunds', 'Refund it.'),
  })
  const client = await meet(await serve(prompts({ folder: place.path })))
  assert.equal(
    (await client.prompts()).map(({ name, title, description, arguments: args }) => ({ name, title, description, args })),
    [
      {
        name: 'review',
        title: 'Review a change',
        description: 'Looks for mistakes',
        args: [
          { name: 'code', description: 'The code', required: true },
          { name: 'depth', required: false },
        ],
      },
      { name: 'refund', title: undefined, description: 'Refunds', args: [] },
    ],
  )
  assert.is(await textOf(client, 'review', { code: 'x' }), 'A quick review of x')
})

test('offering a folder with errors throws all of them, with file, line and column, and offers nothing', () => {
  const place = new Place({
    'a.md': file('description: d\ntittle: x'),
    'b.md': file('description: d\narguments: { code: string }', 'one\n{{> no/such}}\n{{cod}}'),
    'c.md': '---\ntitle: [\n---\n',
    'good.md': file('description: d'),
  })
  const server = new Server({ name: 'x', version: '1.0.0', log: false })
  const registry = prompts({ folder: place.path })
  const told: string[] = []
  assert.throws(
    () => server.offer(registry),
    (error: unknown) => {
      assert.instance(error, InvalidPrompts)
      assert.is((error as InvalidPrompts).message, formatProblems((error as InvalidPrompts).problems))
      told.push(...(error as InvalidPrompts).problems.map(each => `${relative(place.path, each.file as string)}:${each.line} ${each.code}`))
      return true
    },
  )
  assert.equal(told, ['a.md:3 unknown-key', 'b.md:6 unknown-partial', 'b.md:7 undeclared-argument', 'c.md:3 front-matter'])
  assert.equal(server.components, [])
  assert.equal(registry.check().filter(({ severity }) => severity === 'error').length, 4, 'check() tells the same and does not throw')
})

test('a folder that is mended is read again', async () => {
  const place = new Place({ 'a.md': file('tittle: x') })
  const registry = prompts({ folder: place.path })
  assert.throws(() => registry.list(), isInvalid)
  place.write('a.md', file('description: d'))
  assert.equal(
    registry.list().map(({ name }) => name),
    ['a'],
  )
})

test('warnings keep nothing from being served, and check() lists them', async () => {
  const place = new Place({ 'a.md': file('title: A\narguments: { unused: string }'), 'notes.md': 'Just notes' })
  const registry = prompts({ folder: place.path })
  await serve(registry)
  assert.equal(
    registry.check().map(({ severity, code, file: at, line }) => `${severity} ${code} ${relative(place.path, at as string)}:${line}`),
    ['warning no-description a.md:2', 'warning unused-argument a.md:5', 'warning no-front-matter notes.md:1'],
  )
})

test('two files, or two folders, that describe one prompt or fragment are an error that names both', () => {
  const [one, two] = [
    new Place({ 'a.md': file('description: d'), '_x.md': 'x' }),
    new Place({ 'b.md': file('name: a\ndescription: d'), '_x.md': 'x' }),
  ]
  const problems = prompts({ folders: [one.path, two.path] }).check()
  assert.equal(
    problems.filter(({ code }) => code === 'duplicate').map(({ file: at, message }) => [at, message.includes(one.path)]),
    [
      [two.at('_x.md'), true],
      [two.at('b.md'), true],
    ],
  )
})

test('fragments are shared by all folders, and by prompts in code', async () => {
  const [one, two] = [
    new Place({ '_partials/tone.md': 'Be kind.\n' }),
    new Place({ 'a.md': file('description: d', '{{> partials/tone}}\nHello.') }),
  ]
  const registry = prompts({ folders: [one.path, two.path] })
  registry.add({ name: 'b', description: 'd', template: '{{> partials/tone}} Bye.' })
  const client = await meet(await serve(registry))
  assert.is(await textOf(client, 'a'), 'Be kind.\nHello.')
  assert.match(await textOf(client, 'b'), /^Be kind\.\s+Bye\.$/)
  assert.equal(registry.fragments, ['partials/tone'])
})

test('a layout is extended across files, and source() shows the text before anything is rendered', async () => {
  const place = new Place({
    '_layouts/page.md': 'Rules: {{#block "rules"}}none{{/block}}\nTask: {{#block "task"}}{{/block}}\n',
    'write.md': file(
      'description: d\nextends: layouts/page\narguments: { topic: string }',
      '{{#block "task"}}Write about {{topic}}.{{/block}}',
    ),
  })
  const registry = prompts({ folder: place.path })
  const client = await meet(await serve(registry))
  assert.is(await textOf(client, 'write', { topic: 'rain' }), 'Rules: none\nTask: Write about rain.')
  assert.is(registry.source('write'), 'Rules: {{#block "rules"}}none{{/block}}\nTask: {{#block "task"}}Write about {{topic}}.{{/block}}\n')
})

test('a prompt extends another prompt, by name or by version', async () => {
  const place = new Place({
    'base@1.md': file('description: d', 'one {{#block "x"}}a{{/block}}'),
    'base@2.md': file('description: d', 'two {{#block "x"}}a{{/block}}'),
    'new.md': file('description: d\nextends: base', '{{#block "x"}}b{{/block}}'),
    'old.md': file('description: d\nextends: base@1', '{{#block "x"}}b{{/block}}'),
  })
  const registry = prompts({ folder: place.path })
  const client = await meet(await serve(registry))
  assert.equal([await textOf(client, 'new'), await textOf(client, 'old')], ['two b', 'one b'])
  registry.add({ name: 'base', version: '3', description: 'd', template: 'three {{#block "x"}}a{{/block}}' })
  assert.is(await textOf(client, 'new'), 'three b', 'it follows the version that answers by default')
})

test('a circle of parents is found when the folder is read', () => {
  const place = new Place({ 'a.md': file('description: d\nextends: b', ''), 'b.md': file('description: d\nextends: a', '') })
  const [first] = prompts({ folder: place.path }).check()
  assert.is(first?.code, 'inheritance-cycle')
  assert.ok(first?.file?.endsWith('.md'))
})

test('load() takes up a further folder while serving', async () => {
  const [one, two] = [new Place({ 'a.md': file('description: d') }), new Place({ 'b.md': file('description: d') })]
  const registry = prompts({ folder: one.path })
  const client = await meet(await serve(registry))
  registry.load(two.path)
  await Promise.resolve()
  assert.equal(
    (await client.prompts()).map(({ name }) => name),
    ['a', 'b'],
  )
  const broken = new Place({ 'c.md': file('tittle: x') })
  assert.throws(() => registry.load(broken.path), isInvalid)
  assert.throws(() => registry.load('/no/such/folder'), isInvalid)
  assert.equal(
    (await client.prompts()).map(({ name }) => name),
    ['a', 'b'],
  )
})

test('a constant that the schema of a helper refuses is found when the folder is read, with its place', () => {
  const place = new Place({ 'a.md': file('description: d\narguments: { n: integer }', 'Say {{twice n}}\nand {{twice "two"}}') })
  const twice = helper({ name: 'twice', args: [Type.Integer()], run: n => 2 * n })
  const registry = prompts({ folder: place.path, engine: { helpers: [twice] } })
  const line = `${place.at('a.md')}:6:13 error Value 1 of {{twice}}: expected integer, found string [helper-use]`
  assert.is(formatProblems(registry.check()), line)
  assert.throws(() => new Server({ name: 'x', version: '1', log: false }).offer(registry), isInvalid)
})

test.run()
