/** Hostile files and documents: what they try, and what becomes of it. */
import { symlinkSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { PromptDocument } from '../../src/registry/document.ts'
import { InvalidPrompts, type PromptProblem } from '../../src/registry/problem.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { precompiledPrompts } from '../../src/registry/precompiled.ts'
import { file, meet, Place, serve, strike, textOf } from './stage.ts'

const test = suite('attacks on the registry')
test.after.each(strike)

/** Codes of what is wrong with a folder of one file, warnings aside. */
function codesOf(head: string, body?: string): readonly string[] {
  const problems = prompts({ folder: new Place({ 'a.md': file(head, body) }).path }).check()
  return [...new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code))]
}

function problemsOf(act: () => unknown): readonly PromptProblem[] {
  try {
    act()
  } catch (error) {
    assert.instance(error, InvalidPrompts)
    return (error as InvalidPrompts).problems
  }
  return []
}

const doubled = (last: string): string =>
  ['a: &a [x, x, x, x, x, x, x, x, x]', ...[...'bcdefghi'].map((key, index) => `${key}: &${key} [${'*abcdefghi'[index + 1]}]`), last].join(
    '\n',
  )

const HEADS: readonly (readonly [what: string, head: string, codes: readonly string[]])[] = [
  [
    'aliases that double',
    `meta:\n  ${doubled('z: [*i, *i]')
      .replaceAll(/\[\*?(\w)\]/g, '[*$1, *$1, *$1, *$1, *$1, *$1]')
      .replaceAll('\n', '\n  ')}`,
    ['front-matter'],
  ],
  ['few aliases of much', `meta: { a: &a [${Array(3_000).fill('x').join()}], b: [*a, *a, *a, *a] }`, ['bad-value']],
  ['an anchor within itself', 'meta: &a { x: *a }', ['bad-value']],
  ['a schema within itself', 'arguments: { a: &a { type: array, items: *a } }', ['bad-value']],
  ['a value within itself', 'arguments: { a: { type: array, default: &a [*a] } }', ['bad-schema']],
  ['a function', 'description: !!js/function "function () {}"', ['front-matter']],
  ['a tag of its own', 'description: !evil x', ['front-matter']],
  ['bytes', 'meta: { b: !!binary aGVsbG8= }', ['front-matter']],
  ['a set', 'meta: !!set { a, b }', ['front-matter']],
  ['a merge key', 'icons: &b []\n<<: { description: d }', ['unknown-key']],
  ['a member of the language', '__proto__: { guard: none }', ['unknown-key']],
  ['a member of the language in meta', 'meta: { a: { __proto__: { polluted: true } } }', ['bad-value']],
  ['an argument of the language', 'arguments: { __proto__: string }', ['bad-value']],
  ['an argument like what every object has', 'arguments: { toString: string }', ['bad-value']],
  ['a key that comes twice', 'guard: none\nguard: []', ['front-matter']],
  ['a key that is no text', '? [a, b]\n: c', ['front-matter']],
  ['two documents', 'description: d\n...\nname: x', ['front-matter']],
  ['a number beyond all', 'arguments: { a: { type: number, minimum: 1e999 } }', ['bad-schema']],
  ['a weight beyond all', 'variants: { a: .inf }', ['bad-value']],
  ['what nests without end', `meta: ${'['.repeat(5_000)}${']'.repeat(5_000)}`, ['front-matter']],
  ['an expression that takes for ever', 'arguments: { a: { pattern: "(a+)+$" } }', ['bad-schema']],
  ['a name that leads elsewhere', 'name: ../../x', ['bad-value']],
  ['a name of the language', 'name: __proto__', ['forbidden-name']],
  ['a parent of the language', 'extends: __proto__', ['missing-parent', 'outside-block']],
  ['a rule that is none', 'guard:', ['bad-value']],
]

for (const [what, head, codes] of HEADS) {
  test(`row 23, T8: front matter with ${what} is refused, and nothing is thrown`, () => {
    assert.equal([...codesOf(head)].sort(), [...codes].sort())
  })
}

