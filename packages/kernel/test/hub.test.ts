import { fakeClock, memoryBus, type Bus } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Hub, type Fact, type Subscriber } from '../src/hub.ts'
import { settled } from './wire.ts'

const test = suite('hub')

function stage(bus?: Bus) {
  const clock = fakeClock()
  const watched: string[] = []
  const reported: unknown[] = []
  const hub = new Hub({
    clock,
    windowMs: 50,
    bus,
    watch: uri => watched.push(`+${uri}`),
    started: () => undefined,
    unwatch: uri => watched.push(`-${uri}`),
    report: cause => reported.push(cause),
  })
  return { hub, clock, watched, reported }
}

class Listener implements Subscriber {
  readonly heard: string[] = []
  readonly #lists: readonly string[]
  constructor(...lists: readonly string[]) {
    this.#lists = lists
  }
  wants(list: string): boolean {
    return this.#lists.includes(list)
  }
  deliver(fact: Fact): void {
    this.heard.push(fact.kind === 'list' ? fact.list : fact.uri)
  }
}

const failing = (message: string) => (): never => {
  throw new Error(message)
}
const list = (name: 'tools' | 'prompts' | 'resources'): Fact => ({ kind: 'list', list: name })
const resource = (uri: string): Fact => ({ kind: 'resource', uri })

test('each hears what it wants, and nothing else', () => {
  const { hub, clock } = stage()
  const [tools, prompts, follower] = [new Listener('tools'), new Listener('prompts'), new Listener()]
  hub.subscribe(tools)
  hub.subscribe(prompts)
  hub.subscribe(follower, ['x://a'])
  for (const fact of [list('tools'), list('prompts'), list('resources'), resource('x://a'), resource('x://b')]) hub.publish(fact)
  clock.advance(50)
  assert.equal([tools.heard, prompts.heard, follower.heard], [['tools'], ['prompts'], ['x://a']])
})

test('S-SUB-17, T34: a burst of one fact is told once, after the window', () => {
  const { hub, clock } = stage()
  const listener = new Listener('tools')
  hub.subscribe(listener, ['x://a', 'x://b'])
  for (let index = 0; index < 1_000; index += 1) {
    hub.publish(list('tools'))
    hub.publish(resource('x://a'))
    hub.publish(resource('x://b'))
  }
  assert.equal(listener.heard, [])
  clock.advance(50)
  assert.equal(listener.heard, ['tools', 'x://a', 'x://b'])
  hub.publish(list('tools'))
  clock.advance(50)
  assert.is(listener.heard.length, 4)
})

test('T34: facts that nobody listens to are not kept', () => {
  const { hub, clock } = stage()
  for (let index = 0; index < 1_000; index += 1) hub.publish(resource(`x://${index}`))
  hub.publish(list('tools'))
  assert.is(clock.pending, 0)
})

test('a source is watched from its first follower to its last', () => {
  const { hub, watched } = stage()
  const [a, b] = [new Listener(), new Listener()]
  hub.subscribe(a, ['x://1'])
  hub.subscribe(b, ['x://1', 'x://2'])
  hub.follow(b, 'x://1')
  assert.equal(watched, ['+x://1', '+x://2'])
  hub.unsubscribe(a, ['x://1'])
  hub.unfollow(a, 'x://2')
  assert.equal(watched, ['+x://1', '+x://2'])
  hub.unsubscribe(b, ['x://1', 'x://2'])
  assert.equal(watched, ['+x://1', '+x://2', '-x://1', '-x://2'])
  assert.is(hub.size, 0)
})

test('a subscriber that fails is reported and does not keep the fact from the others', () => {
  const { hub, clock, reported } = stage()
  const fine = new Listener('tools')
  hub.subscribe({
    wants: () => true,
    deliver() {
      throw new Error('broken pipe')
    },
  })
  hub.subscribe(fine)
  hub.publish(list('tools'))
  clock.advance(50)
  assert.equal(fine.heard, ['tools'])
  assert.is((reported[0] as Error).message, 'broken pipe')
})

test('a subscriber that leaves while it is told hurts nobody', () => {
  const { hub, clock } = stage()
  const fine = new Listener('tools')
  const leaving: Subscriber = { wants: () => true, deliver: () => hub.unsubscribe(leaving) }
  hub.subscribe(leaving)
  hub.subscribe(fine)
  hub.publish(list('tools'))
  hub.publish(list('prompts'))
  clock.advance(50)
  assert.equal(fine.heard, ['tools'])
})

test('the notice is encoded once for all', () => {
  const { hub, clock } = stage()
  const texts: string[] = []
  for (let index = 0; index < 3; index += 1) hub.subscribe({ wants: () => true, deliver: (_fact, text) => texts.push(text) }, ['x://"'])
  hub.publish(list('tools'))
  hub.publish(resource('x://"'))
  clock.advance(50)
  assert.equal(new Set(texts).size, 2)
  assert.equal(JSON.parse(texts.at(-1) as string), { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'x://"' } })
})

test('S-SUB-18: over a bus each process hears each fact once', async () => {
  const bus = memoryBus()
  const [one, two] = [stage(bus), stage(bus)]
  const [a, b] = [new Listener('tools'), new Listener('tools')]
  one.hub.subscribe(a)
  two.hub.subscribe(b)
  one.hub.publish(list('tools'))
  await settled()
  one.clock.advance(50)
  two.clock.advance(50)
  assert.equal([a.heard, b.heard], [['tools'], ['tools']])
})

test('what others put on the bus is checked', async () => {
  const bus = memoryBus()
  const { hub, clock, reported } = stage(bus)
  const listener = new Listener('tools', '__proto__')
  hub.subscribe(listener, ['x://a'])
  for (const text of ['', 'null', '[]', '{"kind":"list","list":"__proto__"}', '{"kind":"resource"}', '{"kind":"list","list":"tools"}']) {
    await bus.publish('oarlock.facts', text)
  }
  await settled()
  clock.advance(50)
  assert.equal(listener.heard, ['tools'])
  assert.is(reported.length, 5)
})

test('a bus that fails is reported', async () => {
  const publishing = (publish: Bus['publish']): Bus => ({ publish, subscribe: () => () => {} })
  const late = stage(publishing(() => Promise.reject(new Error('late'))))
  late.hub.publish(list('tools'))
  const soon = stage(publishing(failing('soon')))
  soon.hub.publish(list('tools'))
  await settled()
  assert.equal(
    [...late.reported, ...soon.reported].map(cause => (cause as Error).message),
    ['late', 'soon'],
  )
})

test('a bus that cannot be left is reported, and what waits is told', async () => {
  for (const leave of [() => Promise.reject(new Error('stuck')), failing('stuck')]) {
    const { hub, reported } = stage({ publish: () => {}, subscribe: () => leave })
    hub.close()
    await settled()
    assert.equal(
      reported.map(cause => (cause as Error).message),
      ['stuck'],
    )
  }
})

test('closing tells what waits, and nothing after', async () => {
  const bus = memoryBus()
  const { hub, clock } = stage(bus)
  const listener = new Listener('tools', 'prompts')
  hub.subscribe(listener)
  hub.publish(list('tools'))
  await settled()
  hub.close()
  assert.equal(listener.heard, ['tools'])
  hub.publish(list('prompts'))
  await settled()
  clock.advance(1_000)
  assert.equal([listener.heard, clock.pending], [['tools'], 0])
})

test.run()
