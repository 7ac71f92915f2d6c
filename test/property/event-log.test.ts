/** Whatever is written to the event log in memory, it keeps what a plain list of events with the same bounds keeps. */
import * as assert from 'node:assert/strict'
import { fakeClock, memoryEventLog, type StreamKey } from '@oarlock/protocol'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { holds } from './holds.ts'

const test = suite('event log')

interface Bounds {
  readonly maxEvents: number
  readonly maxStreamSize: number
  readonly maxSize: number
  readonly maxAge: number
}

/** What is too much in all leaves in the order it came. All steps together write less than the tape takes without moving what is kept. */
const ALL_TOGETHER: Bounds = { maxEvents: 5, maxStreamSize: 8_000, maxSize: 25_000, maxAge: 1_000 }
/** Here much more is written than is kept, so that it is moved. */
const EACH_STREAM: Bounds = { maxEvents: 4, maxStreamSize: 60_000, maxSize: 1_000_000_000, maxAge: 1_000 }
/** Longer texts are kept as they are, and counted by characters. */
const LONG = 65_536 / 3
/** What an event costs beyond its bytes. */
const OVERHEAD = 200

interface Step {
  readonly what: 'append' | 'append new' | 'wait' | 'drop stream' | 'drop session'
  readonly session: number
  readonly stream: number
  readonly text: string
  readonly ms: number
}

const APPENDS = ['append', 'append', 'append', 'append', 'append', 'append'] as const
const KINDS = [...APPENDS, ...APPENDS, 'append new', 'append new', 'wait', 'wait', 'drop stream', 'drop session'] as const

/** @param most units of a text, and `long` is how many steps there are at most */
const steps = (most: number, long: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      what: fc.constantFrom(...KINDS),
      session: fc.nat(2),
      stream: fc.nat(3),
      text: fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.tuple(fc.constantFrom('x', 'é', '日', '𝄞'), fc.nat(most)).map(([unit, times]) => unit.repeat(times)),
      ),
      ms: fc.nat(4).map(tenths => tenths * 100),
    }),
    { minLength: 1, maxLength: long, size: 'max' },
  )

interface Event {
  readonly key: StreamKey
  /** Streams of one name that came after each other are different streams. */
  readonly stream: object
  readonly id: string
  readonly text: string
  readonly size: number
  readonly at: number
}

/** The same, told in lists. */
class Plain {
  kept: Event[] = []
  now = 0
  readonly #bounds: Bounds

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  streamOf({ session, stream }: StreamKey): object {
    return this.kept.find(({ key }) => key.session === session && key.stream === stream)?.stream ?? {}
  }

  add(event: Event): void {
    this.kept.push(event)
    const size = (events: readonly Event[]): number => events.reduce((sum, { size }) => sum + size, 0)
    const own = (): Event[] => this.kept.filter(({ stream }) => stream === event.stream)
    while (own().length > this.#bounds.maxEvents || size(own()) > this.#bounds.maxStreamSize) this.forget(own()[0])
    while (size(this.kept) > this.#bounds.maxSize) this.forget(this.kept[0])
    this.expire()
  }

  expire(): void {
    this.kept = this.kept.filter(({ at }) => at > this.now - this.#bounds.maxAge)
  }

  forget(event: Event | undefined): void {
    this.kept = this.kept.filter(each => each !== event)
  }

  after(session: string, id: string): object | undefined {
    this.expire()
    const known = this.kept.find(event => event.id === id && event.key.session === session)
    if (known === undefined) return undefined
    const events = this.kept.slice(this.kept.indexOf(known) + 1).filter(({ stream }) => stream === known.stream)
    return { stream: known.key.stream, events: events.map(({ id, text }) => ({ id, text })) }
  }
}

for (const [name, bounds, most, long] of [
  ['bounds of all events together', ALL_TOGETHER, 900, 60],
  ['bounds of each stream', EACH_STREAM, 24_000, 120],
] as const)
  test(`${name}: what it keeps, and gives to whom, is what a list of events gives`, async () => {
    await holds(steps(most, long), taken => {
      const clock = fakeClock()
      const log = memoryEventLog({ ...bounds, clock })
      const plain = new Plain(bounds)
      const begun = clock.now()
      const given: { readonly session: string; readonly id: string }[] = []
      /** Keys that their makers keep, as streams do. */
      const keys = new Map<string, StreamKey>()
      let names = 0
      for (const { what, session: number, stream: name, text, ms } of taken) {
        const session = `s${number}`
        plain.now = clock.now() - begun
        if (what === 'wait') clock.advance(ms)
        else if (what === 'drop stream') {
          log.drop(session, `n${name}`)
          plain.kept = plain.kept.filter(({ key }) => key.session !== session || key.stream !== `n${name}`)
        } else if (what === 'drop session') {
          log.drop(session)
          plain.kept = plain.kept.filter(({ key }) => key.session !== session)
        } else {
          const place = `${session} ${name}`
          if (what === 'append new') keys.set(place, { session, stream: `fresh${(names += 1)}`, fresh: true })
          const key = keys.get(place) ?? { session, stream: `n${name}` }
          if (name === 3) keys.set(place, key)
          const stream = plain.streamOf(key)
          const id = log.append(key, text)
          plain.add({ key, stream, id, text, size: (text.length > LONG ? text.length : Buffer.byteLength(text)) + OVERHEAD, at: plain.now })
          given.push({ session, id })
        }
        plain.now = clock.now() - begun
        for (const { session, id } of given) assert.deepEqual(log.after(session, id), plain.after(session, id), id)
      }
      assert.equal(new Set(given.map(({ id }) => id)).size, given.length)
    })
  })

test('a busy stream takes neither memory nor events from those that keep little', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const log = memoryEventLog({ maxEvents: 10, maxSize: 1_000_000 })
  const text = 'x'.repeat(1_000)
  const before = process.memoryUsage().arrayBuffers
  /** Each with its first id. Their events are written far apart, so that they are moved one by one. */
  const quiet: { readonly key: StreamKey; readonly id: string }[] = []
  const tell = (text: string, from: number): void => {
    for (const { key } of quiet.slice(from)) log.append(key, text)
  }
  let most = 0
  for (let event = 0; event < 200_000; event += 1) {
    if (event % 200 === 0) {
      const key: StreamKey = { session: 's', stream: `quiet ${event}`, fresh: true }
      quiet.push({ key, id: log.append(key, 'first') })
      key.fresh = false
      if (event % 20_000 === 0) tell('between', -10)
    }
    log.append({ session: 's', stream: 'busy' }, text)
    if (event % 5_000 !== 0) continue
    collect()
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  assert.ok(most < 2_500_000, `${most} bytes`)
  const texts = (id: string) => log.after('s', id)?.events.map(({ text }) => text)
  const between = quiet.map(({ id }) => texts(id))
  tell('last', 0)
  for (const [index, { id }] of quiet.entries()) assert.deepEqual(texts(id), [...(between[index] ?? ['lost']), 'last'])
  assert.equal(between.flat().length, 91, 'one is alone at the first telling')
})

test.run()
