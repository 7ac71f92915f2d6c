/** Who shows no credentials is served as nobody where that is allowed, and asked who it is by whatever is not for everybody. */
import { apiKeys, bearer, connect, eitherOf, Fault, hashApiKey, Server, ws, type Authenticate, type Context, type Guard } from 'oarlock'
import { REVISIONS, type Authorizer } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, initialize, modern, openSession, tool, type Answer } from '../../packages/http/test/wire.ts'
import { closeAll, serve } from './served.ts'

const test = suite('anonymous callers')
test.after.each(closeAll)

const METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource'
const tokens = (optional: boolean): Authenticate =>
  bearer(token => (token.startsWith('ann') ? { id: 'ann', scopes: token === 'ann-w' ? ['write'] : [] } : undefined), {
    optional,
    resourceMetadata: METADATA,
    cache: 0,
  })

async function keys(optional: boolean): Promise<Authenticate> {
  return apiKeys(new Map([['ci', { hash: await hashApiKey('ci.s3cret'), principal: { id: 'robot' } }]]), { optional })
}

const known: Guard = { allow: (_args, ctx) => ctx.principal !== undefined || 'Sign in first' }

/** Says who must sign in by a fault of its own. */
const inItsOwnWords = (_args: unknown, { principal }: Context): boolean => {
  if (principal === undefined) throw new Fault('UNAUTHENTICATED', 'Who brings it back?')
  return true
}

function library(): Server {
  const server = new Server({ name: 'library', version: '1', log: false })
  server.tool('who', {}, (_, ctx) => ctx.principal?.id ?? 'nobody')
  server.tool('lend', { guard: known }, (_, ctx) => `lent to ${ctx.principal?.id}`)
  server.tool('return', { guard: { allow: inItsOwnWords } }, () => 'returned')
  server.tool('reserve', {}, (_, ctx) => {
    if (ctx.principal === undefined)
      throw new Fault('UNAUTHENTICATED', 'For whom?', { headers: { 'Retry-After': '1' }, data: { shelf: 3 } })
    return `reserved for ${ctx.principal.id}`
  })
  server.tool('renew', {}, () => {
    throw new Fault('UNAUTHENTICATED', undefined, { headers: { 'www-authenticate': 'Library card' } })
  })
  server.tool('edit', { guard: { requires: ['write'] } }, (_, ctx) => `edited by ${ctx.principal?.id}`)
  server.prompt('drafts', { guard: { requires: ['write'] }, complete: { a: () => ['x'] } }, () => 'drafts')
  return server
}

/** One call in each kind of conversation, by whoever the headers say. */
async function inBoth(port: number, name: string, who: Record<string, string>, opener = who): Promise<readonly Answer[]> {
  const { headers, body } = tool(name)
  const session = await openSession(port, '2025-11-25', opener)
  return Promise.all([
    ask(port, { headers: { ...headers, ...who }, body }),
    ask(port, { headers: { ...session, ...who }, body: call(name) }),
  ])
}

const textOf = ({ json }: Answer): unknown => json.result?.content[0].text

test('a request without a token is served as nobody, one with a good token as whose it is', async () => {
  const { port } = await serve(library(), { authenticate: tokens(true) })
  for (const answer of await inBoth(port, 'who', {})) assert.is(textOf(answer), 'nobody')
  for (const answer of await inBoth(port, 'who', { authorization: 'Bearer ann' })) assert.is(textOf(answer), 'ann')
  const refused = new Server({ name: 'closed', version: '1', log: false })
  const closed = await serve(refused, { authenticate: tokens(false) })
  assert.is((await ask(closed.port, modern('tools/list'))).status, 401, 'unless it is optional')
})

test('a token that is not good is refused before anything runs, in each kind of conversation', async () => {
  const { port } = await serve(library(), { authenticate: tokens(true) })
  const session = await openSession(port)
  const { headers, body } = tool('who')
  for (const [authorization, status, error] of [
    ['Bearer bob', 401, 'invalid_token'],
    ['Bearer', 400, 'invalid_request'],
    ['Bearer ann bob', 400, 'invalid_request'],
  ] as const) {
    const answers = [
      await ask(port, { headers: { ...headers, authorization }, body }),
      await ask(port, { headers: { ...session, authorization }, body: call('who') }),
      await ask(port, { headers: { authorization }, body: initialize('2025-11-25') }),
    ]
    for (const answer of answers) {
      assert.is(answer.status, status)
      assert.match(answer.headers['www-authenticate'] as string, `error="${error}"`)
    }
  }
})

