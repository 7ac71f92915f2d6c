import { isText, isTextual, typeByContent, typesByName } from '@oarlock/resources'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('media types')

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test('names tell types, as programmers mean them', async () => {
  const typeOf = await typesByName()
  for (const [name, type] of [
    ['a.md', 'text/markdown'],
    ['deep/a.TS', 'text/typescript'],
    ['a.tar.gz', 'application/gzip'],
    ['a.rs', 'text/x-rust'],
    ['a.JSON', 'application/json'],
    ['LICENSE', undefined],
    ['a.b/c', undefined],
    ['a.', undefined],
    ['a.unknown-to-all', undefined],
    ['a.__proto__', undefined],
    ['a.constructor', undefined],
  ] as const)
    assert.is(typeOf(name), type, name)
})

test('content tells types', () => {
  for (const [content, type] of [
    ['\x89PNG\r\n\x1a\n...', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['RIFF....WEBPVP8 ', 'image/webp'],
    ['%PDF-1.7', 'application/pdf'],
    ['SQLite format 3\0', 'application/vnd.sqlite3'],
    ['BMW is a maker of cars', 'text/plain'],
    ['BM\x00\x01\x02', 'image/bmp'],
    ['just text\n', 'text/plain'],
    ['', 'text/plain'],
    ['\x00\x01', 'application/octet-stream'],
    ['\xff\xfeh\x00i\x00', 'application/octet-stream'],
  ] as const)
    assert.is(typeByContent(bytes(content)), type, content)
})

test('text that is cut off in the middle of a character is text', () => {
  const text = Buffer.from('grüße 😀')
  for (let end = 0; end <= text.length; end += 1) assert.ok(isText(text.subarray(0, end)), `${end}`)
  assert.not(isText(bytes('gr\xfc\xdfe')))
})

test('types of text are known as such', () => {
  for (const type of [
    'text/x-any',
    'application/json; charset=utf-8',
    'application/ld+json',
    'image/svg+xml',
    'APPLICATION/XML',
    'application/x-ndjson',
    'application/yaml',
  ])
    assert.ok(isTextual(type), type)
  for (const type of ['image/png', 'application/octet-stream', 'application/jsonx', 'application/pdf']) assert.not(isTextual(type), type)
})

test.run()
