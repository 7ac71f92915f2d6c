/** Who calls, and how often: keys, tokens that go no further, and limits. */
import { apiKeys, bearer, hashApiKey, limit, Server, tokenBucket, type HttpOptions } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, tool } from '../../packages/http/test/wire.ts'
import { closeAll, serve } from './served.ts'

const test = suite('callers')
test.after.each(closeAll)

const SECRET = 'hunter2-hunter2'

async function keys(): Promise<HttpOptions> {
  const hash = await hashApiKey(`ci.${SECRET}`)
  return { authenticate: apiKeys(new Map([['ci', { hash, principal: { id: 'robot' } }]])) }
}

test('T32: whatever is wrong with a key, the answer is the same to the byte, and the right one lets in', async () => {
  const server = new Server({ name: 'keys', version: '1', log: false })
  server.tool('who', {}, (_, ctx) => ctx.principal?.id)
  const { port } = await serve(server, await keys())
  const { headers, body } = tool('who')
  const wrong = [
    undefined,
    '',
    'ci.',
    'ci',
    `ci.${SECRET.slice(0, -1)}`,
    `ci.${SECRET}x`,
    `CI.${SECRET}`,
    `nobody.${SECRET}`,
    '__proto__.x',
    'x'.repeat(8000),
  ]
  const refusals = await Promise.all(wrong.map(key => ask(port, { headers: { ...headers, 'x-api-key': key }, body })))
  assert.equal(new Set(refusals.map(({ status, text, headers }) => `${status} ${text} ${headers['www-authenticate']}`)).size, 1)
  assert.is(refusals[0]?.status, 401)
  assert.is((await ask(port, { headers: { ...headers, 'x-api-key': `ci.${SECRET}` }, body })).json.result.content[0].text, 'robot')
})

test('row 10, T14: no handler, middleware or guard sees a credential, so none can pass it on', async () => {
  const seen: unknown[] = []
  const server = new Server({ name: 'tokens', version: '1', log: false })
  const look = (headers: { get(name: string): string | undefined } | undefined): void => {
    for (const name of ['authorization', 'Authorization', 'AUTHORIZATION', 'cookie', 'x-api-key', 'proxy-authorization', 'dpop'])
      seen.push(headers?.get(name))
  }
  server.use((_, next, ctx) => (look(ctx.headers), next()))
  server.tool('who', { guard: { allow: (_, ctx) => (look(ctx.headers), true) } }, (_, ctx) => {
    look(ctx.headers)
    seen.push(JSON.stringify(ctx.principal), JSON.stringify(ctx.meta))
    return `${ctx.principal?.id} ${ctx.headers?.get('x-tenant')}`
  })
  const { port } = await serve(server, { authenticate: bearer(token => (token === SECRET ? { id: 'ann' } : undefined)) })
  const proofs = { authorization: `Bearer ${SECRET}`, cookie: `a=${SECRET}`, 'x-api-key': SECRET, dpop: SECRET, 'x-tenant': 'north' }
  const session = await openSession(port, '2025-11-25', { authorization: `Bearer ${SECRET}` })
  const { headers, body } = tool('who')
  for (const [sent, asked] of [
    [headers, body],
    [session, call('who')],
  ] as const) {
    assert.is((await ask(port, { headers: { ...sent, ...proofs }, body: asked })).json.result.content[0].text, 'ann north')
  }
  assert.ok(seen.length > 20)
  assert.not.match(seen.join(' '), /hunter2/)
})

test('T33: a caller that is too fast gets 429 with Retry-After, nothing runs, and others are served', async () => {
  let ran = 0
  const server = new Server({ name: 'limited', version: '1', log: false })
  server.use('tools/call', limit(tokenBucket({ perSecond: 0.01, burst: 3 })))
  server.tool('work', {}, () => String((ran += 1)))
  const { port } = await serve(server, { authenticate: head => ({ id: head.headers?.get('x-user') ?? 'ann' }) })
  const work = (user: string) => {
    const { headers, body } = tool('work')
    return ask(port, { headers: { ...headers, 'x-user': user }, body })
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => work('ann')))
  assert.is(ran, 3)
  const refused = answers.filter(({ status }) => status === 429)
  assert.is(refused.length, 17)
  for (const { headers, json } of refused) {
    assert.ok(Number(headers['retry-after']) > 0)
    assert.ok(json.error.data.retryAfterMs > 0)
  }
  assert.is((await work('bob')).status, 200)
  const { headers, body } = modern('tools/list')
  assert.is((await ask(port, { headers: { ...headers, 'x-user': 'ann' }, body })).status, 200, 'what is not limited')
  const session = await openSession(port, '2025-11-25', { 'x-user': 'ann' })
  const inSession = await ask(port, { headers: session, body: call('work') })
  assert.ok(inSession.json.error.data.retryAfterMs > 0, 'a session is no way around it')
  assert.is(ran, 4)
})

test.run()