test('what a guard keeps for those it knows answers nobody with 401 and the challenge, and those it knows with 403', async () => {
  const { port } = await serve(library(), { authenticate: tokens(true) })
  for (const answer of await inBoth(port, 'lend', {})) {
    assert.equal([answer.status, answer.json.error.code, answer.json.error.message], [401, 401, 'Sign in first'])
    assert.is(answer.headers['www-authenticate'], `Bearer resource_metadata="${METADATA}"`)
  }
  for (const answer of await inBoth(port, 'return', {})) {
    assert.equal([answer.status, answer.json.error.message], [401, 'Who brings it back?'])
    assert.is(answer.headers['www-authenticate'], `Bearer resource_metadata="${METADATA}"`)
  }
  for (const answer of await inBoth(port, 'edit', {})) {
    assert.equal([answer.status, answer.json.error.data], [401, { requiredScopes: ['write'] }])
    assert.is(answer.headers['www-authenticate'], `Bearer resource_metadata="${METADATA}", scope="write"`)
  }
  for (const answer of await inBoth(port, 'edit', { authorization: 'Bearer ann' })) assert.is(answer.status, 403)
  for (const answer of await inBoth(port, 'lend', { authorization: 'Bearer ann' })) assert.is(textOf(answer), 'lent to ann')
  for (const answer of await inBoth(port, 'edit', { authorization: 'Bearer ann-w' })) assert.is(textOf(answer), 'edited by ann')
  const completion = { ref: { type: 'ref/prompt', name: 'drafts' }, argument: { name: 'a', value: '' } }
  assert.is(
    (await ask(port, modern('completion/complete', completion))).headers['www-authenticate'],
    `Bearer resource_metadata="${METADATA}", scope="write"`,
  )
})

test('a handler that refuses nobody in its own words need not know the challenge, and may have one of its own', async () => {
  const { port } = await serve(library(), { authenticate: tokens(true) })
  for (const answer of await inBoth(port, 'reserve', {})) {
    const { message, data } = answer.json.error
    assert.equal([answer.status, message, data, answer.headers['retry-after']], [401, 'For whom?', { shelf: 3 }, '1'])
    assert.is(answer.headers['www-authenticate'], `Bearer resource_metadata="${METADATA}"`)
  }
  for (const answer of await inBoth(port, 'renew', {}))
    assert.equal([answer.status, answer.headers['www-authenticate']], [401, 'Library card'])
  const ann = { authorization: 'Bearer ann' }
  for (const answer of await inBoth(port, 'reserve', ann)) assert.is(textOf(answer), 'reserved for ann')
  for (const answer of await inBoth(port, 'renew', ann))
    assert.equal([answer.status, answer.headers['www-authenticate']], [401, 'Library card'])
})

test('T5: a session of nobody is not that of whoever signs in, nor the other way round', async () => {
  const { port } = await serve(library(), { authenticate: tokens(true) })
  const ann = { authorization: 'Bearer ann' }
  for (const [opener, caller] of [
    [{}, ann],
    [ann, {}],
  ] as const) {
    const session = await openSession(port, '2025-11-25', opener)
    const { authorization, ...bare } = session
    void authorization
    assert.is((await ask(port, { headers: { ...bare, ...caller }, body: call('who') })).status, 404)
  }
})

test('of several authenticators the one that finds credentials decides, in whatever order they stand', async () => {
  for (const authenticate of [eitherOf(tokens(true), await keys(true)), eitherOf(await keys(true), tokens(true))]) {
    const { port } = await serve(library(), { authenticate })
    const who = async (headers: Record<string, string>): Promise<unknown[]> =>
      (await inBoth(port, 'who', headers, {}).catch(() => [])).map(answer => textOf(answer) ?? answer.status)
    assert.equal(await who({}), ['nobody', 'nobody'])
    const { headers, body } = tool('who')
    const once = async (shown: Record<string, string>) => {
      const answer = await ask(port, { headers: { ...headers, ...shown }, body })
      return textOf(answer) ?? answer.status
    }
    assert.is(await once({ authorization: 'Bearer ann' }), 'ann')
    assert.is(await once({ 'x-api-key': 'ci.s3cret' }), 'robot')
    assert.is(await once({ authorization: 'Bearer bob' }), 401)
    assert.is(await once({ 'x-api-key': 'ci.wrong' }), 401)
    assert.is(await once({ 'x-api-key': '' }), 401)
    const refused = await ask(port, tool('edit'))
    const [one, two] = [`Bearer resource_metadata="${METADATA}", scope="write"`, 'ApiKey']
    assert.ok([`${one}, ${two}`, `${two}, ${one}`].includes(refused.headers['www-authenticate'] as string))
  }
})

