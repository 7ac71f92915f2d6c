/** Experiments: stable assignment, exposure, promotion. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { memoryConnector, REVISIONS } from '@oarlock/protocol'
import { Client } from '@oarlock/client'
import { connectorTo } from '@oarlock/testing'
import type { PromptExposed } from '../../src/registry/events.ts'
import { prompts } from '../../src/registry/prompts.ts'
import type { PromptRegistry } from '../../src/registry/registry.ts'
import { VARIANT_KEY } from '../../src/registry/rendering.ts'
import { file, meet, Place, serve, strike, textOf } from './stage.ts'

const test = suite('variants')
test.after.each(strike)

/** `a` is the prompt's own text. */
function experiment(options: Parameters<typeof prompts>[0] = {}): PromptRegistry {
  const registry = prompts(options)
  registry.add({ name: 'greet', description: 'd', template: 'A', variants: [{ name: 'a' }, { name: 'b', template: 'B' }] })
  return registry
}

const people = Array.from({ length: 12 }, (_, index) => `user-${index}`)

async function given(registry: PromptRegistry): Promise<readonly string[]> {
  const server = await serve(registry)
  const texts: string[] = []
  for (const id of people) texts.push(await textOf(await meet(server, { principal: { id } }), 'greet'))
  return texts
}

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`a principal keeps its variant: in every call, connection and process, whatever other prompts there are (${revision})`, async () => {
    const texts = await given(experiment())
    assert.equal([...new Set(texts)].sort(), ['A', 'B'])
    const other = experiment()
    other.add({ name: 'unrelated', description: 'd', template: 'x', variants: [{ name: 'a' }, { name: 'b', template: 'y' }] })
    const server = await serve(other)
    for (const [index, id] of people.entries()) {
      const client = await meet(server, { principal: { id }, revision })
      assert.equal([await textOf(client, 'greet'), await textOf(client, 'greet')], [texts[index], texts[index]])
    }
  })
}

test('one id that acts through two clients is two subjects, as everywhere', async () => {
  const registry = experiment()
  const subjects: string[] = []
  registry.on('prompt.exposed', ({ subject }) => subjects.push(subject))
  const server = await serve(registry)
  for (const clientId of ['app', 'page', 'app']) await textOf(await meet(server, { principal: { id: 'ann', clientId } }), 'greet')
  assert.equal(subjects, ['principal:["ann","app"]', 'principal:["ann","page"]'])
})

test('one id of two issuers is two subjects', async () => {
  const registry = experiment()
  const subjects: string[] = []
  registry.on('prompt.exposed', ({ subject }) => subjects.push(subject))
  const server = await serve(registry)
  for (const iss of ['https://one.example', 'https://two.example', 'https://one.example'])
    await textOf(await meet(server, { principal: { id: 'ann', claims: { iss } } }), 'greet')
  assert.equal(subjects, ['principal:["ann",null,"https://one.example"]', 'principal:["ann",null,"https://two.example"]'])
})

test('without a principal it is the session, and without a session the client', async () => {
  const registry = experiment()
  const subjects: string[] = []
  registry.on('prompt.exposed', ({ subject }) => subjects.push(subject))
  const server = await serve(registry)
  await textOf(await meet(server, { revision: '2026-07-28', name: 'inspector' }), 'greet')
  assert.equal(subjects, ['client:inspector'])
  const connector = await connectorTo(server, 'http')
  for (const length of [2, 3]) {
    const client = await Client.open(connector, { revision: '2025-11-25', cache: false })
    const first = await textOf(client, 'greet')
    for (let again = 0; again < 5; again += 1) assert.is(await textOf(client, 'greet'), first)
    await client.close()
    assert.is(subjects.length, length, 'each session is one subject')
  }
  assert.ok(subjects.slice(1).every(subject => /^session:.{8,}/.test(subject)))
})

test('the exposure is told once for each subject and variant, with who and what', async () => {
  const registry = experiment()
  const seen: PromptExposed[] = []
  registry.on('prompt.exposed', event => seen.push(event))
  const server = await serve(registry)
  const [ann, bob] = [await meet(server, { principal: { id: 'ann' } }), await meet(server, { principal: { id: 'bob' } })]
  for (const client of [ann, ann, bob, ann]) await client.prompt('greet')
  assert.equal(
    seen.map(({ name, version, subject, principal }) => [name, version, subject, principal?.id]),
    [
      ['greet', undefined, 'principal:["ann",null]', 'ann'],
      ['greet', undefined, 'principal:["bob",null]', 'bob'],
    ],
  )
  assert.ok(seen.every(({ variant, correlationId }) => ['a', 'b'].includes(variant) && correlationId !== ''))
})

test('the answer says which variant it is', async () => {
  const client = await meet(await serve(experiment({ assign: () => 'b' })))
  assert.equal((await client.raw.getPrompt({ name: 'greet' }))._meta?.[VARIANT_KEY], 'b')
})

test('weights are shares: 0 is nobody', async () => {
  const registry = prompts()
  registry.add({
    name: 'greet',
    description: 'd',
    template: 'A',
    variants: [
      { name: 'a', weight: 0 },
      { name: 'b', template: 'B' },
    ],
  })
  assert.equal([...new Set(await given(registry))], ['B'])
})

