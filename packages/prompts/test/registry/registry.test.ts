/** Prompts that come, change and go at run time, through the same pipeline as all others. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { connected } from '@oarlock/testing'
import { Server } from '@oarlock/kernel'
import { REVISIONS, type Principal } from '@oarlock/protocol'
import { Type } from 'typebox'
import { InvalidPrompts } from '../../src/registry/problem.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { PromptRegistry } from '../../src/registry/registry.ts'
import type { RegistryOptions } from '../../src/registry/options.ts'
import { file, listChanged, meet, names, next, Place, refusal, serve, strike, textOf } from './stage.ts'

const test = suite('registry')
test.after.each(strike)

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`prompts are added, updated and removed while clients are there, who hear of it (${revision})`, async () => {
    const registry = prompts()
    registry.add({ name: 'a', description: 'A', template: 'One' })
    const client = await meet(await serve(registry), { revision })
    await client.listen({ prompts: true }).ready
    const news = async (change: () => void): Promise<void> => {
      const heard = listChanged(client)
      change()
      await heard
    }
    await news(() => registry.add({ name: 'b', description: 'B', args: Type.Object({ n: Type.Integer() }), template: 'Two {{n}}' }))
    assert.is(await textOf(client, 'b', { n: '7' }), 'Two 7')
    await news(() => registry.update({ name: 'a', description: 'Another A', template: 'Uno' }))
    assert.is(await textOf(client, 'a'), 'Uno')
    await news(() => assert.is(registry.remove('b'), 1))
    assert.equal(await names(client), ['a'])
    assert.is(registry.remove('b'), 0)
  })
}

test('arguments are coerced from strings, and what is wrong is told by name, before anything is rendered', async () => {
  const registry = prompts()
  registry.add({
    name: 'a',
    description: 'd',
    args: Type.Object({ n: Type.Integer(), on: Type.Optional(Type.Boolean()) }),
    template: '{{n}} {{#if on}}on{{else}}off{{/if}}',
  })
  const client = await meet(await serve(registry))
  assert.is(await textOf(client, 'a', { n: '2', on: 'false' }), '2 off')
  for (const [args, said] of [
    [{ n: 'x' }, /\/n.*integer/s],
    [{ on: 'true' }, /n/],
  ] as const) {
    const error = (await client.prompt('a', args).catch((error: unknown) => error)) as Error & { code: number }
    assert.is(error.code, -32602)
    assert.match(error.message, said)
  }
  assert.equal(
    registry.stats().map(({ renders, errors }) => [renders, errors]),
    [[1, 0]],
    'nothing else was rendered',
  )
})

test('files take no arguments but those they declare', async () => {
  const place = new Place({ 'a.md': file('description: d\narguments: { code: string }', '{{code}}') })
  const client = await meet(await serve(prompts({ folder: place.path })))
  const error = (await client.prompt('a', { cod: 'x' }).catch((error: unknown) => error)) as Error & { code: number }
  assert.is(error.code, -32602)
  assert.match(error.message, /cod/)
})

test('what is added at run time has the same guards, middleware and completions as what was there', async () => {
  const seen: (string | undefined)[] = []
  const options: RegistryOptions = {
    guard: { visible: principal => principal?.roles?.includes('staff') === true },
    guards: { admins: { allow: (_args, ctx) => ctx.principal?.id === 'root' || 'only root may' } },
    completers: { languages: typed => ['TypeScript', 'Rust'].filter(each => each.startsWith(typed)) },
    use: (call, next) => {
      seen.push(call.component?.name)
      return next()
    },
  }
  const registry = new PromptRegistry(options)
  const server = await serve(registry)
  registry.add({
    name: 'a',
    description: 'd',
    guard: 'admins',
    args: Type.Object({ language: Type.String() }),
    complete: { language: 'languages' },
    template: '{{language}}',
  })
  const person = (id: string): Principal => ({ id, roles: ['staff'] })
  const [stranger, staff, root] = [
    await meet(server),
    await meet(server, { principal: person('ann') }),
    await meet(server, { principal: person('root') }),
  ]
  assert.equal([await names(stranger), await names(staff)], [[], ['a']])
  assert.match(String(await stranger.prompt('a', { language: 'x' }).catch((error: unknown) => error)), /Unknown prompt 'a'/)
  assert.match(String(await staff.prompt('a', { language: 'x' }).catch((error: unknown) => error)), /only root may/)
  assert.is(await textOf(root, 'a', { language: 'x' }), 'x')
  assert.equal(seen, ['a'])
  assert.equal((await root.complete({ type: 'ref/prompt', name: 'a' }, { name: 'language', value: 'R' })).values, ['Rust'])
})

test('a change with something wrong in it changes nothing, and every problem is told', async () => {
  const registry = prompts()
  registry.add({ name: 'a', description: 'd', template: 'A' })
  const client = await meet(await serve(registry))
  assert.equal(
    refusal(() =>
      registry.add(
        { name: 'b', description: 'd', template: 'B' },
        { name: 'c', description: 'd', template: '{{> none}} {{typo}}' },
        { name: 'not a name', template: 'x' },
        { name: 'e', template: 7 as never },
        { name: 'f', template: 'x', guard: 'none' },
        { name: 'g', template: 'x', args: { type: 'array' } },
        { name: 'h', template: 'x', complete: { none: () => [] } },
      ),
    ),
    [
      'unknown-partial c',
      'undeclared-argument c',
      'bad-value e',
      'unknown-guard f',
      'bad-schema g',
      'unknown-completer h',
      'bad-value not a name',
    ],
  )
  assert.equal(await names(client), ['a'])
  assert.equal(registry.check(), [])
})

test('what exists is not added again, and what does not exist is not updated', () => {
  const registry = prompts()
  registry.add({ name: 'review', description: 'd', version: '1', template: 'A' })
  assert.equal(
    refusal(() => registry.add({ name: 'review', version: '1', template: 'B' })),
    ['duplicate review@1'],
  )
  assert.equal(
    refusal(() => registry.add({ name: 'x', template: 'B' }, { name: 'x', template: 'C' })),
    ['duplicate x'],
  )
  assert.throws(() => registry.update({ name: 'reviw', version: '1', template: 'B' }), /Did you mean 'review@1'/)
  registry.add({ name: 'review', description: 'd', version: '2', template: 'B' })
  assert.is(registry.remove('review', '1'), 1)
  assert.equal(
    registry.list().map(({ version }) => version),
    ['2'],
  )
})

test('a prompt that others extend cannot be removed from under them', () => {
  const registry = prompts()
  registry.add(
    { name: 'base', description: 'd', template: '{{#block "x"}}a{{/block}}' },
    { name: 'child', description: 'd', extends: 'base', template: '' },
  )
  assert.equal(
    refusal(() => registry.remove('base')),
    ['missing-parent child'],
  )
  assert.is(registry.list().length, 2)
  assert.is(registry.remove('child') + registry.remove('base'), 2)
})

test('among many prompts a change is refused for what it would break elsewhere, however far away', () => {
  const registry = prompts()
  registry.putFragment({ name: 'tone', template: 'Kind.' })
  registry.putFragment({ name: 'page', template: '{{> tone}} {{#block "x"}}{{/block}}' })
  registry.add({
    name: 'base',
    version: '1',
    description: 'd',
    extends: 'page',
    template: '{{#block "x"}}{{#block "y"}}{{/block}}{{/block}}',
  })
  registry.add({ name: 'child', description: 'd', extends: 'base', template: '{{#block "y"}}a{{/block}}' })
  registry.add({ name: 'variant', description: 'd', variants: [{ name: 'v', fragment: 'tone' }] })
  registry.add(...Array.from({ length: 100 }, (_, index) => ({ name: `other-${index}`, description: 'd', template: 'x' })))
  assert.ok(refusal(() => registry.removeFragment('tone')).includes('unknown-fragment variant'))
  assert.ok(refusal(() => registry.removeFragment('page')).includes('missing-parent base@1'))
  assert.equal(
    refusal(() => registry.remove('base')),
    ['missing-parent child'],
  )
  assert.ok(refusal(() => registry.putFragment({ name: 'page', template: 'no block' })).includes('unknown-block base@1'))
  assert.ok(refusal(() => registry.putFragment({ name: 'tone', template: '{{> page}}' })).some(each => each.startsWith('partial-cycle')))
  const wrong = { name: 'base', version: '2', description: 'd', template: 'no block' }
  assert.equal(
    refusal(() => registry.add(wrong)),
    ['unknown-block child'],
    'a version that is extended from now on',
  )
  assert.equal(registry.check(), [])
})

test('fragments come and go, and prompts that include them change with them', async () => {
  const registry = prompts()
  registry.putFragment({ name: 'tone', template: 'Kind.' })
  registry.add({ name: 'a', description: 'd', template: '{{> tone}}' })
  const client = await meet(await serve(registry))
  const changed = next(registry, 'prompts.changed')
  registry.putFragment({ name: 'tone', template: 'Frank.' })
  assert.equal(await changed, { put: ['tone', 'a'], removed: [] })
  assert.is(await textOf(client, 'a'), 'Frank.')
  assert.equal(
    refusal(() => registry.removeFragment('tone')),
    ['unknown-partial a'],
  )
  assert.equal(
    refusal(() => registry.putFragment({ name: 'tone', template: '{{> none}}' })),
    ['unknown-partial tone'],
  )
  assert.equal(
    refusal(() => registry.putFragment({ name: 'a', template: 'x' })),
    ['duplicate a'],
  )
  assert.equal(
    refusal(() => registry.putFragment({ name: '../x', template: 'x' })),
    ['bad-value ../x'],
  )
  registry.remove('a')
  assert.equal([registry.removeFragment('tone'), registry.removeFragment('tone')], [true, false])
})

test('values of a function stand beside the arguments', async () => {
  const registry = prompts()
  registry.add({
    name: 'a',
    description: 'd',
    args: Type.Object({ id: Type.String() }),
    values: async ({ id }: { id: string }) => ({ title: `Ticket ${id}` }),
    template: '{{title}} ({{id}})',
  })
  assert.is(await textOf(await meet(await serve(registry)), 'a', { id: '7' }), 'Ticket 7 (7)')
})

test('clients hear of a change that lists show, and not of one that only the text shows, which is served at once', async () => {
  const registry = prompts()
  registry.putFragment({ name: 'tone', template: 'Kind.' })
  registry.add({ name: 'a', description: 'd', args: Type.Object({}), template: '{{> tone}} A' })
  const client = await meet(await serve(registry))
  await client.listen({ prompts: true }).ready
  const told: string[] = []
  client.on('prompts.changed', () => void told.push('changed'))
  registry.putFragment({ name: 'tone', template: 'Frank.' })
  assert.is(await textOf(client, 'a'), 'Frank. A')
  const { args } = registry.get('a') as { args: object }
  registry.update({ name: 'a', description: 'd', args, template: 'B', variants: [{ name: 'v', weight: 0, template: 'V' }] })
  assert.is(await textOf(client, 'a'), 'B')
  registry.update({ name: 'a', description: 'd', args, values: () => ({ day: 'Monday' }), template: '{{day}}' })
  assert.is(await textOf(client, 'a'), 'Monday')
  assert.equal(told, [])
  const heard = listChanged(client)
  registry.update({ name: 'a', description: 'Another', args, template: 'C' })
  await heard
  assert.equal(told, ['changed'])
})

test('a component stays the same object as long as what is listed, checked and guarded stays', () => {
  const guard = { visible: () => true }
  const plain = (): object => ({ type: 'object', properties: { n: { type: 'integer', examples: [1] } } })
  const base = { name: 'a', description: 'd', args: plain(), guard, meta: { x: [1, { y: 2 }] }, template: 'A' }
  const registry = prompts({ guards: { staff: { visible: () => true } } })
  registry.add(base, { name: 'b', description: 'd', template: 'B' })
  const [first, b] = registry.components()
  const keeps = (change: object): boolean => {
    registry.update(base)
    const [before] = registry.components()
    registry.update({ ...base, ...change })
    const [after, other] = registry.components()
    assert.is(other, b)
    return before === after
  }
  const same = [{}, { template: 'C' }, { args: plain() }, { meta: { x: [1, { y: 2 }] } }, { category: 'c' }, { guard: { ...guard } }]
  assert.ok(same.every(keeps))
  assert.is(registry.components()[0], first)
  const others = [
    { description: 'e' },
    { args: { type: 'object' } },
    { args: Type.Object({ n: Type.Integer({ examples: [1] }) }) },
    { guard: 'staff' },
    { guard: { visible: () => true } },
    { meta: { x: [1] } },
    { timeout: 5 },
    { tags: ['t'] },
    { complete: { n: () => [] } },
    { use: (_call: unknown, next: () => unknown) => next() },
  ]
  assert.equal(others.filter(keeps), [])
})

test('what a program misspells is refused', () => {
  assert.throws(() => prompts({ foldr: 'x' } as never), /'foldr' is no option of a prompt registry. Did you mean 'folder'\?/)
})

test('server.check() tells what check() does: severity, code, and where in which file, or which prompt', async () => {
  const place = new Place({ 'a.md': file('title: A\narguments: { unused: string }') })
  const registry = prompts({ folder: place.path })
  const server = await serve(registry)
  registry.add({ name: 'b', template: 'B' })
  const told = (await server.check()).filter(({ where }) => where.startsWith(`${place.path}: `))
  const own = registry.check()
  assert.ok(own.some(({ file: at }) => at === place.at('a.md')) && own.some(({ prompt, file: at }) => prompt === 'b' && at === undefined))
  assert.equal(
    told,
    own.map(problem => {
      const { file: at, line, column, prompt } = problem
      return { ...problem, where: `${place.path}: ${at === undefined ? prompt : `${at}:${line}:${column}`}` }
    }),
  )
})

test('server.check() tells once that a prompt has no description, where the registry knows the place', async () => {
  const place = new Place({ 'a.md': file('title: A'), 'a@2.md': file('title: A'), 'c.md': file('description: c') })
  const registry = prompts({ folder: place.path })
  const server = await serve(registry)
  server.prompt('elsewhere', {}, () => 'E')
  const told = (await server.check()).filter(({ message }) => message.startsWith('has no description'))
  assert.equal(
    told.map(({ where, code }) => `${where} ${code}`),
    [
      "server.prompt('elsewhere') no-description",
      `${place.path}: ${place.at('a.md')}:2:1 no-description`,
      `${place.path}: ${place.at('a@2.md')}:2:1 no-description`,
    ],
  )
})

test('a folder that is not there is a problem among the others, and is named when the registry is offered', () => {
  const place = new Place({ 'a.md': file('tittle: d') })
  const registry = prompts({ folders: ['/no/such/folder', place.path] })
  assert.equal(
    registry.check().map(({ severity, code, file: at }) => [severity, code, at]),
    [
      ['error', 'no-folder', '/no/such/folder'],
      ['error', 'unknown-key', place.at('a.md')],
    ],
  )
  const server = new Server({ name: 'x', version: '1.0.0', log: false })
  assert.throws(() => server.offer(registry), /^\/no\/such\/folder error there is no such folder to read prompts from \[no-folder\]\n/)
  place.write('a.md', file('title: d'))
  assert.throws(() => registry.list(), InvalidPrompts.is, 'what is right is not taken up alone')
})

for (const transport of ['http', 'stdio', 'ws'] as const) {
  for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
    test(`one registry of files and code is served over ${transport} in ${revision}`, async () => {
      const place = new Place({
        '_tone.md': 'Be kind.\n',
        'review.md': file(
          'description: d\narguments: { code: { required: true } }',
          '{{#system}}{{> tone}}{{/system}}\n{{#user}}Review {{code}}{{/user}}\n{{#assistant}}Sure.{{/assistant}}',
        ),
      })
      const registry = prompts({ folder: place.path })
      registry.add({ name: 'hello', description: 'd', template: 'Hello' })
      const server = new Server({ name: 'x', version: '1.0.0', log: false })
      server.offer(registry)
      await using pair = await connected(server, { transport, revision })
      assert.equal(await names(pair.client), ['review', 'hello'])
      const messages = await pair.client.prompt('review', { code: 'x' })
      assert.equal(
        messages.map(({ role, content }) => [role, content.type === 'text' && content.text]),
        [
          ['user', 'Be kind.'],
          ['user', 'Review x'],
          ['assistant', 'Sure.'],
        ],
      )
    })
  }
}

test.run()
