/** What is found when a schema is registered. */

import { Type as OldType } from '@sinclair/typebox'
import { type } from 'arktype'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { jsonSchemaOf } from '../../src/schema/compile.ts'
import { inspectSchema, type SchemaRole } from '../../src/schema/inspect.ts'

const test = suite('inspectSchema')

/** Every finding as one line. */
function found(schema: object, role: SchemaRole = 'input'): readonly string[] {
  return inspectSchema(jsonSchemaOf(schema), role).map(({ severity, path, message }) => `${severity} ${path}: ${message}`)
}

function errors(schema: object, role?: SchemaRole): readonly string[] {
  return found(schema, role).filter(line => line.startsWith('error'))
}

/** An object schema with one member. */
const having = (x: unknown, more: object = {}): object => ({ type: 'object', properties: { x }, ...more })

test('a sound schema has nothing against it', () => {
  assert.equal(found(Type.Object({ a: Type.Number(), b: Type.Optional(Type.Array(Type.String())) }, { additionalProperties: false })), [])
})

test('the root of arguments must be an object, that of a result need not', () => {
  assert.match(errors({ type: 'string' })[0] ?? '', /root must have type "object"/)
  assert.match(errors({})[0] ?? '', /root must have type "object"/)
  assert.equal(errors({ type: 'string' }, 'output'), [])
  assert.match(found({ type: 'string' }, 'output')[0] ?? '', /^warning \/type: clients before 2026-07-28/)
})

test('S-JS-02: four dialects are supported, others are refused by name', () => {
  for (const dialect of [
    'https://json-schema.org/draft/2020-12/schema',
    'https://json-schema.org/draft/2019-09/schema',
    'http://json-schema.org/draft-07/schema#',
    'http://json-schema.org/draft-06/schema#',
  ]) {
    assert.equal(errors({ $schema: dialect, type: 'object' }), [])
  }
  assert.match(
    errors({ $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' })[0] ?? '',
    /the dialect http:\/\/json-schema.org\/draft-04\/schema# is not supported: use https/,
  )
})

test('S-JS-04: T16: a reference that leaves the schema is refused, and nothing is fetched', () => {
  for (const ref of ['https://evil.example/schema.json', 'file:///etc/passwd', '//evil.example/x']) {
    assert.match(
      errors(having({ $ref: ref }))[0] ?? '',
      /^error \/properties\/x\/\$ref: \$ref .* points outside of the schema, and nothing is ever fetched/,
    )
  }
})

test('a reference to nothing is refused', () => {
  for (const ref of ['#/$defs/missing', '#missing', 'Missing', '#/properties/x/%zz', '#/constructor', '#/__proto__']) {
    assert.match(errors(having({ $ref: ref }))[0] ?? '', /points to nothing in this schema/, ref)
  }
})

test('S-JS-08: pointers, anchors, ids and recursion through members are fine', () => {
  assert.equal(errors(having({ $ref: '#/$defs/a' }, { $defs: { a: { type: 'string' } } })), [])
  assert.equal(errors(having({ $ref: '#here' }, { $defs: { a: { $anchor: 'here' } } })), [])
  assert.equal(errors(having({ $ref: 'Node' }, { $defs: { a: { $id: 'Node' } } })), [])
  assert.equal(
    errors(
      having({ $ref: 'https://mine.example/b#/$defs/c' }, { $id: 'https://mine.example/a', $defs: { b: { $id: 'b', $defs: { c: {} } } } }),
    ),
    [],
  )
  assert.equal(errors(having({ $ref: '#/$defs/a~1b%20c' }, { $defs: { 'a/b c': {} } })), [])
  assert.equal(errors(having({ type: 'array', items: { $ref: '#' } })), [])
  assert.equal(errors(OldType.Recursive(This => OldType.Object({ kids: OldType.Array(This) }))), [])
  const Tree = z.object({
    get kids() {
      return z.array(Tree)
    },
  })
  assert.equal(errors(Tree), [])
})

test('a reference that never gets to a member is refused', () => {
  assert.match(
    errors(having({ $ref: '#/$defs/a' }, { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }))[0] ?? '',
    /refers to itself without going into a property or an item/,
  )
  assert.match(errors({ type: 'object', allOf: [{ $ref: '#' }] })[0] ?? '', /refers to itself/)
  assert.match(errors(having({ anyOf: [{ type: 'string' }, { not: { $ref: '#/properties/x' } }] }))[0] ?? '', /refers to itself/)
})

test('S-JS-03: keywords with the wrong kind of value are refused', () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ type: 'strin' }, 'type must be one of string, number'],
    [{ type: ['string', 'string'] }, 'type must be a name, or a list of different names'],
    [{ type: 'string', minLength: -1 }, 'minLength must be a whole number, 0 or more'],
    [{ type: 'number', minimum: '3' }, 'minimum must be a number'],
    [{ type: 'number', exclusiveMinimum: true }, 'exclusiveMinimum must be a number'],
    [{ type: 'number', multipleOf: 0 }, 'multipleOf must be a number above 0'],
    [{ type: 'object', required: 'a' }, 'required must be a list of different strings'],
    [{ type: 'object', properties: [] }, 'properties must be an object of schemas'],
    [{ type: 'object', properties: { a: 'string' } }, 'properties must be an object of schemas'],
    [{ enum: [] }, 'enum must be a list of at least one value'],
    [{ anyOf: [] }, 'anyOf must be a list of at least one schema'],
    [{ type: 'array', items: 'string' }, 'items must be a schema'],
    [{ type: 'string', minLength: 5, maxLength: 2 }, 'minLength is above maxLength: no value can fit'],
    [{ type: 'string', pattern: /a/i }, 'pattern must be a string, or clients do not see it'],
    [{ type: 'string', pattern: 'a(' }, 'the pattern a( is no regular expression with flag u'],
    [{ default: new Date() }, 'default holds a value that JSON cannot carry'],
    [{ enum: [1, Number.NaN] }, 'enum holds a value that JSON cannot carry'],
  ]
  for (const [schema, text] of wrong)
    assert.ok(
      errors(having(schema)).some(line => line.includes(text)),
      text,
    )
})