test('as long as one of several insists, nobody is refused, with the challenges of all', async () => {
  for (const [first, second] of [
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const { port } = await serve(library(), { authenticate: eitherOf(tokens(first), await keys(second)) })
    const refused = await ask(port, tool('who'))
    assert.is(refused.status, 401)
    assert.is(refused.headers['www-authenticate'], `Bearer resource_metadata="${METADATA}", ApiKey`)
    const { headers, body } = tool('who')
    assert.is(textOf(await ask(port, { headers: { ...headers, 'x-api-key': 'ci.s3cret' }, body })), 'robot')
    assert.is(textOf(await ask(port, { headers: { ...headers, authorization: 'Bearer ann' }, body })), 'ann')
  }
})

test('a client begins as nobody, and signs in when a guard asks it to, without a call being lost', async () => {
  const { url } = await serve(library(), { authenticate: tokens(true) })
  for (const revision of REVISIONS) {
    let token: string | undefined
    const asked: unknown[] = []
    const auth: Authorizer = {
      headers: () => (token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      answered(_request, _sent, { status, headers }) {
        if (status !== 401) return false
        asked.push(headers.get('www-authenticate'))
        token = 'ann'
        return true
      },
    }
    const client = await connect(url, { revision, auth })
    assert.is(await client.call('who'), 'nobody')
    assert.is(await client.call('lend'), 'lent to ann')
    assert.is(await client.call('who'), 'ann')
    assert.equal(asked, [`Bearer resource_metadata="${METADATA}"`])
    await client.close()
  }
})

test('over WebSocket nobody gets a connection, and 401 where a guard wants to know who asks', async () => {
  const server = library()
  const [listener] = await server.listen(ws({ port: 0, authenticate: tokens(true) }))
  try {
    for (const revision of ['2026-07-28', '2025-11-25'] as const) {
      const client = await connect(listener!.address, { revision })
      assert.is(await client.call('who'), 'nobody')
      for (const name of ['lend', 'edit']) {
        const fault = await client.call(name).catch((cause: unknown) => cause)
        assert.is((fault as { code?: unknown }).code, 401)
      }
      await client.close()
      const ann = await connect(listener!.address, { revision, headers: { Authorization: 'Bearer ann' } })
      assert.is(await ann.call('lend'), 'lent to ann')
      assert.is(((await ann.call('edit').catch((cause: unknown) => cause)) as { code?: unknown }).code, 403)
      await ann.close()
    }
    const refused = await connect(listener!.address, { headers: { Authorization: 'Bearer bob' } }).catch((cause: unknown) => cause)
    assert.match(String(refused), '401')
  } finally {
    await server.close({ within: 100 })
  }
})

test('an authenticator that says nothing lets nobody in, and one that is refused elsewhere stays refused', async () => {
  const silent = (() => undefined) as unknown as Authenticate
  for (const authenticate of [silent, eitherOf(silent), eitherOf(tokens(true), silent)]) {
    const { port } = await serve(library(), { authenticate })
    assert.is((await ask(port, tool('who'))).status, 500)
  }
  const { port } = await serve(library(), { authenticate: eitherOf(() => new Fault('UNAUTHENTICATED'), tokens(true)) })
  assert.is((await ask(port, tool('who'))).status, 401)
  assert.throws(() => eitherOf(), 'needs authenticators')
})

test('a word that stands for no does not make a token optional', async () => {
  const { port } = await serve(library(), { authenticate: bearer(() => ({ id: 'ann' }), { optional: 'false' as unknown as boolean }) })
  assert.is((await ask(port, tool('who'))).status, 401)
})

test.run()
