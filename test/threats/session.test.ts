/** Sessions belong to whoever opened them: their ids cannot be guessed, carried off or replayed, by anybody else. */
import { memoryEventLog, type Authenticate } from '@oarlock/protocol'
import { Fault, Type, type Server } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, initialize, openSession, stream, type Ask, type Events } from '../../packages/http/test/wire.ts'
import { house } from './house.ts'
import { closeAll, serve } from './served.ts'

const test = suite('sessions')
test.after.each(closeAll)

type Headers = Record<string, string>

/** `Bearer SUBJECT` or `Bearer SUBJECT/CLIENT`: who a request acts for. */
const authenticate: Authenticate = head => {
  const [, id, clientId] = /^Bearer (\w+)(?:\/(\w+))?$/.exec(head.headers?.get('authorization') ?? '') ?? []
  return id === undefined ? new Fault('UNAUTHENTICATED') : { id, ...(clientId === undefined ? {} : { clientId }) }
}
const as = (who: string): Headers => ({ authorization: `Bearer ${who}` })

/** A tool that talks before it answers, so that its answer is a stream of events with ids. */
function talkative(server: Server): void {
  server.tool('talk', { input: Type.Object({ secret: Type.String() }) }, async ({ secret }, ctx) => {
    await ctx.progress(1, 2, `on the way: ${secret}`)
    return `the answer: ${secret}`
  })
}

/** Calls it, and gives the ids of the events of its answer. */
async function talk(port: number, headers: Headers, secret: string): Promise<string[]> {
  const body = call('talk', { secret })
  const events = await stream(port, { headers, body: { ...body, params: { ...body.params, _meta: { progressToken: 1 } } } })
  const ids: string[] = []
  for (let event = await events.next(); event !== undefined; event = await events.next()) if (event.id !== undefined) ids.push(event.id)
  assert.match(events.raw, new RegExp(`the answer: ${secret}`))
  return ids
}

const resume = (port: number, headers: Headers, id: string): Promise<Events> =>
  stream(port, { method: 'GET', headers: { ...headers, accept: 'text/event-stream', 'last-event-id': id } })

test('row 6, T6: an event id of another session gives nothing, though all sessions share one log', async () => {
  const { server } = house()
  talkative(server)
  const { port } = await serve(server, { sessions: { eventLog: memoryEventLog() } })
  const victim = await openSession(port)
  const attacker = await openSession(port)
  const ids = await talk(port, victim, 'topsecret')
  assert.ok(ids.length >= 2)
  // Its own stream exists, too: what is refused is the id and not the request.
  await talk(port, attacker, 'own')
  for (const id of ids) {
    const answer = await resume(port, attacker, id)
    assert.is(answer.status, 400)
    await answer.ended
    assert.not.match(answer.raw, /topsecret/)
  }
  const own = await resume(port, victim, ids[0] as string)
  assert.is(own.status, 200)
  await own.until(/the answer: topsecret/)
  own.leave()
})

test('row 6, T6: an event id is worth nothing to another principal, nor to the same one through another client', async () => {
  const { server } = house()
  talkative(server)
  const { port } = await serve(server, { authenticate })
  const victim = await openSession(port, '2025-11-25', as('ann/app'))
  const [id] = (await talk(port, victim, 'topsecret')) as [string, ...string[]]
  for (const who of [as('mallory/app'), as('ann/other'), as('ann'), {}]) {
    const answer = await resume(port, { 'mcp-session-id': victim['mcp-session-id'] as string, ...who }, id)
    assert.is(answer.status, 'authorization' in who ? 404 : 401)
    await answer.ended
    assert.not.match(answer.raw, /topsecret/)
  }
})

test('row 6, T6: event ids that were never given out are refused alike', async () => {
  const { server } = house()
  talkative(server)
  const { port } = await serve(server)
  const session = await openSession(port)
  const [id] = (await talk(port, session, 'x')) as [string, ...string[]]
  const changed = [`${id}0`, id.slice(0, -1), id.toUpperCase() + 'X', '0', '1', '-1', '__proto__', 'get', '*', '../x', 'x'.repeat(5000)]
  for (const other of changed) {
    const answer = await resume(port, session, other)
    assert.is(answer.status, 400, other.slice(0, 40))
    answer.leave()
  }
})

