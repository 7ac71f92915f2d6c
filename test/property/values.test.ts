/** What travels as text: headers, cursors, base64, and the state of a call. */
import * as assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import {
  checkParamHeaders,
  decodeHeaderValue,
  encodeHeaderValue,
  Fault,
  fromBase64,
  fromBase64Url,
  headerParams,
  paramHeaders,
  sameHeaderValue,
  toBase64,
  toBase64Url,
} from '@oarlock/protocol'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { decodeCursor, encodeCursor } from '../../packages/kernel/src/cursor.ts'
import { StateSeal, type Binding } from '../../packages/kernel/src/edge/state.ts'
import { Journal } from '../../packages/kernel/src/journal.ts'
import { holds } from './holds.ts'
import { jsonObject, text, wildText } from './values.ts'

const test = suite('values as text')

/** Text, and text that looks as if it were wrapped already. */
const mirroredText = fc.oneof(
  text,
  fc.base64String().map(body => `=?base64?${body}?=`),
  text.map(each => `=?base64?${each}?=`),
)

test('any text, number and boolean travels in a header as visible ASCII and comes back', () =>
  holds(fc.oneof({ weight: 4, arbitrary: mirroredText }, fc.maxSafeInteger(), fc.boolean()), value => {
    const header = encodeHeaderValue(value)
    assert.match(header, /^[\x20-\x7e]*$/)
    assert.ok(sameHeaderValue(header, value))
    assert.ok(sameHeaderValue(`\t ${header} `, value), 'blanks around it are no part of it')
    assert.equal(decodeHeaderValue(header), Object.is(value, -0) ? '0' : String(value))
  }))

