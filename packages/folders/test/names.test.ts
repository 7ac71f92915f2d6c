import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isPlainName, MOST_DEPTH, plainSegments } from '@oarlock/folders'

const test = suite('names')

test('T20: a name that one system reads as something else is plain on none', () => {
  for (const name of [
    '',
    '.',
    '..',
    'a/b',
    'a\\b',
    'C:',
    'a:b',
    'a\0',
    'a\n',
    '\u007f',
    'nul',
    'NUL.txt',
    'Com1',
    'lpt¹.log',
    'aux .x',
    'a.',
    'a ',
  ])
    assert.not(isPlainName(name), JSON.stringify(name))
  for (const name of ['a', 'a b', '.env', '...x', 'console', 'com10', 'caf\u00e9', 'cafe\u0301', 'x~1', '日本語', '🚣'])
    assert.ok(isPlainName(name), name)
})

test('T20: what stands for bytes that are no text, and half of a character, is in no name', () => {
  for (const name of ['o\ufffdd', '\ud83d', 'x\udea3']) assert.not(isPlainName(name), JSON.stringify(name))
})

test('a path is plain when all of its segments are, and it is not too long or too deep', () => {
  assert.equal(plainSegments('a/b.txt'), ['a', 'b.txt'])
  for (const path of ['', '/', 'a/', '/a', 'a//b', 'a/../b', 'x'.repeat(256), Array.from({ length: MOST_DEPTH + 1 }, () => 'a').join('/')])
    assert.is(plainSegments(path), undefined, path.slice(0, 20))
  assert.is(plainSegments(Array.from({ length: 20 }, () => 'x'.repeat(250)).join('/')), undefined)
})

test.run()
