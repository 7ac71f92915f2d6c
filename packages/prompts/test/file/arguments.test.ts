/** Arguments of prompt files as JSON Schema. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readArguments } from '../../src/file/arguments.ts'

const test = suite('arguments')

const schema = (written: unknown) => {
  const { schema, problems } = readArguments(written)
  assert.equal(problems, [])
  return schema
}

test('none are none', () => {
  assert.equal(schema(undefined), { type: 'object', properties: {}, additionalProperties: false })
})

test('a mapping from names to types or mappings', () => {
  assert.equal(schema({ code: { type: 'string', required: true, description: 'The code' }, lines: 'integer', plain: null }), {
    type: 'object',
    properties: { code: { type: 'string', description: 'The code' }, lines: { type: 'integer' }, plain: { type: 'string' } },
    required: ['code'],
    additionalProperties: false,
  })
})

test('a list says the same', () => {
  const list = [
    { name: 'code', required: true },
    { name: 'lines', type: 'integer' },
  ]
  assert.equal(schema(list), schema({ code: { required: true }, lines: 'integer' }))
})

test('every type there is', () => {
  const { properties } = schema({
    text: 'string',
    size: { type: 'number', minimum: 0, maximum: 1 },
    lines: 'integer',
    deep: { type: 'boolean', default: false },
    tone: { type: 'enum', enum: ['kind', 'frank'], default: 'kind' },
    level: { enum: [1, 2, 3] },
    langs: 'array',
    ports: { type: 'array', items: 'integer', maxItems: 3 },
    who: { pattern: '^[a-z]+$', maxLength: 10, examples: ['ann'] },
  })
  assert.equal(properties, {
    text: { type: 'string' },
    size: { type: 'number', minimum: 0, maximum: 1 },
    lines: { type: 'integer' },
    deep: { type: 'boolean', default: false },
    tone: { type: 'string', default: 'kind', enum: ['kind', 'frank'] },
    level: { enum: [1, 2, 3] },
    langs: { type: 'array', items: { type: 'string' } },
    ports: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
    who: { type: 'string', examples: ['ann'], maxLength: 10, pattern: '^[a-z]+$' },
  })
})

test('completers are named', () => {
  assert.equal(readArguments({ language: { complete: 'languages' } }).complete, { language: 'languages' })
})

test('each mistake has its place and says what is wanted', () => {
  const { problems } = readArguments({
    a: { type: 'strin' },
    b: 7,
    c: { requird: true },
    d: { required: 'yes' },
    '1x': 'string',
    e: { default: { a: 1 } },
  })
  assert.equal(
    problems.map(({ path, message }) => `${path.join('/')}: ${message}`).toSorted(),
    [
      'arguments/b: arguments.b must be a type, or a mapping with type, description and so on',
      'arguments/1x/name: arguments.1x.name must be a name of its own: a letter, then letters, digits, _ and -',
      "arguments/a/type: arguments.a.type must be one of string, number, integer, boolean, enum, array. Did you mean 'string'?",
      "arguments/c/requird: 'requird' means nothing here. Did you mean 'required'?",
      'arguments/d/required: arguments.d.required must be true or false',
      'arguments/e/default: arguments.e.default must be a word, a number, true or false, or a list of them',
    ].toSorted(),
  )
})

test('row 15: no argument is called like what every object has', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
    const { schema, problems } = readArguments(JSON.parse(`{"${name}":"string"}`))
    assert.equal([problems.length, schema['properties']], [1, {}], name)
  }
})

test('a name comes once in a list, and arguments are nothing else than a list or a mapping', () => {
  assert.match(readArguments([{ name: 'a' }, { name: 'a' }]).problems[0]?.message ?? '', /second argument 'a'/)
  assert.match(readArguments([{ type: 'string' }]).problems[0]?.message ?? '', /name must be a name/)
  assert.match(readArguments('code').problems[0]?.message ?? '', /must be a mapping/)
})

test.run()
