/** Every spelling of a schema compiles to the same behaviour. */
/* oxlint-disable unicorn/no-thenable -- `then` is a word of JSON Schema */

import { toJsonSchema, toStandardJsonSchema } from '@valibot/to-json-schema'
import { Type as OldType } from '@sinclair/typebox'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { z } from 'zod'
import * as zm from 'zod/mini'
import { compileSchema } from '../../src/schema/compile.ts'
import { inspectSchema } from '../../src/schema/inspect.ts'
import { formatIssues } from '../../src/schema/issues.ts'
import type { Schema, SchemaOptions } from '../../src/schema/schema.ts'
import { withJsonSchema } from '../../src/schema/standard.ts'
import { ark, bareValibot, Person, raw, SPELLINGS, typebox, zod } from './libraries.ts'

const test = suite('compileSchema')

const GOOD = { count: 2, email: 'ada@example.org', color: 'red', userName: 'ada', tags: ['x'] }

/** The text of the issues, or `fits`. */
async function verdict(schema: Schema, value: unknown, options?: SchemaOptions): Promise<string> {
  const checked = await compileSchema(schema, options).check(value)
  return checked.ok ? 'fits' : formatIssues(checked.issues)
}

for (const [spelling, schema] of Object.entries(SPELLINGS)) {
  test(`${spelling}: takes what fits and gives it back`, async () => {
    const checked = await compileSchema(schema).check(GOOD)
    assert.equal(checked, { ok: true, value: GOOD })
  })

  test(`${spelling}: names path, expectation and kind of every mistake, and repeats no value`, async () => {
    const text = await verdict(schema, { count: 'sesame', email: 'open-sesame', color: 'sesame', tags: ['x', 7] })
    const lines = text.split('\n').toSorted()
    assert.is(lines.length, 5)
    assert.match(lines.at(0) ?? '', /^`\/color`: expected one of ("red", "green"|"green", "red"), found another string$/)
    assert.is(lines.at(1), '`/count`: expected number, found string')
    assert.match(
      lines.at(2) ?? '',
      /^`\/email`: (expected a string in email format, such as ada@example.org, found another string|Invalid email: found string)$/,
    )
    assert.is(lines.at(3), '`/tags/1`: expected string, found number')
    assert.is(lines.at(4), '`/userName`: required property is missing')
    assert.not.match(text, /sesame/)
  })

  test(`${spelling}: lists a JSON Schema that has nothing against it`, () => {
    const { json } = compileSchema(schema)
    assert.is(json['type'], 'object')
    assert.equal(
      inspectSchema(json, 'input').filter(({ severity }) => severity === 'error'),
      [],
    )
    const listed = JSON.parse(JSON.stringify(json)) as { properties: object; required: string[] }
    assert.equal(Object.keys(listed.properties).toSorted(), ['color', 'count', 'email', 'tags', 'userName'])
    assert.equal(listed.required.toSorted(), ['color', 'count', 'email', 'userName'])
  })

  test(`${spelling}: an array is no object`, async () => {
    assert.is(await verdict(schema, []), 'expected object, found array')
  })
}

test('the first check may load the validator, later ones answer at once', async () => {
  const compiled = compileSchema(Type.Object({ a: Type.Number() }))
  await compiled.check({ a: 1 })
  assert.equal(compiled.check({ a: 1 }), { ok: true, value: { a: 1 } })
  assert.equal(compileSchema(Type.Object({ b: Type.Number() })).check({ b: 1 }), { ok: true, value: { b: 1 } })
})

test('TypeBox and raw schemas are listed as they are, word for word', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' } } } },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' }, method: { type: 'string', enum: ['phone', 'email'] } },
    allOf: [{ anyOf: [{ required: ['name'] }, { required: ['address'] }] }],
    if: { properties: { method: { const: 'phone' } }, required: ['method'] },
    then: { required: ['name'] },
    else: { required: ['address'] },
    additionalProperties: false,
    'x-vendor': { keep: true },
  }
  assert.is(compileSchema(schema).json, schema)
  assert.is(compileSchema(typebox).json, typebox)
  assert.is(compileSchema(Person).json, raw)
})

