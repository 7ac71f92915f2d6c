/** Streams that break and are taken up again, over both doors. */
import { memoryEventLog, memorySessionStore, type EventLog, type SessionStore } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { progress, TestService } from './service.ts'
import { ask, call, openSession, stream } from './wire.ts'

const test = suite('replay')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

/** A log that answers a moment later, as one across the network does. */
function slow(log: EventLog): EventLog {
  const later = async <T>(work: () => T | Promise<T>): Promise<T> => {
    await new Promise(resolve => setImmediate(resolve))
    return work()
  }
  return {
    append: (key, text) => later(() => log.append(key, text)),
    after: (session, id) => later(() => log.after(session, id)),
    drop: (session, of) => later(() => log.drop(session, of)),
  }
}

/** What can be awaited, and is no more than that. */
function bare<T extends { [K in keyof T]: (...args: any[]) => unknown }>(log: T): T {
  const awaited =
    (work: (...args: any[]) => unknown) =>
    (...args: unknown[]) => ({
      // oxlint-disable-next-line unicorn/no-thenable -- it is awaited
      then: (...hear: [() => void, () => void]): void => void (work(...args) as Promise<unknown>).then(...hear),
    })
  return Object.fromEntries(Object.entries(log).map(([name, work]) => [name, awaited(work as () => unknown)])) as T
}

/** What a stream has to bring after its first event: the rest, the answer, and its end. */
async function isWhole(resumed: Awaited<ReturnType<typeof stream>>): Promise<void> {
  assert.is(resumed.status, 200)
  assert.is((await resumed.message()).method, 'notifications/progress')
  assert.is((await resumed.message()).id, 5)
  assert.is(await resumed.ended, 'end')
}

/** A log and a store that answer later, one of their answers as late as a test likes. */
class Gated {
  readonly kept = memoryEventLog()
  readonly done: string[] = []
  readonly reached: Promise<void>
  readonly dropped: Promise<void>
  open!: () => void
  fail!: (cause: Error) => void
  readonly #opened: Promise<void>
  readonly #records = memorySessionStore()
  #held = ''
  #ahead = 0
  #reach!: () => void
  #drop!: () => void

