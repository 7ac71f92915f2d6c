import { rules, type Who } from '@oarlock/resources'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('access')

const PEER = { revision: '2026-07-28', info: undefined, capabilities: {} } as const
const nobody: Who = { principal: undefined, peer: PEER }
const who = (principal: Partial<NonNullable<Who['principal']>>): Who => ({ principal: { id: 'ann', ...principal }, peer: PEER })

test('the first rule whose URI fits decides alone', () => {
  const access = rules([
    { uri: 'file:///hr/public/**' },
    { uri: 'file:///hr/**', roles: ['hr', 'boss'] },
    { uri: ['file:///tmp/*', /file:\/\/\/log-\d+\.txt/], scopes: ['read', 'logs'] },
    { uri: 'file:///secret/**', allow: false },
    { uri: 'file:///mine', subjects: ['ann'] },
    { uri: 'acme:**', claims: { tenant: ['acme'] } },
    { uri: 'file:///**' },
  ])
  assert.ok(access('file:///hr/public/x/y', nobody))
  assert.not(access('file:///hr/pay', nobody))
  assert.not(access('file:///hr/pay', who({ roles: ['dev'] })))
  assert.ok(access('file:///hr/pay', who({ roles: ['dev', 'boss'] })))
  assert.not(access('file:///tmp/a', who({ scopes: ['read'] })))
  assert.ok(access('file:///tmp/a', who({ scopes: ['logs', 'read'] })))
  assert.ok(access('file:///tmp/a/b', nobody))
  assert.not(access('file:///log-7.txt', nobody))
  assert.ok(access('file:///log-7.txt.old', nobody))
  assert.not(access('file:///secret/x', who({ roles: ['boss'] })))
  assert.ok(access('file:///mine', who({})))
  assert.not(access('file:///mine', who({ id: 'eve' })))
  assert.ok(access('file:///else', nobody))
  assert.not(access('http://else', nobody))
})

test('what no rule fits is refused, unless said otherwise', () => {
  assert.not(rules([])('x:a', nobody))
  assert.ok(rules([], { otherwise: 'allow' })('x:a', nobody))
})

test('row 15: claims and roles are looked up as what they are, never as what every object has', () => {
  const access = rules([{ claims: { constructor: [Object], toString: [Object.prototype.toString] } }])
  assert.not(access('x:a', who({ claims: {} })))
  const tenants = rules([{ claims: { tenant: ['acme', 7] } }])
  for (const [claims, expected] of [
    [{ tenant: 'acme' }, true],
    [{ tenant: ['other', 7] }, true],
    [{ tenant: 'other' }, false],
    [{ tenant: ['acme2'] }, false],
    [{}, false],
    [undefined, false],
  ] as const)
    assert.is(tenants('x:a', who(claims === undefined ? {} : { claims })), expected)
})

test('a rule that cannot mean what it says is refused', () => {
  assert.throws(() => rules([{ uri: '**', allow: false, roles: ['x'] }]), /allows nobody has no roles/)
  assert.throws(() => rules([{ uri: 'x:a**/b' }]), /\*\* stands alone/)
})

test('regular expressions fit whole URIs, each time anew', () => {
  const access = rules([{ uri: /x:a|x:b/g }])
  for (const uri of ['x:a', 'x:a', 'x:b']) assert.ok(access(uri, nobody))
  for (const uri of ['x:ac', 'ax:a', 'x:a\nx:b']) assert.not(access(uri, nobody))
})

test('a rule that is misspelt is refused, and leaves nothing open', () => {
  const wrong = (rule: unknown, why: RegExp) => assert.throws(() => rules([rule as never]), why)
  wrong({ uri: 'x:**', role: ['owner'] }, /access rule 1: 'role' is no member of a rule\. Did you mean 'roles'\?/)
  wrong({ uri: 'x:**', alow: false }, /'alow'.*'allow'/)
  wrong({ url: 'x:**' }, /'url'.*'uri'/)
  wrong({ uri: 'x:**', roles: 'owner' }, /roles must be a list/)
  wrong({ uri: 'x:**', allow: 'no' }, /allow must be true or false/)
  wrong({ uri: 'x:**', claims: { tenant: 'acme' } }, /claims must be lists/)
  wrong({ uri: '/notes/private/**', allow: false }, /fits no URI: begin with the scheme/)
  wrong('x:**', /must be an object/)
  assert.throws(() => rules({ uri: 'x:**' } as never), /a list of rules/)
})

test('a pattern may be written as people write paths', () => {
  const patterns = ['file:///a b/*', 'file:///geheimü/*', 'file:///geheim%c3%bc/*', 'file:///%67eheim%C3%BC/*', 'file:///100%/*']
  const uris = ['file:///a%20b/x', 'file:///geheim%C3%BC/x', 'file:///geheim%C3%BC/x', 'file:///geheim%C3%BC/x', 'file:///100%25/x']
  for (const [index, uri] of patterns.entries()) {
    const access = rules([{ uri, allow: false }, { uri: '**' }])
    assert.not(access(uris[index] as string, nobody), uri)
    assert.ok(access('file:///else/x', nobody))
  }
})

test.run()