test('only what has to be is wrapped: plain text travels as it is', () =>
  holds(fc.string({ unit: 'grapheme-ascii' }), value => {
    const plain = value.trim() === value && !(value.startsWith('=?base64?') && value.endsWith('?='))
    assert.equal(encodeHeaderValue(value), plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`)
  }))

test('no two values share a header, and no header says two things', () =>
  holds(fc.tuple(mirroredText, mirroredText), ([one, other]) => {
    assert.equal(encodeHeaderValue(one) === encodeHeaderValue(other), one === other)
    assert.equal(sameHeaderValue(encodeHeaderValue(one), other), one === other)
  }))

test('what any header carries is text or nothing, and is written in a way that reads the same', () =>
  holds(
    fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.base64String().map(body => `=?base64?${body}?=`),
      wildText,
    ),
    header => {
      const value = decodeHeaderValue(header)
      if (value === undefined) return
      assert.ok(sameHeaderValue(header, value))
      assert.equal(decodeHeaderValue(encodeHeaderValue(value)), value)
    },
  ))

const { params } = headerParams({
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
    zone: { type: 'object', properties: { id: { type: 'integer', 'x-mcp-header': 'Zone' } } },
  },
})
const args = fc.record(
  { region: mirroredText, dry: fc.boolean(), zone: fc.record({ id: fc.maxSafeInteger() }, { requiredKeys: [] }) },
  { requiredKeys: [] },
)

test('the headers that a client makes of arguments are those the server wants, and no others will do', () =>
  holds(fc.tuple(args, args), ([own, other]) => {
    const headersOf = (value: object) => new Map(paramHeaders(params, value).map(([name, header]) => [name.toLowerCase(), header]))
    const mine = headersOf(own)
    assert.equal(
      checkParamHeaders(params, own, name => mine.get(name)),
      undefined,
    )
    const others = headersOf(other)
    const same = JSON.stringify([...mine]) === JSON.stringify([...others])
    assert.equal(checkParamHeaders(params, own, name => others.get(name)) === undefined, same)
  }))

test('a cursor comes back for its own list, and for no other', () =>
  holds(fc.record({ list: text, other: text, seq: fc.maxSafeInteger(), key: text }), ({ list, other, seq, key }) => {
    const cursor = encodeCursor({ list, seq, key })
    assert.match(cursor, /^[\w-]+$/)
    assert.deepEqual(decodeCursor(cursor, list), { list, seq: Object.is(seq, -0) ? 0 : seq, key })
    if (other !== list) assert.throws(() => decodeCursor(cursor, other), isInvalidCursor)
  }))

test('a cursor that anyone changed, and any other value, is refused', () =>
  holds(fc.record({ value: fc.anything(), key: text, place: fc.nat(), char: fc.base64String({ minLength: 4, maxLength: 4 }) }), each => {
    if (each.value !== undefined) assert.throws(() => decodeCursor(each.value, 'tools'), isInvalidCursor)
    const cursor = encodeCursor({ list: 'tools', seq: 1, key: each.key })
    const at = each.place % cursor.length
    const changed = cursor.slice(0, at) + each.char[0] + cursor.slice(at + 1)
    if (changed !== cursor) assert.throws(() => decodeCursor(changed, 'tools'), isInvalidCursor)
  }))

const isInvalidCursor = (error: unknown): boolean => Fault.is(error) && error.fault === 'INVALID_CURSOR'

test('bytes come back from base64, in both spellings, and each is spelled in one way', () =>
  holds(fc.uint8Array({ maxLength: 100 }), bytes => {
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'))
    assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString('base64url'))
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes)
    assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes)
  }))

test('a text that is read as base64 is the one that would have been written', () =>
  holds(
    fc.oneof(
      wildText,
      fc.base64String(),
      fc.base64String().map(each => each.replace(/=/g, '')),
    ),
    text => {
      const bytes = fromBase64(text)
      if (bytes !== undefined) assert.equal(toBase64(bytes), text)
      const other = fromBase64Url(text)
      if (other !== undefined) assert.equal(toBase64Url(other), text)
    },
  ))

const binding = fc.record({
  principal: fc.option(fc.record({ id: text, clientId: text }, { requiredKeys: ['id'] }), { nil: undefined }),
  method: fc.constantFrom('tools/call', 'prompts/get'),
  params: jsonObject,
}) as fc.Arbitrary<Binding>
const secret = fc.constantFrom('a first secret of thirty-two characters', 'another secret, also of thirty-two characters')

test('a sealed state opens with what was put in, for the same call of the same caller, and for no other', () =>
  holds(
    fc.record({
      answers: fc.dictionary(text, jsonObject),
      done: fc.dictionary(text, jsonObject),
      binding,
      other: binding,
      secret,
      otherSecret: secret,
    }),
    async ({ answers, done, binding, other, secret, otherSecret }) => {
      const journal = new Journal()
      for (const [key, value] of Object.entries(answers)) journal.answers.set(key, value)
      for (const [key, value] of Object.entries(done)) journal.remember(key, value)
      const sealed = await new StateSeal({ secrets: [secret] }, () => 0).seal(journal, binding)
      const opening = new StateSeal({ secrets: [otherSecret, ...(secret < otherSecret ? [secret] : [])] }, () => 0)
      const knows = secret <= otherSecret
      const opened = async (by: Binding) => JSON.stringify((await opening.open(sealed, by)).toEntry())
      if (knows) assert.equal(await opened(binding), JSON.stringify(journal.toEntry()))
      else await assert.rejects(opened(binding), isInvalidState)
      if (!sameCall(binding, other)) await assert.rejects(opened(other), isInvalidState)
    },
    120,
  ))

const isInvalidState = (error: unknown): boolean => Fault.is(error) && error.fault === 'INVALID_STATE' && error.data === undefined

/** Whether two are the same call: what changes from round to round is no part of it. */
function sameCall(one: Binding, other: Binding): boolean {
  const own = ({ principal, method, params }: Binding): unknown => {
    const rest = Object.entries(params).filter(([key]) => !['_meta', 'inputResponses', 'requestState'].includes(key))
    return [principal, method, Object.fromEntries(rest)]
  }
  return isDeepStrictEqual(own(one), own(other))
}

test.run()