test('a variant that is promoted is everybody’s, is no experiment any more, and stays when the prompt is written anew', async () => {
  const registry = experiment()
  const server = await serve(registry)
  const exposed: unknown[] = []
  registry.on('prompt.exposed', event => exposed.push(event))
  registry.promote('greet', 'b')
  const all = async (): Promise<readonly string[]> => {
    const texts = []
    for (const id of people) texts.push(await textOf(await meet(server, { principal: { id } }), 'greet'))
    return [...new Set(texts)].sort()
  }
  assert.equal(await all(), ['B'])
  assert.equal(exposed, [])
  registry.update({ name: 'greet', description: 'd', template: 'A2', variants: [{ name: 'a' }, { name: 'b', template: 'B2' }] })
  await Promise.resolve()
  assert.equal(await all(), ['B2'])
  registry.promote('greet', undefined)
  assert.equal(await all(), ['A2', 'B2'])
})

test('a promotion ends with its variant', async () => {
  const registry = experiment()
  registry.promote('greet', 'b')
  registry.update({ name: 'greet', description: 'd', template: 'A', variants: [{ name: 'a' }, { name: 'c', template: 'C' }] })
  assert.equal(registry.export().promoted, {})
})

test('what does not exist cannot be promoted', () => {
  const registry = experiment()
  assert.throws(() => registry.promote('great', 'b'), /There is no prompt 'great'. Did you mean 'greet'\?/)
  assert.throws(() => registry.promote('greet', 'c'), /greet has no variant 'c': there are a, b\./)
  assert.throws(() => registry.promote('greet', 'b', '2'), /There is no prompt 'greet@2'/)
})

test('assign decides for one call, subject says whose choice it is', async () => {
  const forced = experiment({
    assign: ({ name, variants }, ctx) => (name === 'greet' && ctx.principal?.id === 'tester' ? variants.at(-1) : 'nonsense'),
  })
  const server = await serve(forced)
  assert.is(await textOf(await meet(server, { principal: { id: 'tester' } }), 'greet'), 'B')
  assert.match(await textOf(await meet(server, { principal: { id: 'other' } }), 'greet'), /^[AB]$/)
  const teams = experiment({ subject: ctx => `team:${String(ctx.principal?.claims?.['team'])}` })
  const subjects: string[] = []
  teams.on('prompt.exposed', ({ subject }) => subjects.push(subject))
  const shared = await serve(teams)
  for (const id of ['ann', 'bob']) await (await meet(shared, { principal: { id, claims: { team: 7 } } })).prompt('greet')
  assert.equal(subjects, ['team:7'])
})

test('variants may be files of their own, which are no prompts, and extend what the prompt extends', async () => {
  const place = new Place({
    '_layout.md': 'L: {{#block "x"}}{{/block}}',
    'greet.md': file(
      'description: d\nextends: layout\narguments: { who: string }\nvariants: { plain: 1, warm: { file: _warm.md } }',
      '{{#block "x"}}Hi {{who}}{{/block}}',
    ),
    '_warm.md': '{{#block "x"}}Dear {{who}}{{/block}}\n',
  })
  const registry = prompts({ folder: place.path, assign: () => 'warm' })
  const client = await meet(await serve(registry))
  assert.equal(
    (await client.prompts()).map(({ name }) => name),
    ['greet'],
  )
  assert.is(await textOf(client, 'greet', { who: 'Ann' }), 'L: Dear Ann')
  assert.match(registry.source('greet', { variant: 'warm' }), /Dear/)
  assert.match(registry.source('greet'), /Hi/)
  assert.throws(() => registry.source('greet', { variant: 'none' }), /no variant 'none'/)
})

test('the file of a variant that does not exist is an error where it is named', () => {
  const place = new Place({ 'greet.md': file('description: d\nvariants: { plain: 1, warm: { file: _wram.md } }'), '_warm.md': 'x' })
  const [problem] = prompts({ folder: place.path }).check()
  assert.equal([problem?.code, problem?.file, problem?.line], ['unknown-fragment', place.at('greet.md'), 3])
  assert.match(problem?.message ?? '', /Did you mean 'warm'\?/)
})

test('an argument that one variant mentions is not unused', () => {
  const registry = prompts()
  registry.add({
    name: 'a',
    description: 'd',
    args: { type: 'object', properties: { one: { type: 'string' }, two: { type: 'string' } } },
    template: '{{one}}',
    variants: [{ name: 'b', template: 'x' }],
  })
  assert.equal(
    registry.check().map(({ code, message }) => [code, message.includes("'two'")]),
    [['unused-argument', true]],
  )
})

test('where texts come only from variants the prompt needs none', async () => {
  const registry = prompts()
  registry.add({
    name: 'a',
    description: 'd',
    variants: [
      { name: 'b', template: 'B' },
      { name: 'c', weight: 0, template: 'C' },
    ],
  })
  const client = await Client.open(memoryConnector(await serve(registry)))
  assert.is(await textOf(client, 'a'), 'B')
  await client.close()
})

test.run()