test('an intersection, a union or a reference of objects says type object at its root', async () => {
  const both = Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })])
  const either = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])
  const node = Type.Cyclic({ Node: Type.Object({ name: Type.String(), kids: Type.Array(Type.Ref('Node')) }) }, 'Node')
  for (const schema of [both, either, node]) assert.is(compileSchema(schema).json['type'], 'object')
  assert.is(await verdict(both, { a: 'x' }), '`/b`: required property is missing')
  assert.is(
    await verdict(node, { name: 'x', kids: [{ name: 'y', kids: [{ name: 1, kids: [] }] }] }),
    '`/kids/0/kids/0/name`: expected string, found number',
  )
  assert.is(compileSchema(Type.Union([Type.Object({}), Type.String()])).json['type'], undefined)
  assert.is(compileSchema(both, { side: 'output' }).json['type'], undefined)
})

test('recursive schemas of every library are checked to the bottom', async () => {
  const Tree = z.object({
    name: z.string(),
    get kids() {
      return z.array(Tree)
    },
  })
  const old = OldType.Recursive(This => OldType.Object({ name: OldType.String(), kids: OldType.Array(This) }))
  const json = {
    $ref: '#/$defs/tree',
    $defs: { tree: { type: 'object', properties: { name: { type: 'string' }, kids: { type: 'array', items: { $ref: '#/$defs/tree' } } } } },
  }
  const anchored = {
    $anchor: 'tree',
    type: 'object',
    properties: { name: { type: 'string' }, kids: { type: 'array', items: { $ref: '#tree' } } },
  }
  for (const schema of [Tree, old, json, anchored]) {
    assert.is(await verdict(schema, { name: 'a', kids: [{ name: 'b', kids: [] }] }), 'fits')
    assert.is(
      await verdict(schema, { name: 'a', kids: [{ name: 'b', kids: [{ name: 1, kids: [] }] }] }),
      '`/kids/0/kids/0/name`: expected string, found number',
    )
  }
})

test('older dialects are checked by their own words', async () => {
  const draft07 = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    definitions: { positive: { type: 'number', exclusiveMinimum: 0 } },
    properties: {
      pair: { type: 'array', items: [{ type: 'string' }, { $ref: '#/definitions/positive' }], additionalItems: false },
      card: { type: 'string' },
      address: {},
    },
    dependencies: { card: ['address'] },
  }
  assert.is(await verdict(draft07, { pair: ['a', 1] }), 'fits')
  assert.is(await verdict(draft07, { pair: ['a', 0] }), '`/pair/1`: expected a number > 0, found one that is not')
  assert.is(await verdict(draft07, { pair: ['a', 1, 2] }), '`/pair/2`: is not allowed here')
  assert.is(await verdict(draft07, { card: 'x' }), '`/address`: required property is missing, because `card` is present')
})

test('a Standard Schema runs its transforms, defaults and refinements', async () => {
  const schema = z.object({
    length: z.string().transform(text => text.length),
    size: z.number().default(3),
    code: z.string().refine(code => code.startsWith('A'), 'must start with A'),
  })
  const checked = await compileSchema(schema).check({ length: 'four', code: 'A1' })
  assert.equal(checked, { ok: true, value: { length: 4, size: 3, code: 'A1' } })
  assert.is(await verdict(schema, { length: 'four', code: 'B1' }), '`/code`: must start with A')
})

test('a default that is a function is called for each value, by the library alone', async () => {
  let count = 0
  const next = (): number => (count += 1)
  for (const schema of [
    z.object({ id: z.number().default(next) }),
    toStandardJsonSchema(v.object({ id: v.optional(v.number(), next) })),
  ] as const) {
    const { check } = compileSchema(schema, { defaults: true })
    const before = count
    assert.equal(await check({}), { ok: true, value: { id: before + 1 } })
    assert.equal(await check({}), { ok: true, value: { id: before + 2 } })
    assert.equal(await check({ id: 0 }), { ok: true, value: { id: 0 } })
    assert.is(count, before + 2)
  }
})

