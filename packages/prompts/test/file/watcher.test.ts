/** Folders under watch, with real files and real clients: what is saved is served, and what is broken is told. */
import { pbkdf2 } from 'node:crypto'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REVISIONS } from '@oarlock/protocol'
import { InvalidPrompts, type PromptProblem } from '../../src/registry/problem.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { file, listChanged, meet, names, next, Place, reportsOf, serve, strike, textOf } from '../registry/stage.ts'

const test = suite('watcher')
test.after.each(strike)

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`list-changed is sent when a file comes, changes and goes (${revision})`, async () => {
    const place = new Place({ 'a.md': file('description: one', 'One') })
    const registry = prompts({ folder: place.path, watch: true })
    const client = await meet(await serve(registry), { revision })
    const subscription = client.listen({ prompts: true })
    await subscription.ready
    const news = async (change: () => void): Promise<void> => {
      const heard = listChanged(client)
      change()
      await heard
    }
    await news(() => place.write('b.md', file('description: two')))
    assert.equal(await names(client), ['a', 'b'])
    await news(() => place.write('a.md', file('description: other', 'Uno')))
    assert.is(await textOf(client, 'a'), 'Uno')
    await news(() => place.remove('b.md'))
    assert.equal(await names(client), ['a'])
    subscription.close()
  })
}

test('an atomic save is one change', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const changed = next(registry, 'prompts.changed')
  place.save('a.md', file('description: d', 'Two'))
  assert.equal(await changed, { put: ['a'], removed: [] })
  assert.is(await textOf(client, 'a'), 'Two')
})

