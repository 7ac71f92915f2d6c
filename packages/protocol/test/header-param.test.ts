/** x-mcp-header: the schema rules, the headers of a client, the check of a server. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkParamHeaders, headerParams, paramHeaders } from '../src/header-param.ts'

const test = suite('header params')

const region = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
const nested = {
  type: 'object',
  properties: {
    target: { type: 'object', properties: { shard: { type: 'integer', 'x-mcp-header': 'Shard' } } },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry-Run' },
  },
}

/** The reader a server hands in: names in any case, as of HTTP. */
const reader = (headers: Record<string, string>): ((name: string) => string | undefined) => {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return name => lower.get(name)
}
const problemsOf = (schema: unknown): readonly string[] => headerParams(schema).problems
const property = (schema: object): object => ({ type: 'object', properties: { p: schema } })

test('S-XH-04: annotations are found at any depth of properties', () => {
  assert.equal(headerParams(nested), {
    params: [
      { name: 'Shard', header: 'Mcp-Param-Shard', path: ['target', 'shard'], type: 'integer' },
      { name: 'Dry-Run', header: 'Mcp-Param-Dry-Run', path: ['dry'], type: 'boolean' },
    ],
    problems: [],
    warnings: [],
  })
})

test('a schema without annotations, and what is no schema at all, have nothing to mirror', () => {
  for (const schema of [{ type: 'object' }, { type: 'object', properties: {} }, true, undefined, null, 'x', []]) {
    assert.equal(headerParams(schema), { params: [], problems: [], warnings: [] })
  }
})

test('S-XH-01: names that are no header token are refused', () => {
  for (const name of ['', 'a b', 'a:b', 'a\r\nX', 'é', 'a\0', '(x)', 'a/b', 1, null, true, {}, ['Region']]) {
    const { params, problems } = headerParams(property({ type: 'string', 'x-mcp-header': name }))
    assert.is(params.length, 0)
    assert.is(problems.length, 1, JSON.stringify(name))
    assert.match(problems[0] as string, /inputSchema\.properties\.p: the header name must be/)
  }
  assert.equal(problemsOf(property({ type: 'string', 'x-mcp-header': "aZ09!#$%&'*+-.^_`|~" })), [])
})

test('S-XH-01: one name may be used once, whatever its case', () => {
  const schema = { properties: { a: { type: 'string', 'x-mcp-header': 'Region' }, b: { type: 'string', 'x-mcp-header': 'REGION' } } }
  assert.equal(problemsOf(schema), [
    'x-mcp-header at inputSchema.properties.b: "REGION" is already used at inputSchema.properties.a (upper and lower case do not differ)',
  ])
})

test('S-XH-02: only string, integer and boolean can be mirrored', () => {
  for (const type of ['number', 'object', 'array', 'null', ['string'], ['string', 'null'], undefined, 'String']) {
    const problems = problemsOf(property({ type, 'x-mcp-header': 'P' }))
    assert.is(problems.length, 1)
    assert.match(problems[0] as string, /only a property of type/)
  }
  for (const schema of [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { $ref: '#/$defs/p' }, { enum: ['a'] }, { const: 'a' }]) {
    assert.is(problemsOf(property({ ...schema, 'x-mcp-header': 'P' })).length, 1)
  }
})

test('S-XH-03: an annotation anywhere but on a chain of properties is refused, and its place named', () => {
  const p = { type: 'string', 'x-mcp-header': 'P' }
  const places: [place: string, schema: object][] = [
    ['items', property({ type: 'array', items: p })],
    ['items.properties.x', property({ type: 'array', items: { properties: { x: p } } })],
    ['prefixItems', property({ prefixItems: [{}, p] })],
    ['items', property({ items: [p] })],
    ['contains', property({ contains: p })],
    ['additionalProperties', { additionalProperties: p }],
    ['unevaluatedProperties', { unevaluatedProperties: p }],
    ['patternProperties.^a', { patternProperties: { '^a': p } }],
    ['propertyNames', { propertyNames: p }],
    ['allOf.properties.x', { allOf: [{ properties: { x: p } }] }],
    ['anyOf', property({ anyOf: [{ type: 'null' }, p] })],
    ['oneOf.properties.x', { oneOf: [{}, { properties: { x: p } }] }],
    ['not', { not: p }],
    ['if.properties.x', { if: { properties: { x: p } } }],
    // oxlint-disable-next-line unicorn/no-thenable -- it is JSON Schema
    ['then', { then: p }],
    ['else', { else: p }],
    ['dependentSchemas.a.properties.x', { dependentSchemas: { a: { properties: { x: p } } } }],
    ['$defs.d', { $defs: { d: p }, properties: { p: { $ref: '#/$defs/d' } } }],
    ['definitions.d', { definitions: { d: p } }],
  ]
  for (const [place, schema] of places) {
    const { params, problems } = headerParams(schema)
    assert.is(params.length, 0, place)
    assert.is(problems.length, 1, place)
    assert.ok((problems[0] as string).includes(`${place}: only properties reached through "properties" alone`), problems[0])
  }
})

test('the whole schema cannot be mirrored', () => {
  assert.match(problemsOf({ type: 'string', 'x-mcp-header': 'P' })[0] as string, /belongs to a property/)
})

test('a property that is named like the annotation, and data that contains it, declare nothing', () => {
  const data = { 'x-mcp-header': 'P', type: 'string' }
  const schema = { properties: { 'x-mcp-header': { type: 'string' }, q: { default: data, const: data, enum: [data], examples: [data] } } }
  assert.equal(headerParams(schema), { params: [], problems: [], warnings: [] })
})