test('row 7, T5: somebody else, or nobody, cannot use a session whose id they know, and cannot tell that there is one', async () => {
  const { server, ran } = house()
  const { port } = await serve(server, { authenticate })
  const victim = await openSession(port, '2025-11-25', as('ann'))
  const stolen = { 'mcp-session-id': victim['mcp-session-id'] as string, 'mcp-protocol-version': '2025-11-25' }
  const uses: Ask[] = [
    { body: call('admin') },
    { body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } } },
    { body: { jsonrpc: '2.0', id: 1, result: {} } },
    { method: 'GET', headers: { accept: 'text/event-stream' } },
    { method: 'DELETE' },
  ]
  for (const use of uses) {
    const made = await ask(port, { ...use, headers: { ...use.headers, ...as('mallory'), ...stolen } })
    const none = await ask(port, { ...use, headers: { ...use.headers, ...as('mallory'), ...stolen, 'mcp-session-id': '0'.repeat(32) } })
    assert.equal([made.status, made.json.error.code], [404, -32001])
    assert.equal([made.status, made.text], [none.status, none.text], 'as if there were none')
    assert.is((await ask(port, { ...use, headers: { ...use.headers, ...stolen } })).status, 401, 'a session authenticates nobody')
  }
  assert.equal(ran, [])
  assert.is((await ask(port, { headers: victim, body: call('admin') })).status, 200, 'the session lives on')
})

test('row 7, T5: the id that a client chooses is never adopted', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const chosen = { 'mcp-session-id': 'fixed-by-the-attacker' }
  assert.is((await ask(port, { headers: chosen, body: initialize('2025-11-25') })).status, 400)
  assert.is((await ask(port, { headers: { ...chosen, 'mcp-protocol-version': '2025-11-25' }, body: call('echo') })).status, 404)
})

test('row 7, T5: a second GET is refused and takes nothing from the first', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const session = { ...(await openSession(port)), accept: 'text/event-stream' }
  const first = await stream(port, { method: 'GET', headers: session })
  const second = await stream(port, { method: 'GET', headers: session })
  assert.equal([first.status, second.status], [200, 409])
  server.tool('later', {}, () => 'x')
  await first.until(/notifications\/tools\/list_changed/)
  assert.not.match(second.raw, /list_changed/)
  first.leave()
  second.leave()
})

test('row 7: one principal cannot take the sessions of all', async () => {
  const { server } = house()
  const { port } = await serve(server, { authenticate, sessions: { max: 10, maxPerPrincipal: 2 } })
  const open = (who: string) => ask(port, { headers: as(who), body: initialize('2025-11-25') })
  assert.equal([(await open('mallory')).status, (await open('mallory')).status], [200, 200])
  const third = await open('mallory')
  assert.is(third.status, 503)
  assert.ok(Number(third.headers['retry-after']) > 0)
  assert.is((await open('ann')).status, 200)
})

test('T4: session ids are 128 random bits of plain letters: none twice, none with a pattern', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const ids: string[] = []
  for (let i = 0; i < 300; i++) ids.push(String((await ask(port, { body: initialize('2025-11-25') })).headers['mcp-session-id']))
  assert.is(new Set(ids).size, 300)
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/)
  // Each bit is set about half of the time: with 300 ids, fewer than 90 or more than 210 happens once in 10^11.
  for (let bit = 0; bit < 128; bit++) {
    const set = ids.filter(id => (Number.parseInt(id[bit >> 2] as string, 16) >> (bit & 3)) & 1).length
    assert.ok(set > 90 && set < 210, `bit ${bit} is set in ${set} of 300`)
  }
})

test('T4, T8: ids that are no ids are unknown, and break nothing', async () => {
  const { server } = house()
  const { port } = await serve(server)
  const session = await openSession(port)
  for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', '*', '..', 'x'.repeat(8000)]) {
    assert.is((await ask(port, { headers: { ...session, 'mcp-session-id': id }, body: call('echo') })).status, 404, id.slice(0, 20))
    assert.is((await ask(port, { method: 'DELETE', headers: { ...session, 'mcp-session-id': id } })).status, 404)
  }
  assert.is((await ask(port, { headers: session, body: call('echo', { text: 'x' }) })).status, 200)
})

test.run()
