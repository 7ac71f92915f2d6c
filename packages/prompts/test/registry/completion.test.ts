/** Completion of arguments: from the schema, from examples, from a method. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REVISIONS } from '@oarlock/protocol'
import { Type } from 'typebox'
import { prompts } from '../../src/registry/prompts.ts'
import { file, meet, Place, serve, strike } from './stage.ts'

const test = suite('completion')
test.after.each(strike)

for (const revision of [REVISIONS[0], REVISIONS.at(-1)] as const) {
  test(`arguments of files complete from enums, booleans, examples and named completers (${revision})`, async () => {
    const head = `
description: d
arguments:
  depth: { enum: [quick, thorough] }
  strict: boolean
  tone: { examples: [kind, frank, unkind], description: any tone }
  language: { complete: languages }
  free: string`
    const place = new Place({ 'review.md': file(head, '{{depth}}{{strict}}{{tone}}{{language}}{{free}}') })
    const registry = prompts({
      folder: place.path,
      completers: {
        languages: (typed, { arguments: others }) =>
          ['TypeScript', 'Rust'].map(each => `${each} ${others['depth']}`).filter(each => each.startsWith(typed)),
      },
    })
    const client = await meet(await serve(registry), { revision })
    const complete = async (name: string, value: string) =>
      (await client.complete({ type: 'ref/prompt', name: 'review' }, { name, value }, { depth: 'quick' })).values
    assert.equal(await complete('depth', 'th'), ['thorough'])
    assert.equal(await complete('strict', ''), ['true', 'false'])
    assert.equal(
      await complete('tone', 'K'),
      ['kind', 'frank', 'unkind']
        .filter(each => each.includes('k'))
        .toSorted((a, b) => Number(b.startsWith('k')) - Number(a.startsWith('k'))),
    )
    assert.equal(await complete('language', 'R'), [revision === REVISIONS[0] ? 'Rust undefined' : 'Rust quick'])
    assert.equal(await complete('free', 'x'), [])
  })
}

test('arguments in code complete by functions, and any value is still taken', async () => {
  const registry = prompts()
  registry.add({
    name: 'a',
    description: 'd',
    args: Type.Object({ city: Type.String({ examples: ['Oslo'] }), lang: Type.String() }),
    complete: { lang: async typed => ({ values: [`${typed}!`], total: 7 }) },
    template: '{{city}} {{lang}}',
  })
  const client = await meet(await serve(registry))
  const ref = { type: 'ref/prompt', name: 'a' } as const
  assert.equal(await client.complete(ref, { name: 'lang', value: 'x' }), { values: ['x!'], total: 7, hasMore: true })
  assert.equal((await client.complete(ref, { name: 'city', value: 'o' })).values, ['Oslo'])
  assert.is((await client.prompt('a', { city: 'Bergen', lang: 'no' })).length, 1)
})

test.run()