test('new folders are watched, and folders that go take their prompts with them', async () => {
  const place = new Place({ 'a.md': file('description: d') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const came = next(registry, 'prompts.changed')
  mkdirSync(place.at('deep/er'), { recursive: true })
  writeFileSync(place.at('deep/er/b.md'), file('description: d'))
  assert.equal(await came, { put: ['b'], removed: [] })
  const went = next(registry, 'prompts.changed')
  place.remove('deep')
  assert.equal(await went, { put: [], removed: ['b'] })
  assert.equal(await names(client), ['a'])
})

test('a folder of links is swapped as a whole, as Kubernetes swaps mounted ones', async () => {
  const place = new Place({ '..v1/a.md': file('description: d', 'One'), '..v2/a.md': file('description: d', 'Two') })
  symlinkSync('..v1', place.at('..data'))
  symlinkSync('..data/a.md', place.at('a.md'))
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  assert.is(await textOf(client, 'a'), 'One')
  const changed = next(registry, 'prompts.changed')
  symlinkSync('..v2', place.at('..tmp'))
  renameSync(place.at('..tmp'), place.at('..data'))
  place.remove('..v1')
  assert.equal(await changed, { put: ['a'], removed: [] })
  assert.is(await textOf(client, 'a'), 'Two')
})

test('what links in the folder lead to is followed: a file, and a folder whose prompts come, change and go', async () => {
  const place = new Place({ 'z/_shared/a.md': file('description: d', 'One'), 'z/more/b.md': file('description: d', 'One') })
  symlinkSync('z/_shared/a.md', place.at('a.md'))
  symlinkSync('z/more', place.at('linked'))
  // Under its own name it would be described twice.
  const registry = prompts({ folder: place.path, watch: true })
  assert.throws(() => registry.list(), /'b' is described by/)
  renameSync(place.at('z'), place.at('_z'))
  place.remove('a.md')
  place.remove('linked')
  symlinkSync('_z/_shared/a.md', place.at('a.md'))
  symlinkSync('_z/more', place.at('linked'))
  const client = await meet(await serve(registry))
  const changes = async (change: () => void): Promise<unknown> => {
    const changed = next(registry, 'prompts.changed')
    change()
    return ((await changed) as { put: readonly string[] }).put
  }
  assert.equal(await names(client), ['a', 'b'])
  assert.equal(await changes(() => place.write('_z/_shared/a.md', file('description: d', 'Two'))), ['z/shared/a', 'a'])
  assert.equal(await changes(() => place.write('_z/more/b.md', file('description: d', 'Two'))), ['z/more/b', 'b'])
  assert.equal([await textOf(client, 'a'), await textOf(client, 'b')], ['Two', 'Two'])
  place.remove('linked')
  await next(registry, 'prompts.changed')
  assert.equal(await names(client), ['a'])
})

test('a folder that is removed takes its prompts with it, which is told; made anew it is watched anew', async () => {
  const outer = new Place({ 'prompts/a.md': file('description: d', 'One'), 'prompts/more/b.md': file('description: d') })
  const registry = prompts({ folder: outer.at('prompts'), watch: true })
  const client = await meet(await serve(registry))
  const [found, went] = [next(registry, 'problems.found'), next(registry, 'prompts.changed')]
  outer.remove('prompts')
  assert.equal((await went).removed, ['a', 'b'])
  assert.equal(
    ((await found) as { problems: readonly PromptProblem[] }).problems.map(({ code, file: at }) => [code, at]),
    [['no-folder', outer.at('prompts')]],
  )
  assert.equal(await names(client), [])
  const came = next(registry, 'prompts.changed')
  outer.write('prompts/c.md', file('description: d', 'Three'))
  assert.equal(await came, { put: ['c'], removed: [] })
  const changed = next(registry, 'prompts.changed')
  outer.write('prompts/c.md', file('description: d', 'Four'))
  await changed
  assert.is(await textOf(client, 'c'), 'Four')
})

test('a folder that is replaced by one that cannot be walked through is told once, and taken up when that is mended', async () => {
  const outer = new Place({ 'p/a.md': file('description: d', 'One'), 'q/a.md': file('description: d', 'Two') })
  symlinkSync('.', outer.at('q/loop'))
  const registry = prompts({ folder: outer.at('p'), watch: true })
  const client = await meet(await serve(registry))
  const told: unknown[] = []
  registry.on('problems.found', ({ problems }) => told.push(...problems.map(({ code }) => code)))
  const found = next(registry, 'problems.found')
  renameSync(outer.at('p'), outer.at('old'))
  renameSync(outer.at('q'), outer.at('p'))
  await found
  assert.is(await textOf(client, 'a'), 'One')
  const changed = next(registry, 'prompts.changed')
  outer.remove('p/loop')
  assert.equal(await changed, { put: ['a'], removed: [] })
  const came = next(registry, 'prompts.changed')
  outer.write('p/b.md', file('description: d'))
  assert.equal(await came, { put: ['b'], removed: [] })
  assert.equal([await textOf(client, 'a'), told], ['Two', ['unreadable']])
})

test('a folder that cannot be walked through when watching begins is told, and watched all the same', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: true })
  registry.list()
  place.write('a.md', file('description: d', 'Two'))
  symlinkSync('.', place.at('loop'))
  const told: unknown[] = []
  registry.on('problems.found', ({ problems }) => told.push(...problems.map(({ code }) => code)))
  const server = await serve(registry)
  const client = await meet(server)
  assert.equal([await textOf(client, 'a'), told], ['One', ['unreadable']])
  const changed = next(registry, 'prompts.changed')
  place.remove('loop')
  assert.equal(await changed, { put: ['a'], removed: [] })
  await server.close({ within: 0 })
  place.write('a.md', file('description: d', 'Three'))
  // Somebody else, who hears of it, hears of it alone.
  const other = prompts({ folder: place.path, watch: true })
  await serve(other)
  const heard = next(other, 'prompts.changed')
  registry.on('prompts.changed', () => told.push('heard'))
  place.write('b.md', file('description: d'))
  await heard
  assert.equal(told, ['unreadable'])
})

test('a link to the folder that is set anew, as releases are, is noticed though the old release stays', async () => {
  const outer = new Place({ 'releases/1/a.md': file('description: d', 'One'), 'releases/2/a.md': file('description: d', 'Two') })
  symlinkSync('releases/1', outer.at('current'))
  const registry = prompts({ folder: outer.at('current'), watch: true })
  const client = await meet(await serve(registry))
  const changed = next(registry, 'prompts.changed')
  symlinkSync('releases/2', outer.at('.current'))
  renameSync(outer.at('.current'), outer.at('current'))
  assert.equal(await changed, { put: ['a'], removed: [] })
  assert.is(await textOf(client, 'a'), 'Two')
})

