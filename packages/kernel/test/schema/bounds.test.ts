/** What a hostile value costs: the work is counted, not timed. */

import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { compileSchema } from '../../src/schema/compile.ts'
import { formatIssues } from '../../src/schema/issues.ts'
import { MAX_NODES } from '../../src/schema/weight.ts'

const test = suite('bounds')

/** A list that counts how many of its elements are read. */
function counted(list: readonly unknown[]): { readonly list: readonly unknown[]; reads(): number } {
  let reads = 0
  const proxy = new Proxy(list, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1
      return Reflect.get(target, key, receiver) as unknown
    },
  })
  return { list: proxy, reads: () => reads }
}

test('row 5: a million wrong elements are refused before the first of them is looked at', async () => {
  for (const schema of [Type.Object({ items: Type.Array(Type.String()) }), z.object({ items: z.array(z.string()) })]) {
    const { list, reads } = counted(Array.from({ length: 1_000_000 }, (_, index) => index))
    const checked = await compileSchema(schema).check({ items: list })
    assert.not.ok(checked.ok)
    assert.is(reads(), 0)
    assert.is(checked.ok || formatIssues(checked.issues), 'expected at most 100,000 elements in all, found more')
  }
})

test('row 5: elements spread over many lists and objects are counted together', async () => {
  const grid = Array.from({ length: 400 }, () => Array.from({ length: 400 }, () => ({})))
  const checked = await compileSchema({ type: 'object' }).check({ grid })
  assert.is(checked.ok, false)
  const objects = Array.from({ length: 40_000 }, () => ({ a: 1, b: 2 }))
  assert.is((await compileSchema({ type: 'object' }).check({ objects })).ok, false)
  assert.is((await compileSchema({ type: 'object' }, { maxNodes: 200_000 }).check({ objects })).ok, true)
  assert.is((await compileSchema({ type: 'object' }, { side: 'output' }).check({ objects })).ok, true)
})

test('row 5: as many wrong elements as the ceiling lets through are explained by a few reads and few words', async () => {
  const compiled = compileSchema(Type.Object({ items: Type.Array(Type.String()) }))
  await compiled.check({ items: [] })
  const length = MAX_NODES - 1
  const { list, reads } = counted(Array.from({ length }, (_, index) => index))
  const checked = await compiled.check({ items: list })
  assert.not.ok(checked.ok)
  // Weighing reads each once; the validator and the explanation stop at once.
  assert.ok(reads() < length + 50, `${reads()} reads`)
  assert.ok(checked.ok || formatIssues(checked.issues).length < 400)
})

test('row 5: a long list of equal elements costs no more than linear work', async () => {
  const compiled = compileSchema(Type.Object({ items: Type.Array(Type.Number(), { uniqueItems: true }) }))
  await compiled.check({ items: [] })
  const length = MAX_NODES - 1
  const { list, reads } = counted(Array.from({ length }, () => 1))
  const checked = await compiled.check({ items: list })
  assert.is(checked.ok || formatIssues(checked.issues), '`/items`: expected items that differ from one another')
  assert.ok(reads() < length * 8, `${reads()} reads`)
})

test('T23: a value that nests too deep is refused without recursion running out of stack', async () => {
  let deep: unknown = 1
  for (let level = 0; level < 20_000; level += 1) deep = [deep]
  const checked = await compileSchema({ type: 'object' }).check({ deep })
  assert.is(checked.ok || formatIssues(checked.issues), 'expected at most 128 levels of nesting')
})

test('row 15, T8: a member called __proto__ is refused wherever it stands', async () => {
  const compiled = compileSchema({ type: 'object' })
  for (const text of ['{"__proto__":{"admin":true}}', '{"a":[{"__proto__":1}]}']) {
    const checked = await compiled.check(JSON.parse(text))
    assert.is(checked.ok || formatIssues(checked.issues), 'property name `__proto__` is not allowed')
  }
  assert.is((await compiled.check(JSON.parse('{"constructor":"Ferrari","prototype":1,"toString":2}'))).ok, true)
})

test('T8: members that every object inherits do not count as present', async () => {
  const schema = {
    type: 'object',
    properties: { constructor: { type: 'string' }, toString: { type: 'string' } },
    required: ['constructor', 'toString'],
  }
  const checked = await compileSchema(schema).check({})
  assert.is(
    checked.ok || formatIssues(checked.issues),
    '`/constructor`: required property is missing\n`/toString`: required property is missing',
  )
})

test('row 15: filling and coercing copy a value without touching any prototype', async () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'number' }, constructor: { type: 'number', default: 1 } },
    additionalProperties: { type: 'number' },
  }
  const given = JSON.parse('{"a":"1","toString":"2"}') as object
  const checked = await compileSchema(schema, { coerce: true, defaults: true }).check(given)
  assert.ok(checked.ok)
  const value = (checked.ok ? checked.value : {}) as object
  assert.equal(Object.entries(value), [
    ['a', 1],
    ['toString', 2],
    ['constructor', 1],
  ])
  assert.is(Object.getPrototypeOf(value), Object.prototype)
  assert.equal(given, JSON.parse('{"a":"1","toString":"2"}'))
  assert.is(({} as { a?: unknown }).a, undefined)
})

test.run()