test('an asynchronous Standard Schema is awaited', async () => {
  const schema = z.object({ name: z.string().refine(async name => name !== 'taken', 'is taken') })
  assert.is(await verdict(schema, { name: 'free' }), 'fits')
  assert.is(await verdict(schema, { name: 'taken' }), '`/name`: is taken')
})

test("a function of a zod schema that rejects is called once, and its error is the check's own: nobody else hears of it", async () => {
  const uncaught: unknown[] = []
  const listener = (cause: unknown): void => void uncaught.push(cause)
  process.on('unhandledRejection', listener)
  let calls = 0
  const down = async (): Promise<boolean> => {
    calls += 1
    throw new Error('the database is down')
  }
  const mini = zm.object({ name: zm.string().check(zm.refine(down)) })
  const schemas: readonly Schema[] = [
    z.object({ name: z.string() }).refine(down),
    z.object({ name: z.string().refine(down) }),
    z.object({ name: z.string().superRefine(async () => void (await down())) }),
    z.object({ name: z.string().transform(down) }),
    z.object({ name: z.string().pipe(z.string().refine(down)).optional() }),
    z.object({}).catchall(z.union([z.number(), z.string().refine(down)])),
    z.record(
      z.string(),
      z.lazy(() => z.string().refine(down)),
    ),
    withJsonSchema(mini, { type: 'object' }),
    z.object({ name: z.string() }).check(z.property('name', z.string().refine(down))),
    z.object({ name: z.string().check(z.property('length', z.number().check(z.property('constructor', z.any().refine(down))))) }),
    z.object({ name: z.string() }).check(z.properties({ name: z.string(), other: z.any().refine(down) })),
  ]
  for (const [index, schema] of schemas.entries()) {
    calls = 0
    const { check } = compileSchema(schema)
    const outcome = await Promise.resolve(check({ name: 'a' })).catch((cause: Error) => cause.message)
    await new Promise(resolve => setImmediate(resolve))
    assert.equal([index, outcome, calls], [index, 'the database is down', 1])
  }
  process.off('unhandledRejection', listener)
  assert.equal(uncaught, [])
})

test('a zod schema without functions of its author still answers at once', () => {
  const tree = z.object({
    name: z.string().min(1).trim(),
    mail: z.email().optional(),
    size: z
      .string()
      .check(z.property('length', z.number().max(9)), z.properties({ length: z.int() }))
      .optional(),
    kind: z.enum(['a', 'b']).default('a'),
    get inner() {
      return tree.optional()
    },
  })
  assert.equal(compileSchema(z.object({ tree, list: z.array(z.union([z.literal(1), tree])) })).check({ tree: { name: 'x' }, list: [1] }), {
    ok: true,
    value: { tree: { name: 'x', kind: 'a' }, list: [1] },
  })
})

test('as an output schema, a Standard Schema lists what it turns values into', async () => {
  const schema = z.object({ size: z.string().transform(Number).pipe(z.number()) })
  const output = compileSchema(schema, { side: 'output' })
  assert.equal((output.json['properties'] as { size: object }).size, { type: 'number' })
  assert.equal(await output.check({ size: '5' }), { ok: true, value: { size: 5 } })
  const refused = await output.check({ size: 5 })
  assert.is(refused.ok, false)
  assert.throws(() => compileSchema(z.object({ t: z.string().transform(Number) }), { side: 'output' }), /end a transform with a pipe/)
})

test('a library that quotes the value it refuses does not get it through', async () => {
  const checked = await compileSchema(ark).check({ ...GOOD, email: 'hunter2' })
  assert.not.match(JSON.stringify(checked), /hunter2/)
  const custom = withJsonSchema(
    v.pipe(
      v.object({ pin: v.string() }),
      v.check(
        () => false,
        issue => `no: ${JSON.stringify(issue.input)}`,
      ),
    ),
    { type: 'object', properties: { pin: {} } },
  )
  assert.is(await verdict(custom, { pin: 'hunter2' }), 'no: object')
})

