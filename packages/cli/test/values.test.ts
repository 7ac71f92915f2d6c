/** From words to arguments. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { argumentsFor } from '../src/values.ts'

const test = suite('values')

const tool = (properties?: object, more: object = {}) => ({
  name: 'paint',
  inputSchema: { type: 'object', ...(properties && { properties }), ...more },
})

const TYPES = tool({
  s: { type: 'string' },
  n: { type: 'number' },
  i: { type: 'integer' },
  b: { type: 'boolean' },
  o: { type: 'object' },
  list: { type: 'array', items: { type: 'integer' } },
  maybe: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  either: { type: ['number', 'string'] },
  level: { enum: [1, 2, 'high'] },
  one: { const: true },
  any: {},
})

test('a value becomes what the schema wants it to be', () => {
  const given = ['s=1', 'n=1.5', 'i=-2', 'b=true', 'o={"a":1}', 'maybe=null', 'either=3', 'level=2', 'one=true', 'any=[1]']
  assert.equal(argumentsFor(TYPES, given), {
    s: '1',
    n: 1.5,
    i: -2,
    b: true,
    o: { a: 1 },
    maybe: null,
    either: 3,
    level: 2,
    one: true,
    any: [1],
  })
  assert.equal(argumentsFor(TYPES, ['s=a=b', 'maybe=x', 'either=x', 'level=high', 'any=x', 's=']), {
    s: '',
    maybe: 'x',
    either: 'x',
    level: 'high',
    any: 'x',
  })
})

test('a key that comes again makes an array, and so does JSON', () => {
  assert.equal(argumentsFor(TYPES, ['list=1', 'list=2']), { list: [1, 2] })
  assert.equal(argumentsFor(TYPES, ['list=[1, 2]']), { list: [1, 2] })
})

test('one JSON object is taken as it is, and := takes any JSON for one key', () => {
  assert.equal(argumentsFor(TYPES, ['{"s": 1, "unknown": true}']), { s: 1, unknown: true })
  assert.equal(argumentsFor(TYPES, ['s:=1', 'list:=[]']), { s: 1, list: [] })
})

test('what does not fit is refused with the type it should have', () => {
  assert.throws(() => argumentsFor(TYPES, ['n=x']), /^n should be a number, not "x"$/)
  assert.throws(() => argumentsFor(TYPES, ['i=1.5']), /i should be an integer/)
  assert.throws(() => argumentsFor(TYPES, ['b=yes']), /b should be a boolean/)
  assert.throws(() => argumentsFor(TYPES, ['list=a']), /list should be an integer/)
  assert.throws(() => argumentsFor(TYPES, ['s:=x']), /must be JSON/)
  assert.throws(() => argumentsFor(TYPES, ['{"s":']), /not a JSON object/)
  assert.throws(() => argumentsFor(TYPES, ['s']), /what is s\?/)
  assert.throws(() => argumentsFor(TYPES, ['=1']), /what is =1\?/)
})

test('an unknown key is refused with what was perhaps meant and what there is', () => {
  const colours = tool({ colour: { type: 'string' }, size: { type: 'integer' } }, { required: ['colour'] })
  assert.throws(
    () => argumentsFor(colours, ['color=red']),
    (error: Error) => {
      assert.is(error.message, "paint has no argument color. Did you mean 'colour'?\nArguments of paint: colour: string, size?: integer")
      return true
    },
  )
})

test('a schema that is open, or says nothing, takes any key', () => {
  assert.equal(argumentsFor(tool({ a: {} }, { additionalProperties: true }), ['b=1']), { b: 1 })
  assert.equal(argumentsFor(tool(), ['b=1', 'c=x']), { b: 1, c: 'x' })
})

test('a key named __proto__ is a key like any other', () => {
  const made = argumentsFor(tool(), ['__proto__={"polluted":true}'])
  assert.is(({} as { polluted?: boolean }).polluted, undefined)
  assert.ok(Object.hasOwn(made, '__proto__'))
})

test.run()
