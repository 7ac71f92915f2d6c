/** What is typed into a field, and what it stands for. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Field } from '../../src/answer/field.ts'

const test = suite('fields of a form')
const field = (schema: object, required = false): Field => new Field('it', schema as never, required)

test('text becomes what the field is of', () => {
  const value = (schema: object, text: string): unknown => field(schema).read(text)
  assert.equal(value({ type: 'string' }, 'a b'), { value: 'a b' })
  assert.equal(value({ type: 'string' }, '12'), { value: '12' })
  assert.equal(value({ type: 'number' }, '1.5'), { value: 1.5 })
  assert.equal(value({ type: 'boolean' }, 'No'), { value: false })
  assert.equal(value({ type: 'number' }, 'x'), { problem: 'it must be a number.' })
  assert.equal(value({ type: 'string', format: 'email' }, 'x'), { problem: 'it must be a valid email.' })
  const colours = [
    { const: 'r', title: 'Red' },
    { const: '2', title: 'Blue' },
  ]
  assert.equal(value({ type: 'string', oneOf: colours }, 'red'), { value: 'r' })
  assert.equal(value({ type: 'string', oneOf: colours }, '1'), { value: 'r' })
  assert.equal(value({ type: 'string', oneOf: colours }, '2'), { value: '2' })
  assert.equal(value({ type: 'array', items: { anyOf: colours } }, 'Blue, r'), { value: ['2', 'r'] })
  assert.equal(value({ type: 'array', items: { type: 'string', enum: ['a', 'b'] }, minItems: 2 }, '2'), {
    problem: 'it must hold at least 2 choices.',
  })
})

test('an empty line takes the default, or leaves out what is not needed', () => {
  assert.equal(field({ type: 'string', default: 'x' }, true).read(''), { value: undefined })
  assert.equal(field({ type: 'string' }).read(''), { value: undefined })
  assert.equal(field({ type: 'string' }, true).read(''), { problem: 'It is needed. Ctrl-D cancels.' })
  assert.is(field({ type: 'string', title: 'Name', default: 'x' }, true).question, 'Name (text) [x]: ')
  assert.equal(field({ type: 'string', enum: ['a'], enumNames: ['Ay'], description: 'Which' }).lines, ['  Which', '  1. Ay (a)'])
})

test.run()