test('a Standard Schema without a companion is refused with the cure', () => {
  assert.throws(() => compileSchema(bareValibot), /valibot schema cannot tell its JSON Schema. Wrap it: toStandardJsonSchema/)
  assert.throws(
    () => compileSchema({ '~standard': { version: 1, vendor: 'mine', validate: (value: unknown) => ({ value }) } }),
    /withJsonSchema\(schema/,
  )
  assert.throws(() => compileSchema(z.object({ at: z.date() })), /zod schema has no JSON Schema \(Date cannot be represented/)
  const checking = toStandardJsonSchema(
    v.object({
      a: v.pipe(
        v.string(),
        v.check(() => true),
      ),
    }),
  )
  assert.throws(() => compileSchema(checking), /Leave out what JSON Schema cannot say: .*errorMode: 'ignore'/)
})

test('withJsonSchema gives a schema the JSON Schema its library cannot tell', async () => {
  const schema = withJsonSchema(bareValibot, toJsonSchema(bareValibot) as Record<string, unknown>)
  assert.is(compileSchema(schema).json['type'], 'object')
  assert.is(await verdict(schema, GOOD), 'fits')
  assert.is(await verdict(schema, { ...GOOD, count: 0 }), '`/count`: expected a number >= 1, found a smaller one')
})

test('what a schema gives back later need not be a promise', async () => {
  const validate = (value: unknown): never =>
    ({ then: (heard: (result: object) => void): void => queueMicrotask(() => heard({ value: [value] })) }) as never
  const schema = withJsonSchema({ '~standard': { version: 1, vendor: 'mine', validate } }, { type: 'object' })
  assert.equal(await compileSchema(schema).check({}), { ok: true, value: [{}] })
})

test('what is no schema is refused with words that help', () => {
  assert.throws(() => compileSchema(class Empty {}), /Empty is no schema: none of its fields has @Field/)
  assert.throws(() => compileSchema('string' as never), /A schema must be an object/)
  assert.throws(() => compileSchema(null as never), /A schema must be an object/)
})

test('unknown members of a closed schema name the nearest known one', async () => {
  const closed = Type.Object({ userName: Type.String(), age: Type.Optional(Type.Number()) }, { additionalProperties: false })
  assert.is(
    await verdict(closed, { user_name: 'x' }),
    "`/userName`: required property is missing\n`/user_name`: unknown property. Did you mean 'userName'?",
  )
  assert.is(await verdict(closed, { userName: 'x', zzzzzzzz: 1 }), '`/zzzzzzzz`: unknown property; known are userName, age')
  assert.is(
    await verdict(z.strictObject({ userName: z.string() }), { userName: 'x', userNme: 1 }),
    '`/userNme`: unknown property; known are userName',
  )
})

test('without eval the same schemas are checked by interpretation', async () => {
  const { System } = await import('typebox/system')
  System.Settings.Set({ useAcceleration: false })
  try {
    assert.is(await verdict(typebox, GOOD), 'fits')
    assert.is(await verdict(typebox, { ...GOOD, count: '1' }), '`/count`: expected number, found string')
  } finally {
    System.Settings.Reset()
  }
})

test('zod validates by itself, without the other validator', async () => {
  const compiled = compileSchema(zod)
  assert.equal(compiled.check(GOOD), { ok: true, value: GOOD })
})

test('row 15: members named as every object inherits one are checked as what was sent, and only that', async () => {
  const names = Object.getOwnPropertyNames(Object.prototype).filter(name => name !== '__proto__')
  for (const name of names) {
    const properties = {
      [name]: { type: 'string' },
      deep: { type: 'array', items: { type: 'object', properties: { [name]: { type: 'string' } } } },
    }
    const optional = { type: 'object', properties } as const
    assert.is(await verdict(optional, {}), 'fits', name)
    assert.is(await verdict(optional, { [name]: 'x', deep: [{}, { [name]: 'y' }] }), 'fits', name)
    assert.match(await verdict(optional, { deep: [{ [name]: 1 }] }), `/deep/0/${name}`)
    const required = { type: 'object', required: [name] } as const
    assert.is.not(await verdict(required, {}), 'fits', name)
    assert.is(await verdict(required, { [name]: null }), 'fits', name)
  }
})

test.run()
