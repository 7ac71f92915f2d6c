/** Sessions of the revisions before 2026-07-28, over both doors. */
import { bearer, fakeClock, memoryEventLog, memorySessionStore, type SessionStore } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { progress, TestService } from './service.ts'
import { ask, call, initialize, openSession, stream } from './wire.ts'

const test = suite('session')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

const SESSION = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']
const notice = (method: string, params?: unknown): unknown => ({ jsonrpc: '2.0', method, params })
const users = (head: { headers?: { get(name: string): string | undefined } | undefined }) => ({
  id: head.headers?.get('x-user') ?? 'nobody',
  claims: { iss: head.headers?.get('x-issuer') },
})

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  for (const revision of SESSION) {
    test(`${name}: a ${revision} session opens, serves, and ends`, async () => {
      const service = new TestService()
      const { port } = await open(service)
      const init = await ask(port, { body: initialize(revision) })
      assert.is(init.status, 200)
      assert.is(init.json.result.protocolVersion, revision)
      const id = String(init.headers['mcp-session-id'])
      assert.match(id, /^[0-9a-f]{32}$/, 'T4: 128 random bits')
      const headers = { 'mcp-session-id': id, ...(revision >= '2025-06-18' ? { 'mcp-protocol-version': revision } : {}) }
      const ready = await ask(port, { headers, body: notice('notifications/initialized') })
      assert.is(ready.status, 202)
      assert.is(ready.text, '')
      const answer = await ask(port, { headers, body: call('echo', { text: 'hi' }, 'a') })
      assert.is(answer.headers['content-type'], 'application/json')
      assert.is(answer.json.result.content[0].text, 'hi')
      assert.is(answer.json.id, 'a')
      assert.is(service.connections.length, 1)
      const gone = await ask(port, { method: 'DELETE', headers })
      assert.is(gone.status, 200)
      assert.ok(service.connections[0]!.isClosed)
      for (const method of ['POST', 'GET', 'DELETE'])
        assert.is((await ask(port, { method, headers, body: method === 'POST' ? call('echo') : undefined })).status, 404)
    })
  }

  test(`${name}: what does not belong to a session is refused with the number the field knows`, async () => {
    const { port } = await open(new TestService())
    const session = await openSession(port)
    const cases: [string, any, number, number][] = [
      ['no session header', { body: call('echo') }, 400, -32000],
      ['no session header on a notice', { body: notice('notifications/initialized') }, 400, -32000],
      ['no session header on GET', { method: 'GET' }, 400, -32000],
      ['no session header on DELETE', { method: 'DELETE' }, 400, -32000],
      ['unknown session', { headers: { 'mcp-session-id': 'f'.repeat(32) }, body: call('echo') }, 404, -32001],
      ['__proto__', { headers: { 'mcp-session-id': '__proto__' }, body: call('echo') }, 404, -32001],
      ['constructor', { headers: { 'mcp-session-id': 'constructor' }, body: call('echo') }, 404, -32001],
      ['a session id with spaces', { headers: { 'mcp-session-id': 'a b' }, body: call('echo') }, 404, -32001],
      ['a very long session id', { headers: { 'mcp-session-id': 'a'.repeat(5000) }, body: call('echo') }, 404, -32001],
      ['unknown version', { headers: { ...session, 'mcp-protocol-version': '1999-01-01' }, body: call('echo') }, 400, -32000],
      ['unknown version on GET', { method: 'GET', headers: { ...session, 'mcp-protocol-version': 'x' } }, 400, -32000],
      ['unknown version on DELETE', { method: 'DELETE', headers: { ...session, 'mcp-protocol-version': 'x' } }, 400, -32000],
      ['initialize in a session', { headers: session, body: initialize('2025-11-25') }, 400, -32600],
      ['initialize with an id of the client', { headers: { 'mcp-session-id': 'mine' }, body: initialize('2025-11-25') }, 400, -32600],
      ['JSON only', { headers: { ...session, accept: 'application/json' }, body: call('echo') }, 406, -32000],
      ['events only', { headers: { ...session, accept: 'text/event-stream' }, body: call('echo') }, 406, -32000],
      [
        'no JSON by weight',
        { headers: { ...session, accept: 'application/json;q=0, text/event-stream' }, body: call('echo') },
        406,
        -32000,
      ],
      ['GET without events', { method: 'GET', headers: { ...session, accept: 'application/json' } }, 406, -32000],
      ['a batch', { headers: session, body: [call('echo')] }, 400, -32600],
    ]
    for (const [label, what, status, code] of cases) {
      const answer = await ask(port, what)
      assert.is(answer.status, status, label)
      assert.is(answer.json.error.code, code, label)
      if (what.body?.id !== undefined) assert.is(answer.json.id, what.body.id, label)
    }
    for (const accept of [
      'text/event-stream, application/json',
      'application/json;q=0.5,text/event-stream; x=y',
      '*/*',
      'application/*, text/*',
    ]) {
      assert.is((await ask(port, { headers: { ...session, accept }, body: call('echo') })).status, 200, accept)
    }
    assert.is((await ask(port, { headers: { 'mcp-session-id': session['mcp-session-id'] }, body: call('echo') })).status, 200, 'S-LHT-14')
  })

  test(`${name}: initialize that the server refuses opens nothing`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const refused = await ask(port, { body: initialize('refuse') })
    assert.is(refused.json.error.code, -32602)
    assert.is(refused.headers['mcp-session-id'], undefined)
    assert.ok(service.connections[0]!.isClosed)
  })

  test(`${name}: notices about a request go on its own stream, news on the GET stream, each on exactly one (S-LHT-07)`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const get = await stream(port, { method: 'GET', headers: session })
    assert.is(get.status, 200)
    assert.is(get.headers['content-type'], 'text/event-stream')
    const first = stream(port, { headers: session, body: call('hold', {}, 1) })
    const one = await service.next()
    const second = stream(port, { headers: session, body: call('hold', {}, 2) })
    const two = await service.next()
    await two.notify(progress(2))
    await one.notify(progress(1))
    await service.connections[0]!.news('tools')
    two.answer()
    one.answer()
    const a = await first
    const b = await second
    assert.is((await a.message()).params.progress, 1)
    assert.is((await a.message()).id, 1)
    assert.is(await a.message(), undefined)
    assert.is((await b.message()).params.progress, 2)
    assert.is((await b.message()).id, 2)
    assert.is(await b.message(), undefined)
    assert.is((await get.message()).method, 'notifications/tools/list_changed')
    get.leave()
  })

  test(`${name}: a question to the client goes out on the request's stream and its answer comes in a POST of its own`, async () => {
    const { port } = await open(new TestService())
    const session = await openSession(port, '2025-06-18')
    const events = await stream(port, { headers: session, body: call('ask') })
    const question = await events.message()
    assert.is(question.method, 'roots/list')
    const replied = await ask(port, { headers: session, body: { jsonrpc: '2.0', id: question.id, result: { roots: [] } } })
    assert.is(replied.status, 202)
    assert.is((await events.message()).result.content[0].text, '{"roots":[]}')
    assert.is(await events.ended, 'end')
  })

  test(`T5: ${name}: a second GET stream is refused and the first lives on`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const get = await stream(port, { method: 'GET', headers: session })
    const second = await ask(port, { method: 'GET', headers: session })
    assert.is(second.status, 409)
    assert.is(second.json.error.code, -32000)
    await service.connections[0]!.news('tools')
    assert.is((await get.message()).method, 'notifications/tools/list_changed')
    get.leave()
  })

  test(`${name}: news that nobody listened to waits for the first GET`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    await service.connections[0]!.news('tools')
    await service.connections[0]!.news('prompts')
    const get = await stream(port, { method: 'GET', headers: session })
    assert.is((await get.message()).method, 'notifications/tools/list_changed')
    assert.is((await get.message()).method, 'notifications/prompts/list_changed')
    get.leave()
  })

  test(`T36: ${name}: a second request with an id in flight is refused, and the first is answered`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const first = ask(port, { headers: session, body: call('hold', {}, 7) })
    const held = await service.next()
    const second = await ask(port, { headers: session, body: call('echo', {}, 7) })
    assert.is(second.status, 400)
    assert.is(second.json.error.code, -32600)
    assert.is(second.json.id, 7)
    assert.is((await ask(port, { headers: session, body: call('echo', {}, '7') })).status, 200, 'a string is another id')
    held.answer()
    assert.is((await first).json.id, 7)
    assert.is((await ask(port, { headers: session, body: call('echo', {}, 7) })).status, 200, 'and free again afterwards')
  })

  test(`${name}: leaving does not cancel in a session (S-LHT-05); the notice does, and ends the stream`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const left = stream(port, { headers: session, body: call('hold', {}, 1) })
    const first = await service.next()
    await first.notify(progress(1))
    const events = await left
    await events.message()
    events.leave()
    await events.ended
    const waiting = ask(port, { headers: session, body: call('hold', {}, 2) })
    const second = await service.next()
    assert.not(first.isCancelled)
    assert.is((await ask(port, { headers: session, body: notice('notifications/cancelled', { requestId: 2 }) })).status, 202)
    assert.ok(second.isCancelled)
    assert.is((await waiting).text, '')
    second.answer()
    assert.not(first.isCancelled)
    first.answer()
  })

  test(`row 7: ${name}: a session is nobody else's, whatever they know`, async () => {
    const { port } = await open(new TestService(), { authenticate: users })
    const session = await openSession(port, '2025-11-25', { 'x-user': 'victim' })
    const held = await stream(port, { method: 'GET', headers: session })
    const others = [{ 'x-user': 'attacker' }, { 'x-user': 'nobody' }, { 'x-user': 'victim', 'x-issuer': 'https://other.example' }]
    for (const who of others) {
      for (const method of ['POST', 'GET', 'DELETE']) {
        const answer = await ask(port, {
          method,
          headers: { ...session, ...who },
          body: method === 'POST' ? call('echo') : undefined,
        })
        assert.is(answer.status, 404, `${JSON.stringify(who)} ${method}`)
        assert.is(answer.json.error.code, -32001)
      }
    }
    assert.is((await ask(port, { headers: session, body: call('echo') })).status, 200)
    held.leave()
  })

  test(`${name}: a store that fails, at once or later, costs a request its answer and nobody the session`, async () => {
    for (const fail of [
      () => Promise.reject(new Error('no store')),
      () => {
        throw new Error('no store')
      },
    ]) {
      const store: SessionStore = memorySessionStore()
      const service = new TestService()
      const { port } = await open(service, { sessions: { store } })
      const session = await openSession(port)
      const { get } = store
      store.get = fail
      const { status, json } = await ask(port, { headers: session, body: call('echo') })
      assert.equal([status, json.error.code, json.id], [500, -32603, 1])
      assert.is(service.reports.length, 1)
      store.get = get
      assert.is((await ask(port, { headers: session, body: call('echo') })).status, 200)
    }
  })

  test(`T7: ${name}: two sessions with the same ids never see each other's messages`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const sessions = await Promise.all(Array.from({ length: 8 }, () => openSession(port)))
    const answers = sessions.map(headers => stream(port, { headers, body: call('ask', {}, 1) }))
    const questions = await Promise.all(answers.map(async answer => (await answer).message()))
    assert.is(new Set(questions.map(question => question.id)).size, 1, 'the ids are the same everywhere')
    await Promise.all(sessions.map((headers, i) => ask(port, { headers, body: { jsonrpc: '2.0', id: questions[i].id, result: { i } } })))
    for (const [i, answer] of answers.entries()) assert.is((await (await answer).message()).result.content[0].text, `{"i":${i}}`)
  })

  test(`${name}: sessions are bounded in all and per principal, and DELETE makes room`, async () => {
    const { port } = await open(new TestService(), { authenticate: users, sessions: { max: 3, maxPerPrincipal: 2 } })
    const a = await openSession(port, '2025-11-25', { 'x-user': 'ann' })
    await openSession(port, '2025-11-25', { 'x-user': 'ann' })
    const third = await ask(port, { headers: { 'x-user': 'ann' }, body: initialize('2025-11-25', 5) })
    assert.is(third.status, 503)
    assert.is(third.json.id, 5)
    assert.ok(third.headers['retry-after'])
    await openSession(port, '2025-11-25', { 'x-user': 'bob' })
    assert.is((await ask(port, { headers: { 'x-user': 'eve' }, body: initialize('2025-11-25') })).status, 503)
    await ask(port, { method: 'DELETE', headers: a })
    await openSession(port, '2025-11-25', { 'x-user': 'ann' })
  })

  test(`row 17: ${name}: anonymous callers share one half of the sessions, and whoever shows a token finds room`, async () => {
    const authenticate = bearer(token => ({ id: token }), { optional: true })
    const { port } = await open(new TestService(), { authenticate, sessions: { max: 4 } })
    const first = await openSession(port)
    await openSession(port)
    const third = await ask(port, { body: initialize('2025-11-25', 5) })
    assert.equal([third.status, third.json.id, third.headers['retry-after']], [503, 5, '60'])
    assert.match(third.json.error.message, 'Too many anonymous sessions')
    await openSession(port, '2025-11-25', { authorization: 'Bearer ann' })
    assert.is((await ask(port, { body: initialize('2025-11-25') })).status, 503)
    await openSession(port, '2025-11-25', { authorization: 'Bearer bob' })
    assert.match((await ask(port, { headers: { authorization: 'Bearer eve' }, body: initialize('2025-11-25') })).text, 'Too many sessions')
    await ask(port, { method: 'DELETE', headers: first })
    await openSession(port)
  })

  test(`${name}: the share of anonymous callers is chosen; without authentication there is nobody to leave room for`, async () => {
    const authenticate = bearer(token => ({ id: token }), { optional: true })
    const few = await open(new TestService(), { authenticate, sessions: { max: 4, maxAnonymous: 1 } })
    await openSession(few.port)
    assert.is((await ask(few.port, { body: initialize('2025-11-25') })).status, 503)
    const trusting = await open(new TestService(), { sessions: { max: 3, maxAnonymous: 1 } })
    for (let i = 0; i < 3; i++) await openSession(trusting.port)
    assert.is((await ask(trusting.port, { body: initialize('2025-11-25') })).status, 503)
  })

  test(`${name}: sessions without a principal are bounded by address where that is chosen, and by nothing else`, async () => {
    const authenticate = bearer(token => ({ id: token }), { optional: true })
    for (const options of [{ authenticate }, {}]) {
      const { port } = await open(new TestService(), { ...options, sessions: { maxPerAddress: 1 } })
      const first = await openSession(port)
      assert.is((await ask(port, { body: initialize('2025-11-25') })).status, 503)
      assert.is((await ask(port, { from: '127.0.0.2', body: initialize('2025-11-25') })).status, 200)
      for (const id of ['Bearer ann', 'Bearer ann']) {
        if (options.authenticate !== undefined) await openSession(port, '2025-11-25', { authorization: id })
      }
      await ask(port, { method: 'DELETE', headers: first })
      await openSession(port)
    }
  })

  test(`${name}: a session that comes back from its store takes its place among the anonymous ones`, async () => {
    const authenticate = bearer(token => ({ id: token }), { optional: true })
    const sessions = { store: memorySessionStore(), max: 4, maxAnonymous: 1 }
    const there = await open(new TestService(), { authenticate, sessions: { ...sessions, maxAnonymous: 2 } })
    const [one, two] = [await openSession(there.port), await openSession(there.port)]
    const { port } = await open(new TestService(), { authenticate, sessions })
    assert.is((await ask(port, { headers: one, body: call('echo') })).status, 200)
    const full = await ask(port, { headers: two, body: call('echo') })
    assert.is(full.status, 503, 'there is no room for it here, and it is good still')
    assert.is(full.headers['retry-after'], '60')
    assert.is((await ask(port, { body: initialize('2025-11-25') })).status, 503)
  })

  test(`${name}: an idle session ends, a busy one does not`, async () => {
    const clock = fakeClock()
    const service = new TestService()
    const { port } = await open(service, { clock, sessions: { idle: '1m' } })
    const idle = await openSession(port)
    const busy = await openSession(port)
    const listening = await openSession(port)
    const get = await stream(port, { method: 'GET', headers: listening })
    const waiting = stream(port, { headers: busy, body: call('hold') })
    const held = await service.next()
    clock.advance(90_000)
    assert.is((await ask(port, { headers: idle, body: call('echo') })).status, 404)
    assert.ok(service.connections[0]!.isClosed)
    assert.is((await ask(port, { headers: listening, body: call('echo') })).status, 200)
    held.answer()
    assert.is((await (await waiting).message()).id, 1)
    get.leave()
    assert.is((await ask(port, { headers: busy, body: call('echo') })).status, 200)
    clock.advance(90_000)
    assert.is((await ask(port, { headers: busy, body: call('echo') })).status, 404)
  })

  test(`${name}: S-BAT: batches of 2025-03-26 are answered in one array`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port, '2025-03-26')
    const mixed = await ask(port, {
      headers: session,
      body: [call('echo', { text: 'a' }, 1), notice('notifications/x'), { jsonrpc: '2.0', id: null, method: 'y' }, call('late', {}, 2)],
    })
    assert.is(mixed.status, 200)
    assert.equal(mixed.json.map((one: any) => one.id).sort(), [1, 2, null])
    const silent = await ask(port, { headers: session, body: [notice('notifications/x'), { jsonrpc: '2.0', id: 's9', result: {} }] })
    assert.is(silent.status, 202)
    assert.is(silent.text, '')
    const broken = await ask(port, { headers: session, body: [{ jsonrpc: '2.0', id: 4 }, 7] })
    assert.is(broken.status, 400)
    assert.equal(
      broken.json.map((one: any) => [one.id, one.error.code]),
      [
        [4, -32600],
        [null, -32600],
      ],
    )
    for (const body of [[initialize('2025-03-26')], [call('echo', {}, 1), call('echo', {}, 1)]]) {
      const refused = await ask(port, { headers: session, body })
      assert.is(refused.status, 400)
      assert.is(refused.json.error.code, -32600)
    }
    const before = await ask(port, { body: [initialize('2025-03-26')] })
    assert.is(before.status, 400)
    assert.is(before.json.error.code, -32600)
  })

  test(`${name}: a batch whose requests ask something streams, and its array is the last event`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port, '2025-03-26')
    const response = stream(port, { headers: session, body: [call('hold', {}, 1), call('hold', {}, 2)] })
    const held = [await service.next(), await service.next()]
    await held[1]!.notify(progress(2))
    const events = await response
    assert.is((await events.message()).params.progress, 2)
    for (const one of held) one.answer()
    assert.equal(
      (await events.message()).map((one: any) => one.id),
      [1, 2],
    )
    assert.is(await events.ended, 'end')
  })

  test(`${name}: a batch whose every request was cancelled ends without an answer`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port, '2025-03-26')
    const response = ask(port, { headers: session, body: [call('hold', {}, 1), call('hold', {}, 2)] })
    for (const id of [await service.next(), await service.next()].map(held => held.id)) {
      await ask(port, { headers: session, body: notice('notifications/cancelled', { requestId: id }) })
    }
    assert.is((await response).text, '')
    assert.is((await ask(port, { headers: session, body: call('echo', {}, 1) })).status, 200)
  })

  test(`${name}: a session found in the store is carried on by another process`, async () => {
    const store = memorySessionStore()
    const eventLog = memoryEventLog()
    const first = new TestService()
    const one = await openDoor(first, { authenticate: users, sessions: { store, eventLog } })
    const session = await openSession(one.port, '2025-06-18', { 'x-user': 'ann' })
    assert.is(store.get(session['mcp-session-id']!)?.initialized, true, 'saved before the notice was accepted')
    await one.close()
    const second = new TestService()
    const { port } = await open(second, { authenticate: users, sessions: { store, eventLog } })
    assert.is((await ask(port, { headers: { ...session, 'x-user': 'eve' }, body: call('echo') })).status, 404)
    assert.is(second.connections.length, 0)
    const answers = await Promise.all([1, 2, 3].map(id => ask(port, { headers: session, body: call('echo', {}, id) })))
    for (const answer of answers) assert.is(answer.status, 200)
    assert.is(second.connections.length, 1, 'requests that arrive together make one connection')
    assert.ok(second.connections[0]!.resumed)
    assert.is(second.connections[0]!.session?.revision, '2025-06-18')
    const other = { ...session, 'mcp-protocol-version': '2025-03-26' }
    assert.is((await ask(port, { headers: other, body: call('echo') })).status, 200, 'another known version in the header changes nothing')
    assert.is((await ask(port, { headers: other, body: [call('echo')] })).status, 400, 'the session still speaks its own')
    void store.delete(session['mcp-session-id']!)
    assert.is((await ask(port, { headers: session, body: call('echo') })).status, 404, 'ended elsewhere')
  })

  test(`T5, ${name}: whoever asks for a session first does not decide for its owner`, async () => {
    const memory = memorySessionStore()
    const first = await openDoor(new TestService(), { authenticate: users, sessions: { store: memory } })
    const session = await openSession(first.port, '2025-06-18', { 'x-user': 'ann' })
    await first.close()
    let asked = 0
    let release: () => void = () => {}
    const both = new Promise<void>(resolve => (release = resolve))
    const get = async (id: string) => {
      asked += 1
      if (asked === 2) release()
      await both
      return memory.get(id)
    }
    const store = { ...memory, get, set: memory.set.bind(memory), touch: memory.touch.bind(memory), delete: memory.delete.bind(memory) }
    const { port } = await open(new TestService(), { authenticate: users, sessions: { store } })
    const [eve, ann] = await Promise.all([
      ask(port, { headers: { ...session, 'x-user': 'eve' }, body: call('echo', {}, 1) }),
      ask(port, { headers: session, body: call('echo', {}, 2) }),
    ])
    assert.equal([eve.status, ann.status], [404, 200])
  })

  test(`${name}: stores that answer later, and stores that fail`, async () => {
    const memory = memorySessionStore()
    let broken = false
    const later = async <T>(value: T): Promise<T> => {
      await Promise.resolve()
      if (broken) throw new Error('store down')
      return value
    }
    const store = {
      get: async (id: string) => later(memory.get(id)),
      set: async (...args: Parameters<typeof memory.set>) => later(memory.set(...args)),
      touch: async (...args: Parameters<typeof memory.touch>) => later(memory.touch(...args)),
      delete: async (id: string) => later(memory.delete(id)),
    }
    const service = new TestService()
    const { port } = await open(service, { sessions: { store } })
    const session = await openSession(port)
    assert.is(memory.get(session['mcp-session-id']!)?.initialized, true)
    const answers = await Promise.all([1, 2].map(id => ask(port, { headers: session, body: call('echo', {}, id) })))
    for (const answer of answers) assert.is(answer.status, 200)
    broken = true
    const failed = await ask(port, { headers: session, body: call('echo', {}, 3) })
    assert.is(failed.status, 500)
    assert.not.match(failed.text, /store down/)
    assert.is(service.reports.at(-1)?.where, 'http session store')
    broken = false
    assert.is((await ask(port, { method: 'DELETE', headers: session })).status, 200)
    assert.is((await ask(port, { headers: session, body: call('echo') })).status, 404)
  })

  test(`${name}: the server may end a session itself`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const get = await stream(port, { method: 'GET', headers: session })
    const waiting = ask(port, { headers: session, body: call('hold', {}, 3) })
    await service.next()
    service.connections[0]!.link.close()
    assert.is(await get.ended, 'end')
    const refused = await waiting
    assert.is(refused.status, 404)
    assert.is(refused.json.id, 3)
    assert.is((await ask(port, { headers: session, body: call('echo') })).status, 404)
    assert.ok(service.connections[0]!.isClosed)
  })

  test(`${name}: while stopping, replies still reach what is under way`, async () => {
    const service = new TestService()
    const door = await open(service)
    const session = await openSession(door.port)
    const events = await stream(door.port, { headers: session, body: call('ask', {}, 1) })
    const question = await events.message()
    door.stop()
    assert.is((await ask(door.port, { headers: session, body: call('echo', {}, 2) })).status, 503)
    assert.is((await ask(door.port, { method: 'GET', headers: session })).status, 503)
    assert.is((await ask(door.port, { headers: session, body: { jsonrpc: '2.0', id: question.id, result: {} } })).status, 202)
    assert.is((await events.message()).id, 1)
  })

  test(`${name}: sessions: false serves each POST on its own (S-LHT-23)`, async () => {
    const service = new TestService()
    const { port } = await open(service, { sessions: false })
    const init = await ask(port, { body: initialize('2025-06-18') })
    assert.is(init.json.result.protocolVersion, '2025-06-18')
    assert.is(init.headers['mcp-session-id'], undefined)
    const headers = { 'mcp-protocol-version': '2025-06-18' }
    assert.is((await ask(port, { headers, body: notice('notifications/initialized') })).status, 202)
    assert.is((await ask(port, { headers: { ...headers, 'mcp-session-id': 'whatever' }, body: call('echo') })).json.id, 1)
    const events = await stream(port, { headers, body: call('progress', { n: 2 }) })
    assert.is((await events.message()).params.progress, 1)
    assert.is((await events.message()).params.progress, 2)
    assert.is((await events.message()).id, 1)
    assert.is((await ask(port, { headers, body: call('late') })).json.id, 1)
    for (const connection of service.connections) assert.ok(connection.isClosed)
    assert.is(service.connections.length, 4)
    assert.is(service.connections[1]!.session?.revision, '2025-06-18')
    assert.is(service.connections[1]!.session?.capabilities && Object.keys(service.connections[1]!.session.capabilities).length, 0)
    assert.is((await ask(port, { headers, body: [call('echo')] })).status, 400)
    assert.equal(
      (await ask(port, { body: [call('echo', {}, 1), call('echo', {}, 2)] })).json.map((one: any) => one.id),
      [1, 2],
    )
    assert.is((await ask(port, { headers: { 'mcp-protocol-version': '1999-01-01' }, body: call('echo') })).status, 400)
    for (const method of ['GET', 'DELETE']) {
      const answer = await ask(port, { method })
      assert.is(answer.status, 405)
      assert.is(answer.headers['allow'], 'POST')
    }
  })

  test(`${name}: closing ends sessions here and leaves them in the store`, async () => {
    const store = memorySessionStore()
    const service = new TestService()
    const door = await openDoor(service, { sessions: { store } })
    const session = await openSession(door.port)
    const waiting = ask(door.port, { headers: session, body: call('hold', {}, 1) })
    await service.next()
    const closing = door.close()
    const refused = await waiting
    assert.is(refused.status, 503)
    assert.is(refused.json.id, 1)
    await closing
    assert.ok(service.connections[0]!.isClosed)
    assert.ok(store.get(session['mcp-session-id']!))
  })
}

test.run()
