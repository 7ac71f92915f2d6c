/** Values in headers: what travels plain, what is wrapped, and what is refused. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeHeaderValue, encodeHeaderValue, sameHeaderValue } from '../src/header-value.ts'
import { Random } from './random.ts'

const test = suite('header value')

const wrapped = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`

test('visible ASCII with inner spaces travels as it is', () => {
  for (const text of ['add', 'us-west1', 'two words', '', '~!', 'a=?b', 'https://x/y?z=1']) {
    assert.is(encodeHeaderValue(text), text)
    assert.is(decodeHeaderValue(text), text)
  }
})

test('numbers are decimal and booleans are words', () => {
  assert.is(encodeHeaderValue(42), '42')
  assert.is(encodeHeaderValue(-0), '0')
  assert.is(encodeHeaderValue(-9007199254740991), '-9007199254740991')
  assert.is(encodeHeaderValue(true), 'true')
  assert.is(encodeHeaderValue(false), 'false')
})

test('numbers that the protocol does not let travel are refused', () => {
  for (const number of [0.5, 2 ** 53, NaN, Infinity]) assert.throws(() => encodeHeaderValue(number), /Only integers within/)
})

test('C-XH-03: other characters and edge white space are wrapped as base64 of UTF-8', () => {
  assert.is(encodeHeaderValue('Hello, 世界'), '=?base64?SGVsbG8sIOS4lueVjA==?=')
  for (const text of [
    ' padded ',
    ' leading',
    'trailing ',
    '\ttab',
    'in\tside',
    'line1\nline2',
    'cr\rlf\n',
    '\0',
    '\x7f',
    'é',
    '😀',
    '\ufeffbom',
  ]) {
    assert.is(encodeHeaderValue(text), wrapped(text))
    assert.is(decodeHeaderValue(wrapped(text)), text)
  }
})

test('text that looks wrapped is wrapped once more', () => {
  for (const text of ['=?base64?SGVsbG8=?=', '=?base64??=', '=?base64?x?=', '=?base64?=']) {
    assert.is(encodeHeaderValue(text), wrapped(text))
    assert.is(decodeHeaderValue(encodeHeaderValue(text)), text)
  }
})

test('S-XH-09: half a pair of markers, or markers in another case, are ordinary text', () => {
  for (const text of ['=?base64?SGVsbG8=', 'SGVsbG8=?=', '=?BASE64?SGVsbG8=?=', '=?base64?=', '=?utf-8?Q?x?=']) {
    assert.is(decodeHeaderValue(text), text)
  }
})

test('S-HDR-10: spaces and tabs around a value are stripped', () => {
  assert.is(decodeHeaderValue(' \t add\t '), 'add')
  assert.is(decodeHeaderValue('  '), '')
  assert.is(decodeHeaderValue(` ${wrapped(' kept ')} `), ' kept ')
})

test('S-HDR-11: characters that no header value may have are refused', () => {
  for (const text of ['a\nb', 'a\rb', 'a\0b', 'a\tb', 'é', '世', 'a\x7f', '\n', 'a\u00a0']) assert.is(decodeHeaderValue(text), undefined)
})

test('S-HDR-11: base64 must be canonical, padded and UTF-8', () => {
  for (const payload of ['SGVsbG8', 'SGVs!!!bG8=', 'SGVs bG8=', 'SGVsbG9=', 'SGVsbG8==', '====', 'a', '_-8=', '//4=', '7aCA', 'wIA=']) {
    assert.is(decodeHeaderValue(`=?base64?${payload}?=`), undefined, payload)
  }
  assert.is(decodeHeaderValue('=?base64??='), '')
})

test('S-XH-08: integers compare by number, and only exactly', () => {
  for (const text of ['42', '42.0', '42.000', ' 42 ', '042', wrapped('42')]) assert.ok(sameHeaderValue(text, 42), text)
  assert.ok(sameHeaderValue('-0', 0))
  for (const text of ['', ' ', '43', '42.5', '0x2a', '4.2e1', '+42', '42.', '.42', '42n', '42.0000000000000000001', '4２']) {
    assert.not.ok(sameHeaderValue(text, 42), text)
  }
  assert.not.ok(sameHeaderValue('', 0))
  assert.not.ok(sameHeaderValue('9007199254740993', 9007199254740992))
  assert.not.ok(sameHeaderValue('9007199254740992', 9007199254740991))
})

test('strings compare exactly and booleans as words', () => {
  assert.ok(sameHeaderValue('Add', 'Add'))
  assert.not.ok(sameHeaderValue('add', 'Add'))
  assert.not.ok(sameHeaderValue('42.0', '42'))
  assert.ok(sameHeaderValue('true', true))
  assert.not.ok(sameHeaderValue('TRUE', true))
  assert.not.ok(sameHeaderValue('1', true))
  assert.not.ok(sameHeaderValue('', false))
})

test('T10: a wrapped value equals its text, never its own spelling', () => {
  assert.ok(sameHeaderValue(wrapped('add'), 'add'))
  assert.not.ok(sameHeaderValue(wrapped('add'), wrapped('add')))
  assert.not.ok(sameHeaderValue('add, add', 'add'))
})

test('whatever text goes in comes back, in printable ASCII', () => {
  const random = new Random(7)
  const alphabet = ['a', 'Z', '0', ' ', '=', '?', '=?base64?', '?=', '\t', '\n', 'é', '世', '😀', '\0']
  for (let i = 0; i < 5000; i++) {
    const text = random.text(alphabet, 0, 12)
    const header = encodeHeaderValue(text)
    assert.ok(/^[\x20-\x7e]*$/.test(header))
    assert.is(decodeHeaderValue(header), text)
    assert.ok(sameHeaderValue(header, text))
  }
})

test('a value of a million characters is wrapped and read back', () => {
  const text = '世'.repeat(1_000_000)
  assert.is(decodeHeaderValue(encodeHeaderValue(text)), text)
})

test.run()
