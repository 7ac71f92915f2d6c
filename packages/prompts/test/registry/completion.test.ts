/** Completion of arguments: from the schema, from examples, from a method. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineTemplate, type Component, type Guard, type Provider } from '@oarlock/kernel'
import { REVISIONS, type Principal } from '@oarlock/protocol'
import { Type } from 'typebox'
import { prompts } from '../../src/registry/prompts.ts'
import { suggestedBy } from '../../src/registry/suggested.ts'
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

/** A source of resources that suggests letters, to whom its guard lets. */
class Letters implements Provider {
  readonly name = 'letters'
  readonly given: unknown[] = []
  guards: readonly Guard[] = []
  isReady = true

  components(): readonly Component[] {
    if (!this.isReady) return []
    const complete = {
      letter: (value: string, context: { readonly arguments: object }) => {
        this.given.push(context.arguments)
        return ['alpha', 'beta'].filter(each => each.startsWith(value))
      },
    }
    const read = (): string => 'x'
    const owner = { guards: this.guards }
    return [
      defineTemplate('shelves', { uri: 'shelf://{shelf}', complete: { shelf: () => ['one'] } }, read, owner),
      defineTemplate('letters', { uri: 'letter://{case}/{letter}', complete }, read, owner),
    ]
  }
}

async function completing(letters: Letters): Promise<(value: string, principal?: Principal) => Promise<readonly string[]>> {
  const place = new Place({
    'spell.md': file('description: d\narguments:\n  letter: { complete: letters }\n  case: string', '{{letter}}{{case}}'),
  })
  const server = await serve(prompts({ folder: place.path, completers: { letters: suggestedBy(letters, 'letter') } }))
  return async (value, principal) => {
    const client = await meet(server, principal === undefined ? {} : { principal })
    return (await client.complete({ type: 'ref/prompt', name: 'spell' }, { name: 'letter', value }, { case: 'upper' })).values
  }
}

test('an argument completes to what another source suggests, with the other arguments', async () => {
  const letters = new Letters()
  const complete = await completing(letters)
  assert.equal([await complete('a'), await complete(''), await complete('x')], [['alpha'], ['alpha', 'beta'], []])
  assert.equal(letters.given[0], { case: 'upper' })
})

test('a source suggests nothing to those whom its guards do not let', async () => {
  const rules: readonly Guard[] = [
    { visible: principal => principal?.id === 'ann' },
    { requires: ['letters'] },
    { allow: (_args, { principal }) => principal?.id === 'ann' || 'only for Ann' },
    {
      allow: (_args, { principal }) => {
        if (principal?.id !== 'ann') throw new Error('not yet')
        return true
      },
    },
  ]
  for (const rule of rules) {
    const letters = new Letters()
    letters.guards = [rule]
    const complete = await completing(letters)
    assert.equal(await complete('a', { id: 'ann', scopes: ['letters'] }), ['alpha'])
    assert.equal(await complete('a', { id: 'bob' }), [])
  }
})

test('a source may learn late what it holds, and a variable that none of its templates has is refused at once', async () => {
  const letters = new Letters()
  letters.isReady = false
  const complete = await completing(letters)
  assert.equal(await complete('a'), [])
  letters.isReady = true
  assert.equal(await complete('a'), ['alpha'])
  assert.throws(
    () => suggestedBy(letters, 'lettr'),
    /^The source letters suggests nothing for 'lettr'\. Did you mean 'letter'\? It does for shelf, letter$/,
  )
  assert.throws(() => suggestedBy(letters, 'letter', 'letter://{case}'), /it has no template letter:\/\/\{case\}/)
  assert.type(suggestedBy(letters, 'letter', 'letter://{case}/{letter}'), 'function')
})

test.run()
