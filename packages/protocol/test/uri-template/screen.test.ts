/** Values that lead out of a directory. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileTemplate } from '../../src/uri-template.ts'
import { type Hazard, screen } from '../../src/uri-template/screen.ts'

const test = suite('uri template: screen')

const table: Readonly<Record<Hazard, readonly string[]>> = {
  traversal: [
    '..',
    '../a',
    'a/..',
    'a/../b',
    'a//..',
    '...',
    '.. ',
    'a/.. /b',
    '..../x',
    '../../etc/passwd',
    '%2e%2e/a',
    '..%2fa',
    'a%2F..',
    '.%2E',
    'a/%2e./b',
    '100%/%2e%2e',
  ],
  absolute: ['/', '/etc/passwd', '//host/share', '%2fetc'],
  drive: ['C:', 'c:/x', 'C:x', 'z:\u0000'.slice(0, 2), 'C%3A/x'],
  backslash: ['\\', 'a\\b', '..\\a', '\\\\host\\share', '%5c', '..%5Ca'],
  nul: ['\0', 'a\0.txt', '%00', 'a%00.txt'],
}

for (const [hazard, values] of Object.entries(table)) {
  test(`T20: ${hazard} is recognised`, () => {
    for (const value of values) assert.is(screen(value), hazard, JSON.stringify(value))
  })
}

test('ordinary values are let through', () => {
  const fine = [
    '',
    'a',
    'a/b',
    'a/b/',
    '.',
    './a',
    'a/.',
    '.hidden',
    'a..b',
    '..a',
    'a..',
    'a/..b',
    'v1.2..3',
    '1:2',
    'ab:c',
    'é:',
    'https://x/y',
    '50%',
    '%41',
    '100%25',
    'a b',
  ]
  for (const value of fine) assert.is(screen(value), undefined, JSON.stringify(value))
})

test('T20: what a client hides in a URI is seen once the template has decoded it', () => {
  const file = compileTemplate('files://{name}')
  const path = compileTemplate('files:///{+path}')
  assert.is(screen(file.match('files://..%2F..%2Fetc%2Fpasswd')?.['name'] as string), 'traversal')
  assert.is(screen(file.match('files://%252e%252e%252fetc')?.['name'] as string), 'traversal')
  assert.is(screen(file.match('files://%00')?.['name'] as string), 'nul')
  assert.is(screen(path.match('files:///a/%2e%2e/b')?.['path'] as string), 'traversal')
  assert.is(screen(path.match('files:////etc/passwd')?.['path'] as string), 'absolute')
  assert.is(screen(path.match('files:///C:/x')?.['path'] as string), 'drive')
  assert.is(screen(path.match('files:///docs/a.md')?.['path'] as string), undefined)
})

test.run()
