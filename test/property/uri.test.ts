/** What a template makes of values, it reads as those values: every operator of RFC 6570 up to level 3, and the lists we read. */
import * as assert from 'node:assert/strict'
import { compileTemplate, expandTemplate } from '@oarlock/protocol'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { holds } from './holds.ts'
import { text } from './values.ts'

const test = suite('URI templates')

const NAMES = ['a', 'b', 'c'] as const
const count = fc.integer({ min: 1, max: 3 })
const values = fc.record({ a: text, b: text, c: text })
const withoutTriplets = (value: string): boolean => !/%[\da-f]{2}/i.test(value)

/** An operator with what its values must not be, so that RFC 6570 itself can keep them apart. */
const OPERATORS: Readonly<Record<string, { readonly most: number; readonly keeps: (value: string) => boolean }>> = {
  '': { most: 3, keeps: value => value !== '' },
  '+': { most: 1, keeps: value => value !== '' && withoutTriplets(value) },
  '#': { most: 1, keeps: withoutTriplets },
  '.': { most: 3, keeps: value => !value.includes('.') },
  '/': { most: 3, keeps: () => true },
  ';': { most: 3, keeps: () => true },
  '?': { most: 3, keeps: () => true },
  '&': { most: 3, keeps: () => true },
}

for (const [operator, { most, keeps }] of Object.entries(OPERATORS)) {
  test(`{${operator}a,b,c} reads what it wrote`, () =>
    holds(fc.record({ count, values }), ({ count, values }) => {
      const names = NAMES.slice(0, Math.min(count, most))
      const given = Object.fromEntries(names.map(name => [name, values[name]]))
      if (!Object.values(given).every(keeps)) return
      const text = `x://host/p${operator === '&' ? '?fixed=1' : ''}{${operator}${names.join(',')}}`
      const template = compileTemplate(text)
      const uri = template.expand(given)
      assert.equal(uri, expandTemplate(text, given))
      assert.match(uri, /^[\x21-\x7e]*$/)
      assert.deepEqual({ ...template.match(uri) }, given, uri)
    }))
}

for (const operator of ['/', '?', '&']) {
  test(`{${operator}list*} reads the list it wrote`, () =>
    holds(fc.array(text, { minLength: 1, maxLength: 5 }), list => {
      const template = compileTemplate(`x://host${operator === '&' ? '?fixed=1' : ''}{${operator}list*}`)
      assert.deepEqual({ ...template.match(template.expand({ list })) }, { list })
    }))
}

test('a template of several expressions reads what it wrote, whatever the values', () =>
  holds(fc.record({ a: text, b: text, c: text, d: text, list: fc.array(text, { minLength: 1 }) }), values => {
    if (values.a === '' || values.b === '') return
    const template = compileTemplate('x://{a}/{b}/list{/list*}{?c,d}')
    const uri = template.expand(values)
    if (uri.length <= 8192) assert.deepEqual({ ...template.match(uri) }, { ...values }, uri)
  }))

test('a variable is read by its own name only, also one that every object has', () =>
  holds(fc.record({ name: fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'), value: text }), ({ name, value }) => {
    if (value === '') return
    const template = compileTemplate(`x://{${name}}`)
    assert.equal(template.expand({}), 'x://')
    const uri = `x://${encodeURIComponent(value)}`
    const read = template.match(uri)
    assert.deepEqual(read === undefined ? [] : Object.entries(read), [[name, value]])
  }))

test.run()