test('one schema object used for two properties counts twice', () => {
  const shared = { type: 'string', 'x-mcp-header': 'P' }
  assert.is(problemsOf({ properties: { a: shared, b: shared } }).length, 1)
})

test('a schema that contains itself is refused, not followed for ever', () => {
  const schema: { properties: Record<string, unknown> } = { properties: {} }
  schema.properties['a'] = schema
  schema.properties['b'] = schema
  assert.equal(problemsOf(schema), ['The schema is too large to look for x-mcp-header: at most 64 levels and 10000 schemas'])
})

test('S-XH-13: a parameter named like a secret is warned about', () => {
  for (const name of ['password', 'apiKey', 'access_token', 'clientSecret', 'key']) {
    const schema = { properties: { [name]: { type: 'string', 'x-mcp-header': 'X' } } }
    const { params, problems, warnings } = headerParams(schema)
    assert.equal([params.length, problems.length, warnings.length], [1, 0, 1], name)
  }
  assert.is(headerParams(region).warnings.length, 0)
})

test('C-XH-01, C-XH-04: a call mirrors its annotated arguments, nested ones included', () => {
  const { params } = headerParams(nested)
  assert.equal(paramHeaders(params, { target: { shard: 42 }, dry: false, other: 'x' }), [
    ['Mcp-Param-Shard', '42'],
    ['Mcp-Param-Dry-Run', 'false'],
  ])
})

test('C-XH-02: absent and null arguments have no header; an empty string, false and 0 have one', () => {
  const { params } = headerParams(nested)
  assert.equal(paramHeaders(params, { target: null }), [])
  assert.equal(paramHeaders(params, undefined), [])
  assert.equal(paramHeaders(params, { target: { shard: 0 } }), [['Mcp-Param-Shard', '0']])
  const text = headerParams(region).params
  assert.equal(paramHeaders(text, { region: '' }), [['Mcp-Param-Region', '']])
  assert.equal(paramHeaders(text, { region: null }), [])
})

test('C-XH-03: what is not plain is wrapped; what cannot travel is left out', () => {
  const { params } = headerParams(region)
  assert.equal(paramHeaders(params, { region: 'Hello, 世界' }), [['Mcp-Param-Region', '=?base64?SGVsbG8sIOS4lueVjA==?=']])
  for (const value of [2 ** 53, 0.5, NaN, {}, ['a']]) assert.equal(paramHeaders(params, { region: value }), [])
})

test('row 15: properties that every object inherits are not arguments', () => {
  const { params } = headerParams({ properties: { constructor: { properties: { name: { type: 'string', 'x-mcp-header': 'P' } } } } })
  assert.equal(paramHeaders(params, {}), [])
  assert.is(checkParamHeaders(params, {}, reader({})), undefined)
  assert.equal(paramHeaders(headerParams(region).params, Object.create({ region: 'eu' })), [])
})

test('what a client writes, a server accepts', () => {
  const { params } = headerParams(nested)
  for (const args of [{ target: { shard: -7 }, dry: true }, { dry: false }, {}, { target: { shard: null } }]) {
    assert.is(checkParamHeaders(params, args, reader(Object.fromEntries(paramHeaders(params, args)))), undefined)
  }
})

test('S-XH-05: a present argument without its header is refused', () => {
  const { params } = headerParams(region)
  assert.is(
    checkParamHeaders(params, { region: 'eu' }, reader({})),
    'The Mcp-Param-Region header is missing; the argument region is present',
  )
  assert.match(checkParamHeaders(params, { region: '' }, reader({})) as string, /missing/)
})

test('S-XH-06, T10: a header that disagrees with the body is refused', () => {
  const { params } = headerParams(region)
  assert.is(
    checkParamHeaders(params, { region: 'us' }, reader({ 'Mcp-Param-Region': 'eu' })),
    'The Mcp-Param-Region header does not agree with the argument region',
  )
  assert.match(checkParamHeaders(params, { region: 'eu' }, reader({ 'Mcp-Param-Region': 'eu, eu' })) as string, /does not agree/)
  assert.match(checkParamHeaders(params, { region: ['eu'] }, reader({ 'Mcp-Param-Region': 'eu' })) as string, /does not agree/)
})

test('S-XH-07, T10: an absent or null argument needs no header, and a header for one is refused', () => {
  const { params } = headerParams(region)
  for (const args of [{}, { region: null }, undefined]) {
    assert.is(checkParamHeaders(params, args, reader({})), undefined)
    assert.match(checkParamHeaders(params, args, reader({ 'mcp-param-region': 'eu' })) as string, /is present; the argument region is not/)
  }
})

test('S-XH-10: a header that is not validly encoded is refused as such', () => {
  const { params } = headerParams(region)
  for (const text of ['=?base64?SGVsbG8?=', '=?base64?SGVs!!!bG8=?=', 'é', 'a\tb']) {
    assert.is(
      checkParamHeaders(params, { region: 'Hello' }, reader({ 'Mcp-Param-Region': text })),
      'The Mcp-Param-Region header is not validly encoded',
    )
  }
})

test('S-XH-12: headers nobody declared are ignored', () => {
  const { params } = headerParams(region)
  assert.is(checkParamHeaders(params, { region: 'eu' }, reader({ 'mcp-param-region': 'eu', 'mcp-param-other': 'x' })), undefined)
})

test('an argument of the wrong type is left to argument validation; an integer too large to mirror is not', () => {
  const { params } = headerParams(nested)
  assert.is(checkParamHeaders(params, { target: { shard: {} } }, reader({})), undefined)
  assert.is(checkParamHeaders(params, { target: { shard: 1.5 } }, reader({})), undefined)
  assert.match(checkParamHeaders(params, { target: { shard: 2 ** 60 } }, reader({})) as string, /cannot be mirrored/)
})

test.run()