  constructor() {
    this.reached = new Promise(resolve => (this.#reach = resolve))
    this.dropped = new Promise(resolve => (this.#drop = resolve))
    this.#opened = new Promise((resolve, reject) => ([this.open, this.fail] = [resolve, reject]))
  }

  /** Holds the next call of a method until `open`, or the one after `ahead` others. */
  hold(method: 'append' | 'after' | 'set', ahead = 0): void {
    this.#held = method
    this.#ahead = ahead
  }

  readonly log: EventLog = {
    append: async (key, text) => (await this.#pass('append'), this.done.push('append'), this.kept.append(key, text)),
    after: async (session, id) => {
      const found = this.kept.after(session, id)
      await this.#pass('after')
      return found
    },
    drop: session => (this.done.push('drop'), this.kept.drop(session), this.#drop()),
  }

  readonly store: SessionStore = {
    get: id => this.#records.get(id),
    set: async (record, ms) => (await this.#pass('set'), this.#records.set(record, ms)),
    touch: (id, ms) => this.#records.touch(id, ms),
    delete: id => this.#records.delete(id),
  }

  async #pass(method: string): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    if (method !== this.#held || this.#ahead-- > 0) return
    this.#held = ''
    this.#reach()
    await this.#opened
  }
}

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  for (const [kind, logOf] of [
    ['at once', memoryEventLog],
    ['later', () => slow(memoryEventLog())],
    ['later, by no promises', () => bare(slow(memoryEventLog()))],
  ] as const) {
    test(`${name}: S-LHT-18: a stream begins with an id and no data, and is resumed from there (log answers ${kind})`, async () => {
      const service = new TestService()
      const { port } = await open(service, { sessions: { eventLog: logOf(), retry: '699.5ms' } })
      const session = await openSession(port)
      const response = stream(port, { headers: session, body: call('hold', {}, 5) })
      const held = await service.next()
      await held.notify(progress(1))
      const events = await response
      const priming = await events.next()
      assert.is(priming?.data, '')
      assert.ok(priming?.id !== undefined)
      assert.is(events.parser.retry, 700)
      const first = await events.next()
      assert.is(JSON.parse(String(first?.data)).params.progress, 1)
      events.leave()
      await events.ended
      await held.notify(progress(2))
      const resumed = await stream(port, { method: 'GET', headers: { ...session, 'last-event-id': first!.id! } })
      assert.is(resumed.status, 200)
      assert.is((await resumed.message()).params.progress, 2)
      await held.notify(progress(3))
      assert.is((await resumed.message()).params.progress, 3)
      held.answer()
      assert.is((await resumed.message()).id, 5)
      assert.is(await resumed.ended, 'end', 'the resumed stream ends with the answer')
      const again = await stream(port, { method: 'GET', headers: { ...session, 'last-event-id': priming.id } })
      for (const n of [1, 2, 3]) assert.is((await again.message()).params.progress, n)
      assert.is((await again.message()).id, 5)
      assert.is(await again.ended, 'end', 'what has ended is replayed and ends')
    })

    test(`${name}: SEP-1699: a released stream tells when to come back, and the answer waits there (log answers ${kind})`, async () => {
      const service = new TestService()
      const { port } = await open(service, { sessions: { eventLog: logOf() } })
      const session = await openSession(port)
      const response = stream(port, { headers: session, body: call('hold', {}, 5) })
      const held = await service.next()
      assert.ok(service.connections[0]!.link.release?.(5, 450))
      const events = await response
      const priming = await events.next()
      assert.is(priming?.data, '')
      assert.is(await events.ended, 'end')
      assert.is(events.parser.retry, 450)
      held.answer()
      const resumed = await stream(port, { method: 'GET', headers: { ...session, 'last-event-id': priming!.id! } })
      assert.is((await resumed.message()).id, 5)
      assert.is(await resumed.ended, 'end')
    })
  }

  /** Somebody whose call is under way, and who has left its stream after the first event. */
  const left = async (options: { sessions: object }) => {
    const service = new TestService()
    const { port } = await open(service, options)
    const session = await openSession(port)
    const response = stream(port, { headers: session, body: call('hold', {}, 5) })
    const held = await service.next()
    await held.notify(progress(1))
    const events = await response
    const first = (await events.next())!.id!
    events.leave()
    await events.ended
    const get = (from: string) => ({ method: 'GET', headers: { ...session, 'last-event-id': from } })
    return { port, session, held, get, comeBack: () => stream(port, get(first)), connection: service.connections[0]! }
  }

  for (const [when, ahead] of [
    ['', 0],
    [' again', 1],
  ] as const) {
    test(`${name}: who comes back gets the answer that was given while the log was asked${when}`, async () => {
      const gate = new Gated()
      const { held, comeBack } = await left({ sessions: { eventLog: gate.log } })
      gate.hold('after', ahead)
      const back = comeBack()
      await gate.reached
      held.answer()
      await new Promise(resolve => setImmediate(() => setImmediate(() => setImmediate(resolve))))
      gate.open()
      await isWhole(await back)
    })
  }

  for (const [where, method] of [
    ['log', 'append'],
    ['store', 'set'],
  ] as const) {
    test(`${name}: who comes back gets the answer that waits for the ${where}`, async () => {
      const gate = new Gated()
      const { port, session, held, get, comeBack, connection } = await left({ sessions: { eventLog: gate.log, store: gate.store } })
      gate.hold(method)
      connection.session = { ...connection.session!, values: { changed: true } }
      held.answer()
      await gate.reached
      const back = comeBack()
      // Whoever asked after it was answered: it has got as far as it gets.
      assert.is((await ask(port, get('x'))).status, 400)
      assert.is((await ask(port, { headers: session, body: call('echo', {}, 5) })).status, 200, 'the id is free')
      gate.open()
      await isWhole(await back)
    })
  }

  test(`${name}: what a deleted session had on its way into the log does not outlive it`, async () => {
    const gate = new Gated()
    const { port, session, held } = await left({ sessions: { eventLog: gate.log } })
    gate.done.length = 0
    gate.hold('append')
    const sent = [1, 2, 3].map(async n => held.notify(progress(n)))
    await gate.reached
    assert.is((await ask(port, { method: 'DELETE', headers: session })).status, 200)
    gate.open()
    await Promise.all(sent)
    await gate.dropped
    assert.equal(gate.done, ['append', 'append', 'append', 'drop'])
  })

  test(`${name}: a log that fails when a client comes back costs the stream nothing`, async () => {
    const gate = new Gated()
    const { port, held, get, comeBack } = await left({ sessions: { eventLog: gate.log } })
    const resumed = await comeBack()
    const id = (await resumed.next())!.id!
    gate.hold('after', 1)
    const again = ask(port, get(id))
    await gate.reached
    gate.fail(new Error('log down'))
    assert.is((await again).status, 500)
    held.answer()
    assert.is((await resumed.message()).id, 5)
  })

  test(`${name}: a client that has heard all of a stream that has ended is told not to come back`, async () => {
    const { port } = await open(new TestService())
    const session = await openSession(port)
    const events = await stream(port, { headers: session, body: call('progress', { n: 1 }) })
    const heard = [await events.next(), await events.next(), await events.next()]
    await events.ended
    const again = await stream(port, { method: 'GET', headers: { ...session, 'last-event-id': heard[2]!.id! } })
    assert.is(again.status, 204)
    assert.is(await again.ended, 'end')
  })

  test(`${name}: a stream that was open already is released with retry, and only where it can be resumed`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const response = stream(port, { headers: session, body: call('hold', {}, 5) })
    const held = await service.next()
    await held.notify(progress(1))
    const events = await response
    await events.message()
    const { link } = service.connections[0]!
    assert.ok(link.release?.(5, 450))
    assert.is(await events.ended, 'end')
    assert.is(events.parser.retry, 450)
    assert.not(link.release?.(99, 450), 'no such request')
    const old = await openSession(port, '2025-06-18')
    const waiting = ask(port, { headers: old, body: call('hold', {}, 6) })
    const other = await service.next()
    assert.not(service.connections[1]!.link.release?.(6, 450), 'a client of that revision would not come back')
    other.answer()
    assert.is((await waiting).json.id, 6)
    held.answer()
  })

  test(`${name}: S-LHT-19: older clients get ids but no priming event`, async () => {
    for (const revision of ['2025-03-26', '2025-06-18']) {
      const { port } = await open(new TestService())
      const session = await openSession(port, revision)
      const events = await stream(port, { headers: session, body: call('progress', { n: 1 }) })
      const first = await events.next()
      assert.is(JSON.parse(String(first?.data)).params.progress, 1)
      assert.ok(first?.id)
      await events.ended
      const get = await stream(port, { method: 'GET', headers: session })
      assert.is(get.raw, '')
      get.leave()
    }
  })

  test(`row 6: ${name}: an id of another session is worth nothing, though the log is shared`, async () => {
    const service = new TestService()
    const eventLog = memoryEventLog()
    const { port } = await open(service, { sessions: { eventLog } })
    const victim = await openSession(port)
    const attacker = await openSession(port)
    const response = stream(port, { headers: victim, body: call('progress', { n: 2 }) })
    const priming = await (await response).next()
    const stolen = await ask(port, { method: 'GET', headers: { ...attacker, 'last-event-id': priming!.id! } })
    assert.is(stolen.status, 400)
    assert.not.match(stolen.text, /progress/)
    for (const id of ['__proto__', '0', '1', `${priming!.id}x`]) {
      assert.is((await ask(port, { method: 'GET', headers: { ...victim, 'last-event-id': id } })).status, 400, id)
    }
    const own = await stream(port, { method: 'GET', headers: { ...victim, 'last-event-id': priming!.id! } })
    assert.is((await own.message()).params.progress, 1)
  })

  test(`row 6: ${name}: only the stream of the id is replayed (S-LHT-17)`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const get = await stream(port, { method: 'GET', headers: session })
    const primingOfGet = await get.next()
    const other = await stream(port, { headers: session, body: call('progress', { n: 1 }) })
    await other.ended
    get.leave()
    await get.ended
    await service.connections[0]!.news('tools')
    const resumed = await stream(port, { method: 'GET', headers: { ...session, 'last-event-id': primingOfGet!.id! } })
    assert.is((await resumed.message()).method, 'notifications/tools/list_changed')
    await service.connections[0]!.news('prompts')
    assert.is((await resumed.message()).method, 'notifications/prompts/list_changed')
    resumed.leave()
  })

  test(`${name}: who comes back takes over from a connection that nobody noticed is dead`, async () => {
    const service = new TestService()
    const { port } = await open(service)
    const session = await openSession(port)
    const old = await stream(port, { method: 'GET', headers: session })
    const priming = await old.next()
    const resumed = await stream(port, { method: 'GET', headers: { ...session, 'last-event-id': priming!.id! } })
    assert.is(await old.ended, 'end')
    await service.connections[0]!.news('tools')
    assert.is((await resumed.message()).method, 'notifications/tools/list_changed')
    await service.connections[0]!.news('prompts')
    assert.is(
      (await resumed.message()).method,
      'notifications/prompts/list_changed',
      'the old connection has nothing to say about the new one',
    )
    resumed.leave()
  })

  test(`${name}: without a log streams have no ids, and an answer nobody waits for is dropped`, async () => {
    const service = new TestService()
    const { port } = await open(service, { sessions: { eventLog: false } })
    const session = await openSession(port)
    const response = stream(port, { headers: session, body: call('hold', {}, 5) })
    const held = await service.next()
    assert.not(service.connections[0]!.link.release?.(5, 100))
    await held.notify(progress(1))
    const events = await response
    assert.is((await events.next())?.id, undefined)
    events.leave()
    await events.ended
    await held.notify(progress(2))
    held.answer()
    assert.is((await ask(port, { headers: session, body: call('echo', {}, 5) })).status, 200)
  })

  test(`${name}: a log that fails costs the ids, not the messages`, async () => {
    const service = new TestService()
    const eventLog: EventLog = {
      append: () => Promise.reject(new Error('log down')),
      after: () => {
        throw new Error('log down')
      },
      drop() {},
    }
    const { port } = await open(service, { sessions: { eventLog } })
    const session = await openSession(port)
    const events = await stream(port, { headers: session, body: call('progress', { n: 2 }) })
    assert.is((await events.message()).params.progress, 1)
    assert.is((await events.message()).params.progress, 2)
    assert.is((await events.message()).id, 1)
    assert.is((await ask(port, { method: 'GET', headers: { ...session, 'last-event-id': 'x' } })).status, 500)
    assert.ok(service.reports.length > 0)
  })
}

test.run()
