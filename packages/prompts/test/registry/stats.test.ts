/** What became of prompts: events and figures. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Context } from '@oarlock/kernel'
import { REVISIONS } from '@oarlock/protocol'
import { Type } from 'typebox'
import type { PromptFailed, PromptRendered } from '../../src/registry/events.ts'
import { Histogram } from '../../src/registry/histogram.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { meet, serve, strike, textOf } from './stage.ts'

const test = suite('stats')
test.after.each(strike)

test('each rendering is told, with latency, tokens and messages', async () => {
  const registry = prompts({ engine: { tokens: text => text.length } })
  registry.add({
    name: 'a',
    version: '1',
    description: 'd',
    args: Type.Object({ n: Type.String() }),
    template: '{{#user}}Hi {{n}}{{/user}}{{#assistant}}Yes{{/assistant}}',
  })
  const seen: PromptRendered[] = []
  registry.on('prompt.rendered', event => seen.push(event))
  const client = await meet(await serve(registry), { principal: { id: 'ann' } })
  await client.prompt('a', { n: 'Bob' })
  const [event] = seen
  assert.equal(
    [event?.name, event?.version, event?.variant, event?.tokens, event?.messages, event?.principal?.id],
    ['a', '1', undefined, 9, 2, 'ann'],
  )
  assert.ok((event?.ms ?? -1) >= 0)
})

test('a failure is told with its cause, the client is not told what it was, and it counts', async () => {
  const registry = prompts({ engine: { limits: { outputChars: 10 } } })
  registry.add({ name: 'a', description: 'd', args: Type.Object({ n: Type.String() }), template: '{{n}}' })
  const seen: PromptFailed[] = []
  registry.on('prompt.failed', event => seen.push(event))
  const client = await meet(await serve(registry))
  const error = (await client.prompt('a', { n: 'x'.repeat(100) }).catch((error: unknown) => error)) as Error
  assert.not.match(error.message, /10|xxx/)
  assert.equal(
    seen.map(({ name, cause }) => [name, (cause as { code: string }).code]),
    [['a', 'limit']],
  )
  await client.prompt('a', { n: 'y' })
  assert.equal(
    registry.stats().map(({ renders, errors }) => [renders, errors]),
    [[1, 1]],
  )
})

for (const way of ['throws', 'rejects'] as const) {
  test(`a function for values that ${way} is a failure of the variant that was chosen`, async () => {
    const registry = prompts({ assign: () => 'y' })
    const fail = (): never => {
      throw new Error('db down')
    }
    registry.add({
      name: 'a',
      description: 'd',
      template: 'x',
      variants: [{ name: 'x' }, { name: 'y', template: 'y' }],
      values: way === 'throws' ? fail : async () => fail(),
    })
    registry.add({ name: 'b', description: 'd', template: 'x', values: way === 'throws' ? () => ({}) : async () => ({}) })
    const seen: PromptFailed[] = []
    registry.on('prompt.failed', event => seen.push(event))
    const client = await meet(await serve(registry))
    const error = (await client.prompt('a').catch((error: unknown) => error)) as Error
    assert.not.match(error.message, /db down/)
    await client.prompt('b')
    assert.equal(
      seen.map(({ name, variant, cause, ms }) => [name, variant, (cause as Error).message, ms >= 0]),
      [['a', 'y', 'db down', true]],
    )
    assert.equal(
      registry.stats().map(({ name, variant, renders, errors }) => [name, variant, renders, errors]),
      [
        ['a', 'y', 0, 1],
        ['b', undefined, 1, 0],
      ],
    )
  })
}

for (const option of ['assign', 'subject'] as const) {
  test(`a rendering whose ${option} throws is a failure of no variant, and its figures stay with the prompt`, async () => {
    const registry = prompts({
      [option]: () => {
        throw new Error('flags are down')
      },
    })
    const definition = {
      name: 'a',
      version: '1',
      description: 'd',
      variants: [
        { name: 'x', template: 'x' },
        { name: 'y', template: 'y' },
      ],
    }
    registry.add(definition, { name: 'b', description: 'd', template: 'x' })
    const seen: PromptFailed[] = []
    registry.on('prompt.failed', event => seen.push(event))
    const client = await meet(await serve(registry))
    await client.prompt('a').then(
      () => assert.unreachable(),
      () => undefined,
    )
    await client.prompt('b')
    const failures = (): readonly unknown[] =>
      registry.stats('a').map(({ version, variant, renders, errors }) => [version, variant, renders, errors])
    assert.equal([seen.map(({ name, variant }) => [name, variant]), failures()], [[['a', undefined]], [['1', undefined, 0, 1]]])
    registry.update({ ...definition, description: 'e' })
    assert.equal(failures(), [['1', undefined, 0, 1]])
    registry.remove('a')
    assert.equal(failures(), [])
  })
}

test('the time that values take is part of the latency', async () => {
  const registry = prompts()
  const busy = (): object => {
    for (const started = performance.now(); performance.now() - started < 20;);
    return {}
  }
  registry.add(
    { name: 'a', description: 'd', template: 'x', values: busy },
    { name: 'b', description: 'd', template: 'x', values: async () => busy() },
  )
  const times: number[] = []
  registry.on('prompt.rendered', ({ ms }) => times.push(ms))
  const client = await meet(await serve(registry))
  await client.prompt('a')
  await client.prompt('b')
  assert.ok(times.length === 2 && times.every(ms => ms >= 20), String(times))
  assert.ok(registry.stats().every(({ latency }) => latency.max >= 20))
})

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`values that ask the client first are no failure (${revision})`, async () => {
    const registry = prompts()
    registry.add({
      name: 'a',
      description: 'd',
      template: '{{roots}}',
      values: async (_args: unknown, ctx: Context) => ({ roots: (await ctx.roots()).map(({ name }) => name) }),
    })
    const seen: unknown[] = []
    registry.on('prompt.failed', event => seen.push(event))
    const client = await meet(await serve(registry), { revision, answers: { roots: [{ uri: 'file:///work', name: 'work' }] } })
    assert.is(await textOf(client, 'a'), 'work')
    assert.equal([seen, registry.stats().map(({ renders, errors }) => [renders, errors])], [[], [[1, 0]]])
  })
}

test('figures are kept per version and variant', async () => {
  let variant = 'x'
  const registry = prompts({ assign: () => variant })
  registry.add(
    { name: 'a', version: '1', description: 'd', template: 'four' },
    {
      name: 'a',
      version: '2',
      description: 'd',
      template: 'eight...',
      variants: [{ name: 'x' }, { name: 'y', template: 'sixteen.........' }],
    },
  )
  const client = await meet(await serve(registry))
  const get = (version: string) => client.raw.getPrompt({ name: 'a', _meta: { 'dev.oarlock/version': version } })
  await get('1')
  await get('2')
  variant = 'y'
  await get('2')
  await get('2')
  assert.equal(
    registry.stats('a').map(({ name, version, variant, renders, tokens }) => ({ name, version, variant, renders, tokens })),
    [
      { name: 'a', version: '1', variant: undefined, renders: 1, tokens: { total: 1, mean: 1 } },
      { name: 'a', version: '2', variant: 'x', renders: 1, tokens: { total: 2, mean: 2 } },
      { name: 'a', version: '2', variant: 'y', renders: 2, tokens: { total: 8, mean: 4 } },
    ],
  )
  const [first] = registry.stats()
  const { latency, lastRendered } = first as NonNullable<typeof first>
  assert.ok(latency.p50 <= latency.p95 && latency.p95 <= latency.max && latency.mean > 0)
  assert.ok(Math.abs(Date.parse(lastRendered as string) - Date.now()) < 60_000)
  assert.equal(registry.stats('b'), [])
})

test('the figures of a prompt go with it, and stay when it is written anew', async () => {
  const registry = prompts()
  registry.add({ name: 'a', description: 'd', template: 'x' }, { name: 'b', description: 'd', template: 'x' })
  const client = await meet(await serve(registry))
  await client.prompt('a')
  await client.prompt('b')
  registry.update({ name: 'a', description: 'd', template: 'y' })
  registry.remove('b')
  assert.equal(
    registry.stats().map(({ name, renders }) => [name, renders]),
    [['a', 1]],
  )
})

test('percentiles are right within five percent, from microseconds to a minute', () => {
  for (const unit of [0.001, 0.1, 10, 60]) {
    const histogram = new Histogram()
    for (let index = 1; index <= 1_000; index += 1) histogram.add(index * unit)
    for (const share of [0.5, 0.95]) {
      const exact = share * 1_000 * unit
      assert.ok(
        Math.abs(histogram.percentile(share) - exact) / exact < (unit === 0.001 ? 0.06 : 0.05),
        `${unit} ${share} ${histogram.percentile(share)}`,
      )
    }
    assert.ok(Math.abs(histogram.mean - 500.5 * unit) < 1e-6 * 1_000)
    assert.is(histogram.max, 1_000 * unit)
  }
  assert.equal([new Histogram().percentile(0.5), new Histogram().mean], [0, 0])
})

for (const revision of ['2025-06-18', '2026-07-28'] as const) {
  test(`a rendering that asks first is counted once, when it has the answer, and is no failure before (${revision})`, async () => {
    const registry = prompts()
    const schema = Type.Object({ name: Type.String() })
    registry.add({
      name: 'a',
      description: 'd',
      template: 'Hi {{this.name}}',
      values: async (_args, ctx) => {
        const answer = await ctx.elicit('name', { message: 'Your name?', schema })
        return answer.action === 'accept' ? answer.content : { name: 'you' }
      },
    })
    const failed: unknown[] = []
    registry.on('prompt.failed', event => failed.push(event))
    const client = await meet(await serve(registry), { revision })
    await client.answer({ elicit: () => ({ action: 'accept', content: { name: 'Ann' } }) })
    assert.is(await textOf(client, 'a'), 'Hi Ann')
    assert.equal([registry.stats().map(({ renders, errors }) => [renders, errors]), failed], [[[1, 0]], []])
  })
}

test.run()
