/** Who gets which variant. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assign, hash } from '../../src/registry/assignment.ts'
import { Exposures } from '../../src/registry/exposures.ts'

const test = suite('assignment')

const people = Array.from({ length: 10_000 }, (_, index) => `principal:user-${index}`)
const variants = (weights: Readonly<Record<string, number>>) => Object.entries(weights).map(([name, weight]) => ({ name, weight }))
const choose = (subject: string, weights: Readonly<Record<string, number>>, prompt = 'review') =>
  assign(prompt, subject, variants(weights))?.name

test('shares follow the weights within two percent', () => {
  const counts = new Map<string, number>()
  for (const subject of people) {
    const name = choose(subject, { a: 7, b: 2, c: 1, d: 0 }) as string
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  assert.is(counts.get('d'), undefined, 'weight 0 is nobody')
  for (const [name, share] of [
    ['a', 0.7],
    ['b', 0.2],
    ['c', 0.1],
  ] as const)
    assert.ok(Math.abs((counts.get(name) as number) / people.length - share) < 0.02, name)
})

test('the order in which variants are written does not matter', () => {
  for (const subject of people.slice(0, 500)) assert.is(choose(subject, { a: 1, b: 2, c: 3 }), choose(subject, { c: 3, a: 1, b: 2 }))
})

test('a new variant takes subjects from the others and moves none between them; one that goes gives back only its own', () => {
  for (const subject of people.slice(0, 2_000)) {
    const [before, after] = [choose(subject, { a: 1, b: 1 }), choose(subject, { a: 1, b: 1, c: 1 })]
    assert.ok(after === before || after === 'c')
  }
})

test('a larger weight only brings subjects', () => {
  for (const subject of people.slice(0, 2_000)) {
    if (choose(subject, { a: 1, b: 1 }) === 'a') assert.is(choose(subject, { a: 2, b: 1 }), 'a')
  }
})

test('experiments of different prompts are independent', () => {
  const both = people.filter(
    subject => choose(subject, { a: 1, b: 1 }, 'one') === 'a' && choose(subject, { a: 1, b: 1 }, 'two') === 'a',
  ).length
  assert.ok(Math.abs(both / people.length - 0.25) < 0.02)
})

test('the choice is the same in every process and version: these are written down', () => {
  assert.equal(
    ['ann', 'bob', 'eve', 'dan', 'joe'].map(name => choose(`principal:${name}`, { a: 1, b: 1 })),
    ['a', 'a', 'a', 'b', 'a'],
  )
})

test('where one part ends and the next begins counts, and all units of a text do', () => {
  assert.is.not(hash('ab', 'c'), hash('a', 'bc'))
  assert.is.not(hash('a'), hash('a', ''))
  assert.is.not(hash('\u0101'), hash('\u0001'))
  assert.is(hash('a', 'b'), hash('a', 'b'))
})

test('exposures are remembered once each, and the memory is bounded', () => {
  const exposures = new Exposures()
  assert.equal([exposures.first('p', 'a', 'ann'), exposures.first('p', 'a', 'ann'), exposures.first('p', 'b', 'ann')], [true, false, true])
  for (let index = 0; index < 10_000; index += 1) exposures.first('p', 'a', `user-${index}`)
  assert.is(exposures.first('p', 'a', 'ann'), true, 'the oldest was forgotten')
  assert.is(exposures.first('p', 'a', 'user-9999'), false)
})

test.run()