test('row 23: twenty thousand unknown members are one problem, found at once', () => {
  const members = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}: 1`).join('\n')
  const started = process.cpuUsage().user
  assert.equal(codesOf(members(20_000)), ['front-matter'])
  assert.equal(codesOf(members(5_000)), ['bad-value'])
  assert.ok(process.cpuUsage().user - started < 5_000_000)
})

test('row 23: files named like the language, and links that lead out, are nobody’s prompts', () => {
  const outside = new Place({ 'secret.md': file('description: secret'), 'deep/b.md': file('description: secret') })
  const place = new Place({ '_partials/constructor.md': 'x', 'a.md': file('description: d') })
  symlinkSync(outside.at('secret.md'), place.at('link.md'))
  symlinkSync(outside.at('deep'), place.at('folder'))
  const found = prompts({ folder: place.path }).check()
  assert.equal(found.map(({ code }) => code).sort(), ['forbidden-name', 'outside'])
})

test('row 23: a file that a prompt shows lies in the folder, whatever an argument says', async () => {
  const outside = new Place({ 'secret.png': 'secret' })
  const place = new Place({
    'a.md': file('description: d\narguments: { name: { required: true } }', '{{image name}}'),
    'img/ok.png': 'png',
    '.env.png': 'secret',
  })
  symlinkSync(outside.at('secret.png'), place.at('img/link.png'))
  symlinkSync(outside.path, place.at('out'))
  const client = await meet(await serve(prompts({ folder: place.path })))
  assert.is(await textOf(client, 'a', { name: 'img/ok.png' }), '[image]')
  const names = ['../../etc/passwd', 'img/../../x.png', 'img/link.png', 'out/secret.png', '.env.png', 'img', '/etc/passwd', 'C:\\x.png']
  for (const name of [...names, 'img\\ok.png', '%2e%2e/x.png', 'file:///etc/passwd', 'img/ok.png\0', '__proto__', ''])
    assert.is(await textOf(client, 'a', { name }).catch(() => 'refused'), 'refused', name)
})

const document = (prompt: object, more: object = {}): PromptDocument =>
  ({
    format: 'oarlock.prompts/1',
    fragments: [],
    prompts: [{ name: 'a', description: 'd', template: 'A', ...prompt }],
    promoted: {},
    ...more,
  }) as never

test('row 23, T8: a document that is imported can be nothing but data, and a wrong one changes nothing', () => {
  const registry = prompts()
  registry.add({ name: 'kept', description: 'd', template: 'K' })
  const parsed = (text: string): object => JSON.parse(text) as object
  const hostile: readonly unknown[] = [
    undefined,
    [],
    parsed('{"__proto__":{"format":"oarlock.prompts/1"}}'),
    document({ template: { type: 'Program', body: [] } }),
    document({ name: '__proto__' }),
    document({ name: ['a'] }),
    document(parsed('{"__proto__":{"guard":"x"}}')),
    document({ meta: parsed('{"__proto__":{"x":1}}') }),
    document({ guard: 'nobody gave' }),
    document({ values: 'return 1' }),
    document({ complete: parsed('{"__proto__":"x"}') }),
    document({ args: { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } } }),
    document({ variants: [{ name: 'x', weight: Number.POSITIVE_INFINITY }] }),
    document({}, { fragments: [{ name: 'constructor', template: 'x' }] }),
    document({}, { fragments: [{ name: 'x/../y', template: '{{> none}}' }] }),
    document({}, { fragments: [null] }),
    document({}, { prompts: [null, 'x', 7] }),
    document({}, { promoted: [] }),
  ]
  for (const [index, each] of hostile.entries()) {
    assert.ok(problemsOf(() => registry.import(each as PromptDocument)).length > 0, `number ${index}`)
    assert.equal(
      registry.list().map(({ name }) => name),
      ['kept'],
    )
  }
  registry.import(document({}, { promoted: parsed('{"__proto__":"x","a":"constructor"}') }))
  assert.equal(registry.export().promoted, {})
  assert.is(({} as { polluted?: unknown }).polluted, undefined)
})

test('row 23: the prompts beside a bundle are checked as any document, and render nothing but the bundle', () => {
  const templates = { render: () => [] }
  assert.ok(problemsOf(() => precompiledPrompts({ prompts: [] } as never, templates)).length > 0)
  assert.ok(problemsOf(() => precompiledPrompts(document({ guard: 'nobody gave' }), templates)).length > 0)
  assert.ok(problemsOf(() => precompiledPrompts(document({ template: { type: 'Program' } }), templates)).length > 0)
})

test.run()
