/** Bearer tokens: how they are read, when they are verified, and what a refusal says. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Anonymous } from '../src/anonymous.ts'
import { bearer, type BearerOptions, type VerifyToken } from '../src/bearer.ts'
import { Fault } from '../src/fault.ts'
import type { Head } from '../src/head.ts'
import { fakeClock } from '../src/port/fake-clock.ts'

const test = suite('bearer')

function headOf(authorization?: string): Head {
  return { transport: 'http', headers: { get: name => (name.toLowerCase() === 'authorization' ? authorization : undefined) } }
}

async function ask(verify: VerifyToken, authorization: string | undefined, options: BearerOptions = {}): Promise<any> {
  return bearer(verify, options)(headOf(authorization))
}

const never: VerifyToken = () => assert.unreachable() as never
const headerOf = (fault: Fault): string | undefined => fault.headers?.['WWW-Authenticate']

test('S-AUTH-04: without a token there is a challenge without an error', async () => {
  const options = { realm: 'mcp', resourceMetadata: 'https://x/.well-known/oauth-protected-resource', scope: ['a', 'b'] }
  for (const header of [undefined, '', 'Basic dXNlcjpwYXNz', 'Bearertoken']) {
    const fault = await ask(never, header, options)
    assert.is(fault.fault, 'UNAUTHENTICATED')
    assert.is(headerOf(fault), 'Bearer realm="mcp", resource_metadata="https://x/.well-known/oauth-protected-resource", scope="a b"')
  }
  assert.is(headerOf(await ask(never, undefined)), 'Bearer')
})

test('what a verifier gives back later need not be a promise', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- it is awaited
  const later = { then: (heard: (found: object) => void): void => queueMicrotask(() => heard({ id: 'ann' })) }
  assert.is((await ask(() => later as never, 'Bearer t')).id, 'ann')
})

test('S-AUTH-09: a malformed header is 400, and the verifier never sees it', async () => {
  for (const header of ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer =x', 'Bearer a"b', 'Bearer ü', 'bearer a\tb']) {
    const fault = await ask(never, header)
    assert.is(fault.fault, 'INVALID_REQUEST', header)
    assert.match(headerOf(fault) as string, /error="invalid_request"/)
  }
})

test('a good token stands for its principal, whatever the case of the scheme', async () => {
  const verify: VerifyToken = token => ({ id: token })
  for (const header of ['Bearer abc.DEF-1~2+3/4==', 'bearer   abc.DEF-1~2+3/4==', 'BEARER abc.DEF-1~2+3/4=='])
    assert.is((await ask(verify, header)).id, 'abc.DEF-1~2+3/4==')
  assert.is((await ask(token => Promise.resolve({ id: token }), 'Bearer t')).id, 't')
})

test('a token that is not good, or no longer, is 401 invalid_token', async () => {
  const clock = fakeClock()
  for (const verify of [() => undefined, () => Promise.resolve(undefined), () => ({ id: 'a', expiresAt: clock.now() })] as VerifyToken[]) {
    const fault = await ask(verify, 'Bearer t', { clock })
    assert.is(fault.fault, 'UNAUTHENTICATED')
    assert.match(headerOf(fault) as string, /error="invalid_token"/)
  }
})

test('S-AUTH-06: a token without a scope that is needed is 403 and says which', async () => {
  const scopes =
    (...scopes: string[]): VerifyToken =>
    () => ({ id: 'a', scopes })
  for (const verify of [scopes(), scopes('a'), (() => ({ id: 'a' })) as VerifyToken]) {
    const fault = await ask(verify, 'Bearer t', { scope: 'a b' })
    assert.is(fault.fault, 'FORBIDDEN')
    assert.match(headerOf(fault) as string, /scope="a b", error="insufficient_scope"/)
  }
  assert.is((await ask(scopes('b', 'c', 'a'), 'Bearer t', { scope: 'a b' })).id, 'a')
})

test('a fault of the verifier passes, with the challenge it owes', async () => {
  const bare = await ask(() => new Fault('FORBIDDEN', 'No "guests"'), 'Bearer t')
  assert.is(bare.fault, 'FORBIDDEN')
  assert.match(headerOf(bare) as string, /error_description="No \\"guests\\""/)
  const own = new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': 'DPoP' } })
  assert.is(await ask(() => own, 'Bearer t'), own)
  assert.is((await ask(() => new Fault('RATE_LIMITED'), 'Bearer t')).headers, undefined)
})

test('a verified token is believed for a while, never beyond its expiry; a refused one is asked about again', async () => {
  const clock = fakeClock()
  let asked = 0
  let good = true
  const verify: VerifyToken = token => {
    asked += 1
    return good ? { id: token, ...(token === 'short' ? { expiresAt: clock.now() + 10_000 } : {}) } : undefined
  }
  const authenticate = bearer(verify, { clock, cache: '1m' })
  const ask = (token: string) => authenticate(headOf(`Bearer ${token}`)) as any
  for (let i = 0; i < 3; i++) assert.is(ask('long').id, 'long')
  assert.is(asked, 1)
  clock.advance(59_999)
  ask('long')
  assert.is(asked, 1)
  clock.advance(1)
  ask('long')
  assert.is(asked, 2)
  ask('short')
  clock.advance(10_000)
  good = false
  assert.ok(Fault.is(ask('short')))
  assert.ok(Fault.is(ask('short')))
  assert.is(asked, 5)
})

test('memory of tokens is bounded, and the least recently used goes first', () => {
  let asked: string[] = []
  const authenticate = bearer(
    token => {
      asked.push(token)
      return { id: token }
    },
    { cacheSize: 2 },
  )
  for (const token of ['a', 'b', 'a', 'c', 'a', 'b']) void authenticate(headOf(`Bearer ${token}`))
  assert.equal(asked, ['a', 'b', 'c', 'b'])
  asked = []
  const forgetful = bearer(
    token => {
      asked.push(token)
      return { id: token }
    },
    { cache: 0 },
  )
  for (let i = 0; i < 2; i++) void forgetful(headOf('Bearer a'))
  assert.is(asked.length, 2)
})

test('what is no length of time is refused at once', () => {
  assert.throws(() => bearer(() => undefined, { cache: '1 minute' as never }), /^cache: "1 minute" is not a duration/)
})

test('what the verifier throws is not swallowed', async () => {
  try {
    await ask(() => Promise.reject(new Error('key server down')), 'Bearer t')
    assert.unreachable()
  } catch (error) {
    assert.match(String(error), /key server down/)
  }
})

test('an option that does not exist is refused: a misspelt scope must not let everybody in', () => {
  const make = (options: object) => () => bearer(never, options)
  assert.throws(make({ scopes: 'a' }), /^'scopes' is no option of bearer\(\)\. Did you mean 'scope'\?$/)
  assert.throws(make({ resourceMetaData: 'x' }), /Did you mean 'resourceMetadata'/)
})

test('where a token is optional its absence is anonymous, with the challenge; what is shown is still looked at', async () => {
  const options = { optional: true, realm: 'mcp', scope: 'a' }
  for (const header of [undefined, '', 'Basic dXNlcjpwYXNz']) {
    const verdict = await ask(never, header, options)
    assert.ok(Anonymous.is(verdict))
    assert.equal(verdict.challenges, [{ scheme: 'Bearer', params: { realm: 'mcp', resource_metadata: undefined, scope: 'a' } }])
  }
  assert.is((await ask(never, 'Bearer a b', options)).fault, 'INVALID_REQUEST')
  assert.is((await ask(never, 'Basic x, Bearer a', options)).fault, 'INVALID_REQUEST')
  assert.is((await ask(() => undefined, 'Bearer t', options)).fault, 'UNAUTHENTICATED')
  assert.is((await ask(() => ({ id: 'a' }), 'Bearer t', options)).fault, 'FORBIDDEN')
})

test.run()
