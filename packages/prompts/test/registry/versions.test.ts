/** Several versions of one prompt: which one answers, who is held to which, and what is told about old ones. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REVISIONS, type Principal } from '@oarlock/protocol'
import { prompts } from '../../src/registry/prompts.ts'
import { file, meet, next, Place, serve, strike, textOf } from './stage.ts'

const test = suite('versions')
test.after.each(strike)

const three = () =>
  new Place({
    'review@1.9.0.md': file('description: d', 'nine'),
    'review@1.10.0.md': file('description: d', 'ten'),
    'review@2.0.0.md': file('description: d\ndeprecated: it was a mistake', 'two'),
  })

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`versions live side by side; the highest that is not deprecated answers, unless the caller asks (${revision})`, async () => {
    const client = await meet(await serve(prompts({ folder: three().path })), { revision })
    assert.is((await client.prompts()).length, 1)
    assert.is(await textOf(client, 'review'), 'ten')
    for (const [version, text] of [
      ['1.9.0', 'nine'],
      ['2.0.0', 'two'],
    ] as const) {
      const { messages, _meta } = await client.raw.getPrompt({ name: 'review', _meta: { 'dev.oarlock/version': version } })
      assert.equal(messages[0]?.content, { type: 'text', text })
      assert.is((_meta as Record<string, unknown>)['dev.oarlock/version'], version, 'the answer says which version it is')
    }
  })
}

test('a version and its deprecation are announced in the metadata of the list', async () => {
  const place = new Place({ 'old@1.0.0.md': file('description: Does it\ndeprecated: use new', 'x') })
  const [prompt] = await (await meet(await serve(prompts({ folder: place.path })))).prompts()
  assert.equal(prompt?._meta, { 'dev.oarlock/version': '1.0.0', 'dev.oarlock/deprecated': 'use new' })
  assert.is(prompt?.description, 'Deprecated: use new. Does it')
})

test('a caller is held to a version, by principal or by client', async () => {
  const registry = prompts({
    folder: three().path,
    pin: (name, { principal, peer }) =>
      name !== 'review' ? undefined : principal?.id === 'ann' ? '1.9.0' : peer.info?.name === 'old-client' ? '2.0.0' : undefined,
  })
  const server = await serve(registry)
  const ann: Principal = { id: 'ann' }
  assert.is(await textOf(await meet(server, { principal: ann }), 'review'), 'nine')
  assert.is(await textOf(await meet(server, { principal: { id: 'bob' } }), 'review'), 'ten')
  const old = await meet(server, { name: 'old-client' })
  assert.is(await textOf(old, 'review'), 'two')
  assert.is((await old.prompts())[0]?._meta?.['dev.oarlock/version'], '2.0.0', 'its list shows the version that answers it')
  const asked = await (
    await meet(server, { principal: ann })
  ).raw
    .getPrompt({ name: 'review', _meta: { 'dev.oarlock/version': '1.10.0' } })
    .catch((error: unknown) => error)
  assert.match(String(asked), /Unknown version of prompt 'review'.*but 1\.9\.0/, 'a pin is stronger than a wish')
})

test('a pin to a version that does not exist holds nobody, and is reported once', async () => {
  const registry = prompts({ folder: three().path, pin: () => '7.0.0' })
  const found = next(registry, 'problems.found')
  const client = await meet(await serve(registry))
  assert.is(await textOf(client, 'review'), 'ten')
  const { problems } = await found
  assert.equal(
    problems.map(({ severity, code, prompt }) => [severity, code, prompt]),
    [['warning', 'missing-pin', 'review']],
  )
  registry.on('problems.found', () => assert.unreachable())
  assert.is(await textOf(client, 'review'), 'ten')
})

test('pins hold for versions that come at run time, and those that were there alone are held back', async () => {
  const registry = prompts({ pin: () => '0.5' })
  registry.add({ name: 'a', version: '1', description: 'd', template: 'one' })
  const client = await meet(await serve(registry))
  registry.on('problems.found', () => undefined)
  assert.is(await textOf(client, 'a'), 'one')
  registry.add({ name: 'a', version: '0.5', description: 'd', template: 'half' })
  await Promise.resolve()
  assert.is(await textOf(client, 'a'), 'half')
  registry.remove('a', '0.5')
  await Promise.resolve()
  assert.is(await textOf(client, 'a'), 'one')
})

test('a version without a number is the lowest', async () => {
  const registry = prompts()
  registry.add({ name: 'a', description: 'd', template: 'none' }, { name: 'a', version: '0.1.0', description: 'd', template: 'some' })
  assert.is(await textOf(await meet(await serve(registry)), 'a'), 'some')
  assert.equal(registry.get('a')?.version, '0.1.0')
  assert.equal(registry.list().length, 1)
  assert.equal(registry.list({ versions: true }).length, 2)
})

test.run()