test('types that JSON does not have say what to use instead', () => {
  assert.match(
    errors(OldType.Object({ at: OldType.Date() }))[0] ?? '',
    /type "Date" has no form in JSON: use a string with format date-time/,
  )
  assert.match(errors(Type.Object({ big: Type.BigInt() }))[0] ?? '', /type "bigint" has no form in JSON: use an integer/)
  assert.match(errors(Type.Object({ none: Type.Undefined() }))[0] ?? '', /make the property optional/)
})

test('a required name that cannot exist is refused', () => {
  assert.match(
    errors({ type: 'object', properties: { name: {} }, required: ['naem'], additionalProperties: false })[0] ?? '',
    /naem is required, but is no property and no others are allowed/,
  )
  assert.equal(errors({ type: 'object', properties: { name: {} }, required: ['naem'] }), [])
})

test('T22: patterns that can run away are refused, in member names too', () => {
  assert.match(
    errors(having({ type: 'string', pattern: '^(a+)+$' }))[0] ?? '',
    /^error \/properties\/x\/pattern: the pattern \^\(a\+\)\+\$ can take exponential time/,
  )
  assert.match(errors({ type: 'object', patternProperties: { '(x+x+)+y': {} } })[0] ?? '', /^error \/patternProperties: the pattern/)
  assert.match(errors(having({ type: 'string', pattern: '[a-z]+$' }))[0] ?? '', /give the string a maxLength of at most 10000/)
  assert.equal(errors(having({ type: 'string', pattern: '[a-z]+$', maxLength: 200 })), [])
})

