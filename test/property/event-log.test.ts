/** Whatever is written to the event log in memory, it keeps what a plain list of events with the same bounds keeps. */
import * as assert from 'node:assert/strict'
import { fakeClock, memoryEventLog, type StreamKey } from '@oarlock/protocol'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { holds } from './holds.ts'

const test = suite('event log')

/** All steps together write less than the log may hold for the sake of a few, so that no other bound shows. */
const BOUNDS = { maxEvents: 5, maxStreamSize: 20_000, maxSize: 60_000, maxAge: 1_000 } as const
/** What an event costs beyond its bytes. */
const OVERHEAD = 200

interface Step {
  readonly what: 'append' | 'append new' | 'wait' | 'drop stream' | 'drop session'
  readonly session: number
  readonly stream: number
  readonly text: string
  readonly ms: number
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.tuple(fc.constantFrom('x', 'é', '日', '𝄞'), fc.integer({ min: 0, max: 2_100 })).map(([unit, times]) => unit.repeat(times)),
)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom('append', 'append', 'append', 'append', 'append new', 'append new', 'wait', 'drop stream', 'drop session'),
    session: fc.nat(2),
    stream: fc.nat(3),
    text,
    ms: fc.nat(7).map(tenths => tenths * 100),
  }),
  { minLength: 1, maxLength: 60 },
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

  streamOf({ session, stream }: StreamKey): object {
    return this.kept.find(({ key }) => key.session === session && key.stream === stream)?.stream ?? {}
  }

  add(event: Event): void {
    this.kept.push(event)
    const size = (events: readonly Event[]): number => events.reduce((sum, { size }) => sum + size, 0)
    const own = (): Event[] => this.kept.filter(({ stream }) => stream === event.stream)
    while (own().length > BOUNDS.maxEvents || size(own()) > BOUNDS.maxStreamSize) this.forget(own()[0])
    while (size(this.kept) > BOUNDS.maxSize) this.forget(this.kept[0])
    this.expire()
  }

  expire(): void {
    this.kept = this.kept.filter(({ at }) => at > this.now - BOUNDS.maxAge)
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

test('what it keeps, and gives to whom, is what a list of events gives', async () => {
  await holds(steps, taken => {
    const clock = fakeClock()
    const log = memoryEventLog({ ...BOUNDS, clock })
    const plain = new Plain()
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
        plain.add({ key, stream, id, text, size: Buffer.byteLength(text) + OVERHEAD, at: plain.now })
        given.push({ session, id })
      }
      plain.now = clock.now() - begun
      for (const { session, id } of given) assert.deepEqual(log.after(session, id), plain.after(session, id), id)
    }
    assert.equal(new Set(given.map(({ id }) => id)).size, given.length)
  })
})

test('streams that keep little among those that forget much do not keep the memory of both', () => {
  const log = memoryEventLog({ maxEvents: 10, maxSize: 1_000_000 })
  const text = 'x'.repeat(1_000)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  for (let event = 0; event < 200_000; event += 1) {
    if (event % 60 === 0) log.append({ session: 's', stream: `quiet ${event}`, fresh: true }, 'kept')
    log.append({ session: 's', stream: 'busy' }, text)
    if (event % 1_000 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  assert.ok(most < 3_000_000, `${most} bytes`)
})

test.run()