test('a broken save keeps the last good one and tells file and line; when it is mended the new one serves', async () => {
  const place = new Place({ 'a.md': file('description: d\narguments: { who: string }', 'Hello {{who}}') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const found = next(registry, 'problems.found')
  place.write('a.md', file('description: d\narguments: { who: string }', 'Hello\n{{whom}}'))
  const { problems } = (await found) as { problems: readonly PromptProblem[] }
  assert.equal(
    problems.map(({ severity, code, file: at, line }) => [severity, code, at, line]),
    [['error', 'undeclared-argument', place.at('a.md'), 6]],
  )
  assert.equal(registry.check(), problems, 'it stays wrong until it is mended')
  assert.is(await textOf(client, 'a', { who: 'Ann' }), 'Hello Ann')
  const changed = next(registry, 'prompts.changed')
  place.write('a.md', file('description: d\narguments: { who: string }', 'Bye {{who}}'))
  await changed
  assert.is(await textOf(client, 'a', { who: 'Ann' }), 'Bye Ann')
  assert.equal(registry.check(), [])
})

test('what is wrong with a file is told once, and again when it is saved and still wrong, not when others are saved', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One'), 'b.md': file('description: d') })
  const registry = prompts({ folder: place.path, watch: true })
  await serve(registry)
  const told: (string | undefined)[] = []
  registry.on('problems.found', ({ problems }) => told.push(...problems.map(({ file: at, message }) => `${at} ${message}`)))
  const broken = async (text: string): Promise<void> => {
    const found = next(registry, 'problems.found')
    place.write('b.md', text)
    await found
  }
  const other = async (text: string): Promise<void> => {
    const changed = next(registry, 'prompts.changed')
    place.write('a.md', file('description: d', text))
    await changed
  }
  await broken(file('tittle: x'))
  const [first] = told
  await other('Two')
  await other('Three')
  assert.equal(told, [first])
  await broken(file('tittle: x', 'Other text'))
  await other('Four')
  assert.equal(told, [first, first])
  await broken(file('titttle: x'))
  await other('Five')
  assert.equal([told.length, registry.check().length], [3, 1])
})

test('a file that cannot go, since others need it, keeps no other file from being taken up', async () => {
  const place = new Place({ '_tone.md': 'Kind.', 'a.md': file('description: d', '{{> tone}}'), 'b.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const found = next(registry, 'problems.found')
  place.remove('_tone.md')
  await found
  const told: unknown[] = []
  registry.on('problems.found', problem => told.push(problem))
  const changed = next(registry, 'prompts.changed')
  place.write('b.md', file('description: d', 'Two'))
  assert.equal(await changed, { put: ['b'], removed: [] })
  assert.equal([await textOf(client, 'a'), await textOf(client, 'b'), told], ['Kind.', 'Two', []])
})

test('a file that cannot go is not held against those that still need it, and what is wrong is told once', async () => {
  const page = (text: string): string => file('description: d', `${text} {{> tone}}`)
  const place = new Place({ '_tone.md': 'Kind.', 'a.md': page('One'), 'b.md': page('One') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const told: (string | undefined)[] = []
  registry.on('problems.found', ({ problems }) => told.push(...problems.map(({ file: at, message }) => `${at} ${message}`)))
  const missing = (name: string): string => `${place.at(name)} There is no template 'tone' to include.`
  const change = async (event: 'problems.found' | 'prompts.changed', act: () => void): Promise<void> => {
    const heard = next(registry, event)
    act()
    await heard
  }
  await change('problems.found', () => place.remove('_tone.md'))
  assert.equal(told, [missing('a.md'), missing('b.md')])
  await change('prompts.changed', () => place.write('a.md', page('Two')))
  assert.is(await textOf(client, 'a'), 'Two Kind.')
  await change('prompts.changed', () => place.write('b.md', file('description: d', 'Alone')))
  assert.equal(told, [missing('a.md'), missing('b.md')])
  await change('prompts.changed', () => place.write('a.md', file('description: d', 'Alone')))
  assert.equal([told.length, registry.check(), registry.fragments], [2, [], []])
})

test('files that are saved together are taken up together, the broken ones left out', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One'), 'b.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: { debounce: 150 } })
  const client = await meet(await serve(registry))
  const [changed, found] = [next(registry, 'prompts.changed'), next(registry, 'problems.found')]
  place.write('a.md', file('tittle: x'))
  place.write('b.md', file('description: d', 'Two'))
  place.write('c.md', file('description: d', '{{> tone}}'))
  place.write('_tone.md', 'Kind')
  assert.equal(await changed, { put: ['tone', 'b', 'c'], removed: [] })
  assert.is(((await found) as { problems: readonly PromptProblem[] }).problems[0]?.file, place.at('a.md'))
  assert.equal([await textOf(client, 'a'), await textOf(client, 'b'), await textOf(client, 'c')], ['One', 'Two', 'Kind'])
})

test('a changed fragment changes the prompts that include it, through others too, and clients hear of it', async () => {
  const place = new Place({
    '_tone.md': 'Kind.',
    '_page.md': '{{> tone}} {{#block "x"}}{{/block}}',
    'a.md': file('description: d\nextends: page', '{{#block "x"}}A{{/block}}'),
    'b.md': file('description: d', 'B'),
  })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const changed = next(registry, 'prompts.changed')
  place.write('_tone.md', 'Frank.')
  assert.equal(await changed, { put: ['tone', 'page', 'a'], removed: [] })
  assert.is(await textOf(client, 'a'), 'Frank. A')
})

test('a file that takes a name that something else has keeps its last good state, and holds up no other file', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One'), 'b.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: true })
  const server = await serve(registry)
  const reports = reportsOf(server)
  const taken = server.prompt('taken', { description: 'd' }, () => 'mine')
  const client = await meet(server)
  const found = next(registry, 'problems.found')
  place.write('a.md', file('name: taken\ndescription: d', 'Two'))
  const { problems } = (await found) as { problems: readonly PromptProblem[] }
  assert.equal(
    problems.map(({ severity, code, prompt, file: at }) => [severity, code, prompt, at]),
    [['error', 'duplicate', 'taken', place.at('a.md')]],
  )
  assert.match(problems[0]?.message as string, /server\.prompt\('taken'\)/)
  assert.equal(registry.check(), problems)
  const other = next(registry, 'prompts.changed')
  place.write('b.md', file('description: d', 'Two'))
  assert.equal(await other, { put: ['b'], removed: [] })
  assert.equal([await textOf(client, 'a'), await textOf(client, 'b'), await textOf(client, 'taken')], ['One', 'Two', 'mine'])
  taken.remove()
  const mended = next(registry, 'prompts.changed')
  place.write('b.md', file('description: d', 'Three'))
  assert.equal(await mended, { put: ['b', 'taken'], removed: ['a'] })
  assert.equal([await textOf(client, 'taken'), reports], ['Two', []])
})