test('the patterns behind the formats of libraries pass', () => {
  const zod = z.object({
    email: z.email(),
    uuid: z.uuid(),
    url: z.url(),
    date: z.iso.date(),
    time: z.iso.time(),
    datetime: z.iso.datetime(),
    duration: z.iso.duration(),
    ipv4: z.ipv4(),
    ipv6: z.ipv6(),
    cidr: z.cidrv4(),
    base64: z.base64(),
    base64url: z.base64url(),
    jwt: z.jwt(),
    cuid2: z.cuid2(),
    ulid: z.ulid(),
    nanoid: z.nanoid(),
    e164: z.e164(),
    emoji: z.emoji(),
    starts: z.string().startsWith('a'),
    ends: z.string().endsWith('z'),
    has: z.string().includes('m'),
    hex: z.hex(),
    mac: z.mac(),
    hostname: z.hostname(),
    guid: z.guid(),
    lower: z.string().lowercase(),
  })
  assert.equal(errors(zod), [])
  assert.equal(
    errors(
      type({
        email: 'string.email',
        uuid: 'string.uuid',
        url: 'string.url',
        semver: 'string.semver',
        date: 'string.date.iso',
        ip: 'string.ip',
        hex: 'string.hex',
        digits: 'string.digits',
        base64: 'string.base64',
        card: 'string.creditCard',
      }),
    ),
    [],
  )
  assert.equal(errors(Type.Object({ id: Type.TemplateLiteral('user-${number}') })), [])
})

test('S-JS-07: depth, size and number of schemas are bounded', () => {
  let deep: object = { type: 'string' }
  for (let level = 0; level < 100; level += 1) deep = having(deep)
  assert.match(errors(deep)[0] ?? '', /nests more than 64 levels/)
  const wide = { type: 'object', properties: Object.fromEntries(Array.from({ length: 11_000 }, (_, index) => [`p${index}`, {}])) }
  assert.match(errors(wide)[0] ?? '', /holds more than 10000 schemas/)
  assert.match(errors(having({ description: 'x'.repeat(1_100_000) }))[0] ?? '', /longer than 1000000 characters/)
  const self: Record<string, unknown> = { type: 'object' }
  self['properties'] = { self }
  assert.match(errors(self)[0] ?? '', /contains itself as an object/)
  const long = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`d${index}`, index === 499 ? {} : { $ref: `#/$defs/d${index + 1}` }]),
  )
  assert.equal(errors(having({ $ref: '#/$defs/d0' }, { $defs: long })), [])
})

test('row 15: a property called __proto__ is refused', () => {
  assert.match(
    errors(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as object)[0] ?? '',
    /a property must not be called __proto__/,
  )
})

test('what some clients do not understand is a warning that names the cure', () => {
  assert.equal(
    found({
      type: 'object',
      anyOf: [{ required: ['a'] }],
      properties: { a: { type: 'array' }, b: { type: ['string', 'null'] }, c: true, d: { type: 'array', prefixItems: [{}], items: false } },
      additionalProperties: false,
    }),
    [
      "warning /anyOf: some clients refuse anyOf at the top of a schema; schema: 'portable' rewrites it",
      "warning /properties/c: some clients do not understand true and false as schemas; schema: 'portable' rewrites it",
      "warning /properties/a: some clients need items, one schema, in an array; schema: 'portable' rewrites it",
      "warning /properties/b/type: some clients do not understand a list of types; schema: 'portable' rewrites it",
      "warning /properties/d/items: some clients do not understand true and false as schemas; schema: 'portable' rewrites it",
    ],
  )
})

test('arguments of prompts and variables of templates arrive as text and are no objects', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'array', items: { type: 'string' } }, c: { type: 'object' } },
  }
  for (const role of ['args', 'params'] as const)
    assert.match(errors(schema, role).join(), /^error \/properties\/c: arrives as text and cannot be an object/)
})

test('x-mcp-header is held to its rules in tool inputs', () => {
  assert.equal(found(having({ type: 'string', 'x-mcp-header': 'Region' })), [])
  assert.match(errors(having({ type: 'number', 'x-mcp-header': 'Region' }))[0] ?? '', /x-mcp-header/)
  assert.match(
    found(having({ type: 'string' }, { properties: { password: { type: 'string', 'x-mcp-header': 'Pass' } } }))[0] ?? '',
    /^warning .*headers end up in logs/,
  )
  assert.equal(errors(having({ type: 'number', 'x-mcp-header': 'Region' }), 'output'), [])
})

test.run()
