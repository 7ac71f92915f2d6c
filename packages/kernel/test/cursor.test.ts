import { Fault } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeCursor, encodeCursor } from '../src/cursor.ts'

const test = suite('cursor')
const LIST = 'tools/list'
const refused = (value: unknown, list = LIST): void =>
  assert.throws(
    () => decodeCursor(value, list),
    (error: unknown) => Fault.is(error) && error.fault === 'INVALID_CURSOR',
    JSON.stringify(value),
  )

test('a cursor comes back as it was, whatever the key holds', () => {
  for (const key of ['add', '', 'schöne 🐢 Ресурс', '"quoted"\n', 'x'.repeat(8_000)]) {
    const cursor = { list: LIST, seq: 12, key }
    const text = encodeCursor(cursor)
    assert.match(text, /^[A-Za-z0-9_-]+$/)
    assert.equal(decodeCursor(text, LIST), cursor)
  }
})

test('no cursor is the first page', () => {
  assert.is(decodeCursor(undefined, LIST), undefined)
})

test('S-PAGE-03, S-PAGE-05: what the server never wrote is refused, the empty text included', () => {
  for (const value of ['', 'abc', '!!!!!!!!!!', 'a'.repeat(20_000), 7, null, {}, ['x']]) refused(value)
})

test('a cursor of another list is refused', () => {
  refused(encodeCursor({ list: 'prompts/list', seq: 1, key: 'a' }))
})

test('a changed cursor is refused', () => {
  const text = encodeCursor({ list: LIST, seq: 12, key: 'add' })
  for (let index = 0; index < text.length - 1; index += 1)
    refused(`${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`)
})

test('a well-made cursor with the wrong things in it is refused', () => {
  for (const seq of [1.5, '1', null, Number.MAX_VALUE]) refused(encodeCursor({ list: LIST, seq: seq as number, key: 'a' }))
  refused(encodeCursor({ list: LIST, seq: 1, key: 5 as never }))
})

test.run()