test('a fragment that others need stays when its file goes, which is told; and goes when nothing needs it', async () => {
  const place = new Place({ '_tone.md': 'Kind.', 'a.md': file('description: d', '{{> tone}}') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  const found = next(registry, 'problems.found')
  place.remove('_tone.md')
  const { problems } = (await found) as { problems: readonly PromptProblem[] }
  assert.equal(
    problems.map(({ code, file: at }) => [code, at]),
    [['unknown-partial', place.at('a.md')]],
  )
  assert.is(await textOf(client, 'a'), 'Kind.')
  const changed = next(registry, 'prompts.changed')
  place.write('a.md', file('description: d', 'Plain.'))
  assert.equal(await changed, { put: ['a'], removed: ['tone'] })
  assert.equal(registry.fragments, [])
})

test('what comes, changes or goes between reading and watching is not lost', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One'), 'b.md': file('description: d') })
  const registry = prompts({ folder: place.path, watch: true })
  registry.list()
  place.write('a.md', file('description: d', 'Two'))
  place.remove('b.md')
  place.write('c.md', file('description: d'))
  const client = await meet(await serve(registry))
  assert.equal(await names(client), ['a', 'c'])
  assert.is(await textOf(client, 'a'), 'Two')
})

test('a prompt of a file that was updated or removed at run time is as the file says when that is next saved', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One'), 'b.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: true })
  const client = await meet(await serve(registry))
  registry.update({ name: 'a', description: 'd', template: 'From code' })
  registry.remove('b')
  await Promise.resolve()
  assert.equal([await names(client), await textOf(client, 'a')], [['a'], 'From code'])
  for (const name of ['a', 'b']) {
    const changed = next(registry, 'prompts.changed')
    place.write(`${name}.md`, file('description: d', 'Two'))
    assert.equal(await changed, { put: [name], removed: [] })
    assert.is(await textOf(client, name), 'Two')
  }
})

