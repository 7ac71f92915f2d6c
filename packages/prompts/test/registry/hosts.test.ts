/** The servers of a registry: what else they have, and what they are told that fails in the background. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { prompts } from '../../src/registry/prompts.ts'
import { file, meet, names, next, Place, refusal, reportsOf, serve, strike, textOf } from './stage.ts'

const test = suite('hosts')
test.after.each(strike)

test('a name that something else on one of the servers has is refused, with all that came with it, as long as it has it', async () => {
  const registry = prompts()
  registry.add({ name: 'a', description: 'd', template: 'A' })
  const [first, second] = [await serve(registry), await serve(registry)]
  const taken = second.prompt('taken', { description: 'd' }, () => 'mine')
  second.tool('b', { description: 'd' }, () => 'a tool is no prompt')
  const reports = [first, second].map(reportsOf)
  const clash = { name: 'taken', description: 'd', template: 'T' }
  assert.throws(
    () => registry.add(clash, { name: 'b', description: 'd', template: 'B' }),
    /'taken' is what server\.prompt\('taken'\) is called too: rename one/,
  )
  assert.equal(
    refusal(() => registry.import({ format: 'oarlock.prompts/1', fragments: [], promoted: {}, prompts: [clash] })),
    ['duplicate taken'],
  )
  assert.equal(
    refusal(() => registry.load(new Place({ 'c.md': file('description: d'), 'taken.md': file('description: d') }).path)),
    ['duplicate taken'],
  )
  assert.equal(registry.check(), [])
  registry.add({ ...clash, version: '2' }, { name: 'b', description: 'd', template: 'B' })
  const clients = [await meet(first), await meet(second)]
  assert.equal(await Promise.all(clients.map(names)), [
    ['a', 'taken', 'b'],
    ['a', 'taken', 'b'],
  ])
  taken.remove()
  registry.add(clash)
  await Promise.resolve()
  assert.equal(
    registry.list({ versions: true }).map(({ name, version }) => [name, version]),
    [
      ['a', undefined],
      ['taken', '2'],
      ['b', undefined],
      ['taken', undefined],
    ],
  )
  assert.equal(reports, [[], []])
})

test('a name that something else takes in the same turn holds the registry up: the log and check() say so; removing it takes up the rest', async () => {
  const registry = prompts()
  registry.add({ name: 'a', description: 'd', template: 'A' })
  const server = await serve(registry)
  const client = await meet(server)
  const reported = new Promise<unknown>(resolve => server.on('error.reported', ({ cause }) => resolve(cause)))
  registry.add({ name: 'taken', description: 'd', template: 'T' }, { name: 'b', description: 'd', template: 'B' })
  server.prompt('taken', { description: 'd' }, () => 'mine')
  assert.match(String(await reported), /prompt 'taken' is offered twice/)
  assert.equal(await names(client), ['a', 'taken'])
  assert.is(await textOf(client, 'taken'), 'mine')
  assert.equal(
    registry.check().map(({ severity, code, prompt }) => [severity, code, prompt]),
    [['error', 'duplicate', 'taken']],
  )
  registry.remove('taken')
  assert.equal(await names(client), ['a', 'taken', 'b'])
  assert.equal([await textOf(client, 'taken'), registry.check()], ['mine', []])
})

test('a listener that throws, or rejects, hurts nobody, and each server of the registry reports it', async () => {
  const registry = prompts()
  registry.add({ name: 'a', description: 'd', template: 'A' })
  const servers = [await serve(registry), await serve(registry)] as const
  const reports = servers.map(reportsOf)
  registry.on('prompt.rendered', () => {
    throw new Error('no')
  })
  registry.on('prompt.rendered', () => Promise.reject(new Error('never')) as never)
  const heard = next(registry, 'prompt.rendered')
  assert.is(await textOf(await meet(servers[0]), 'a'), 'A')
  await heard
  await Promise.resolve()
  const both = ['prompts: listener of prompt.rendered: no', 'prompts: listener of prompt.rendered: never']
  assert.equal(reports, [both, both])
})

test('a listener that throws before the registry was ever offered is heard of on the console', async () => {
  const registry = prompts()
  const { error } = console
  const said: unknown[] = []
  registry.on('prompts.changed', () => {
    throw new Error('no')
  })
  const heard = next(registry, 'prompts.changed')
  console.error = (...words: unknown[]) => void said.push(words[0])
  try {
    registry.add({ name: 'a', description: 'd', template: 'A' })
    await heard
    await Promise.resolve()
  } finally {
    console.error = error
  }
  assert.equal(said, ['prompts: listener of prompts.changed:'])
})

test.run()
