import { Address } from '@oarlock/resources'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('address')

test('values make a URI that reads back as the same values', () => {
  const paths = ['a', 'a/b', '100%', '50%25', 'a?b=c', 'a#b', 'ä ö', '[x]', "it's (1)", 'a&b=c;d,e', '%2e%2e', 'x%', '😀']
  for (const template of ['x://{+path}', 'x://h/{path}', 'x://h{?path}', 'x://h/{+path}{?q}', 'x://h#{path}']) {
    const address = new Address(template, undefined, ['path'])
    for (const path of paths) {
      const uri = address.uri({ path })
      assert.is(address.read(uri)?.variables['path'], path, `${template} ${uri}`)
      assert.is(address.read(uri)?.uri, uri)
    }
  }
})

test('all spellings of a URI come to one', () => {
  const address = new Address('x://h/{+path}{?q}', undefined)
  const normal = 'x://h/a/b%20c?q=1%202'
  for (const uri of [
    normal,
    'x://h/a%2Fb%20c?q=1%202',
    'x://h/%61/b%20c?q=%31%202',
    'x://h/a/b c?q=1 2',
    'x://h/a/b%20c?z=9&q=1%202&offset=5',
  ])
    assert.is(address.read(uri)?.uri, normal, uri)
})

test('T20: what leads elsewhere than it says is not read', () => {
  const address = new Address('x://h/{+path}', undefined)
  for (const path of [
    '.',
    '..',
    'a/.',
    './a',
    'a/./b',
    '%2e/a',
    'a/..',
    '../a',
    '%2e%2e%2fa',
    'a%5cb',
    'a%00',
    '/a',
    'C:/a',
    'a#b',
    'a%',
    '%c0%af',
    'x'.repeat(9_000),
  ])
    assert.is(address.read(`x://h/${path}`), undefined, path.slice(0, 20))
  assert.is(address.read('X://h/a'), undefined)
  assert.is(address.read('x://H/a'), undefined)
})

test('a variable that is not screened may hold anything', () => {
  const address = new Address('x://{+path}', undefined, ['path'])
  for (const path of ['../a', '/etc/x', 'a/./b', 'C:\\x']) assert.is(address.read(address.uri({ path }))?.variables['path'], path)
})

test('a range is read where there are parts, and never taken for the document', () => {
  const address = new Address('x://{+path}', undefined)
  assert.is(address.offered, 'x://{+path}{?offset,length}')
  assert.equal(address.read('x://a?offset=5&length=7'), {
    uri: 'x://a',
    variables: variables({ path: 'a' }),
    range: { offset: 5, length: 7 },
  })
  assert.is(address.read('x://a')?.range, undefined)
  assert.ok(Number.isNaN(address.read('x://a?offset=five')?.range?.offset))
  assert.is(address.part('x://a', { offset: 1, length: 2 }), 'x://a?offset=1&length=2')
  assert.is(address.part('x://a?q=1', { offset: 1, length: 2 }), 'x://a?q=1&offset=1&length=2')
  assert.is(new Address('x://{a}{?q}', undefined).offered, 'x://{a}{?q}{&offset,length}')
})

test('parts are left out where they would be in the way, and refused where they are wanted all the same', () => {
  for (const template of ['x:index', 'x:{a}{?offset}', 'x:{a}#{length}']) assert.not(new Address(template, undefined).parts, template)
  assert.ok(new Address('x:index', true).parts)
  assert.throws(() => new Address('x:{a}{?length}', true), /no room/)
  assert.throws(() => new Address('x:{a}#{b}', true), /no room/)
  assert.not(new Address('x:{a}', false).parts)
})

test('lists and absent variables read back', () => {
  const address = new Address('x://h{/path*}{?tag*,q}', undefined)
  const uri = address.uri({ path: ['a', 'b/c'], tag: ['1', '2'] })
  assert.is(uri, 'x://h/a/b%2Fc?tag=1&tag=2')
  assert.equal(address.read(uri)?.variables, variables({ path: ['a', 'b/c'], tag: ['1', '2'] }))
})

test('T8: variables with names of the language are variables', () => {
  const address = new Address('x://{constructor}/{__proto__}', undefined)
  const uri = address.uri(
    Object.fromEntries([
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ]),
  )
  assert.is(uri, 'x://a/b')
  assert.equal(Object.entries(address.read(uri)?.variables ?? {}), [
    ['constructor', 'a'],
    ['__proto__', 'b'],
  ])
  assert.is(address.uri({}), 'x:///')
})

function variables(values: Readonly<Record<string, string | readonly string[]>>): object {
  return Object.assign(Object.create(null) as object, values)
}

test.run()