test('a folder that is loaded later is watched too', async () => {
  const [one, two] = [new Place({ 'a.md': file('description: d') }), new Place({ 'b.md': file('description: d', 'One') })]
  const registry = prompts({ folder: one.path, watch: true })
  const client = await meet(await serve(registry))
  registry.load(two.path)
  // Written before or after watching has begun: it is taken up either way.
  const changed = next(registry, 'prompts.changed')
  two.write('b.md', file('description: d', 'Two'))
  assert.equal(await changed, { put: ['b'], removed: [] })
  assert.is(await textOf(client, 'b'), 'Two')
})

test('a folder is watched by polling where that is asked for', async () => {
  const place = new Place({ 'a.md': file('description: d', 'One') })
  const registry = prompts({ folder: place.path, watch: { polling: true } })
  await serve(registry)
  const changed = next(registry, 'prompts.changed')
  place.write('b.md', file('description: d'))
  assert.equal(await changed, { put: ['b'], removed: [] })
})

test('what is saved as soon as a folder is watched by polling is seen, however late the system answers', async () => {
  for (let turn = 0; turn < 12; turn += 1) {
    const rest = keepBusy()
    const place = new Place({ 'a.md': file('description: d') })
    const registry = prompts({ folder: place.path, watch: { polling: true } })
    await serve(registry)
    const changed = next(registry, 'prompts.changed')
    place.write('b.md', file('description: d'))
    rest()
    assert.equal(await changed, { put: ['b'], removed: [] })
    await strike()
  }
})

/** Keeps the threads that work for the file system at other work, so that it takes its time. @returns how to stop */
function keepBusy(): () => void {
  let isOver = false
  const work = (): void => pbkdf2('x', 'x', 3000, 64, 'sha512', () => isOver || work())
  for (let thread = 0; thread < 8; thread += 1) work()
  return () => {
    isOver = true
  }
}

test('two servers share a registry: both hear, and watching ends with the last', async () => {
  const place = new Place({ 'a.md': file('description: d') })
  const registry = prompts({ folder: place.path, watch: true })
  const [first, second] = [await serve(registry), await serve(registry)]
  await first.close()
  const client = await meet(second)
  const changed = next(registry, 'prompts.changed')
  place.write('b.md', file('description: d'))
  await changed
  assert.equal(await names(client), ['a', 'b'])
})

test('problems that nobody listens for go to report, or to the servers', async () => {
  const [place, other] = [new Place({ 'a.md': file('description: d') }), new Place({ 'a.md': file('description: d') })]
  let tell: (problems: readonly PromptProblem[]) => void = () => undefined
  const told = new Promise<readonly PromptProblem[]>(resolve => (tell = resolve))
  const quiet = reportsOf(await serve(prompts({ folder: place.path, watch: true, report: problems => tell(problems) })))
  place.write('a.md', file('tittle: x'))
  assert.is((await told)[0]?.code, 'unknown-key')
  const server = await serve(prompts({ folder: other.path, watch: true }))
  const reported = new Promise<unknown>(resolve => server.on('error.reported', ({ cause }) => resolve(cause)))
  const reports = reportsOf(server)
  other.write('a.md', file('tittle: x'))
  assert.ok(InvalidPrompts.is(await reported))
  assert.match(reports[0] as string, /: watching: .*a\.md:2:1 error 'tittle' means nothing here/)
  assert.equal(quiet, [])
})

for (const way of ['throws', 'rejects'] as const) {
  test(`a report that ${way} hurts nobody: the server is told what it was to be told, and how it failed`, async () => {
    const place = new Place({ 'a.md': file('description: d', 'One') })
    const fail = (): never => {
      throw new Error('the reporter failed')
    }
    const registry = prompts({ folder: place.path, watch: true, report: way === 'throws' ? fail : async () => fail() })
    const server = await serve(registry)
    const reports = reportsOf(server)
    const both = new Promise<void>(resolve => server.on('error.reported', ({ where }) => where.endsWith(': report') && resolve()))
    place.write('a.md', file('tittle: x'))
    await both
    assert.is(reports.length, 2)
    assert.match(reports[0] as string, /: watching: .*unknown-key/)
    assert.match(reports[1] as string, /: report: the reporter failed$/)
    const changed = next(registry, 'prompts.changed')
    place.write('a.md', file('description: d', 'Two'))
    await changed
    assert.is(await textOf(await meet(server), 'a'), 'Two')
  })
}

test.run()
